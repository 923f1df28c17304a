import Foundation
import Tensors
import TestSupport
import Testing
import Training

@Suite("The document of the bit contract: its numbers are those of the library")
struct ContractDocumentTests {
  let document: ContractDocument

  init() throws { document = try ContractDocument() }

  @Test("the worked example has every tensor of the training, with its digest and elements, and the network's digest")
  func table() throws {
    let example = try WorkedExample()
    let found = document.rows(ofSection: 9)
    for (index, cells) in example.rows.enumerated() where !found.indices.contains(index) || found[index] != cells {
      Issue.record("row \(index + 1): expected | \(cells.joined(separator: " | ")) |")
    }
    #expect(found.count == example.rows.count && found.count > 90)
    let digests = document.section(9).flatMap { $0.split(separator: "`") }.filter {
      $0.count == 64 && $0.allSatisfy(\.isHexDigit)
    }
    #expect(digests.map { String($0) } == [example.digest])
  }

  @Test("the worked example's constants are those of the experiment that its command trains")
  func constants() {
    let phase = WorkedExample.experiment.discrete
    let method = WorkedExample.experiment.method
    let rows = document.section(9).filter { $0.hasPrefix("| ") }.map { ContractDocument.cells(of: $0) }
    let expected = [
      ["seed", "\(WorkedExample.seed)"],
      ["weights", "\(method.weights) in every block"],
      ["dropout rates", phase.dropout.map { "\($0)" }.joined(separator: ", ")],
      ["learning rate of logits; of bias, scale and shift", "\(phase.learningRate); \(phase.biasLearningRate)"],
      ["λ of the logits", "\(phase.regularization)"],
      ["τ", "\(method.temperature)"],
      ["F of the running averages (§8)", "\(phase.runningFactor ?? 0.1)"],
      ["cooldown, patience (without effect in one epoch)", "\(phase.cooldown), \(phase.patience)"],
    ]
    for row in expected { #expect(rows.contains(row), "expected | \(row[0]) | \(row[1]) |") }
    #expect(method.initialization == .random && method.sampling == .everyLayer && method.regularizer == .squares)
  }

  @Test("the constants' bits are those of the nearest floats")
  func constantBits() throws {
    let rows = document.section(1).filter { $0.contains(" | `") && !$0.hasPrefix("| `") }.map {
      ContractDocument.cells(of: $0)
    }
    var count = 0
    for cells in rows {
      for (text, bits) in zip(cells, cells.dropFirst()) where bits.hasPrefix("`") {
        let value = try #require(Float(text.split(separator: " ").last ?? ""), "\(text)")
        let word = try #require(UInt32(bits.dropFirst().dropLast(), radix: 16), "\(bits)")
        #expect(value.bitPattern == word, "\(text)")
        count += 1
      }
    }
    #expect(count == 11)
  }
  @Test("the functions' results are the library's")
  func functionBits() throws {
    let functions: [String: ElementaryFunction] = [
      "exp": .exp, "log": .log, "erf": .erf, "erfc": .erfc, "tanh": .tanh, "sinpi": .sinpi, "cospi": .cospi,
    ]
    let rows = document.rows(ofSection: 1)
    #expect(rows.compactMap { functions[$0[0].trimmingCharacters(in: ["`"])] }.count == functions.count)
    for cells in rows {
      let function = try #require(functions[cells[0].trimmingCharacters(in: ["`"])], "\(cells[0])")
      let words = try ContractDocument.codes(in: cells[1]).map { try #require(UInt32($0, radix: 16), "\($0)") }
      let numbers = stride(from: 0, to: words.count, by: 2).map { (argument: words[$0], result: words[$0 + 1]) }
      #expect(numbers.count >= 5)
      let arguments = Tensor([numbers.count], numbers.map { Float(bitPattern: $0.argument) })
      let results = arguments.applying(function, on: .single).scalars.map(\.bitPattern)
      for (number, result) in zip(numbers, results) {
        #expect(number.result == result, "\(cells[0]) of \(String(number.argument, radix: 16))")
      }
    }
  }

  @Test("the options' defaults are those of the program")
  func defaults() throws {
    let rows = document.rows(ofSection: 16).filter { $0.count == 4 && !$0[1].isEmpty }
    #expect(rows.count == 14)
    for cells in rows where !["`--seed`", "`--prior`"].contains(cells[0]) {
      let option = cells[0].trimmingCharacters(in: ["`"])
      let key = try #require(
        RecipeKey.all.first { $0.option?.option == option || "--set \($0.name)" == option }, "\(option)")
      #expect(cells[1] == key.value(in: .custom("12-8-10", on: .digits)), "\(option)")
    }
  }

  @Test("the networks' constants are those of the program")
  func networkConstants() throws {
    let rows = document.rows(ofSection: 16).filter { $0.count == 5 }
    #expect(rows.count == 10)
    var known = 0
    for cells in rows {
      for (index, network) in ["real", "discrete", "straight-through"].enumerated() {
        var name = cells[0].trimmingCharacters(in: ["`"])
        if network == "discrete" && name == "weight-decay" { name = "regularization" }
        let key = RecipeKey.named("\(network).\(name)")
        #expect(cells[index + 1] == key?.value(in: .custom("12-8-10", on: .digits)) ?? "", "\(network).\(name)")
        known += key == nil ? 0 : 1
      }
    }
    #expect(known == RecipeKey.all.count { $0.name.contains(/^(real|discrete|straight-through)\./) } - 1)
  }
}
