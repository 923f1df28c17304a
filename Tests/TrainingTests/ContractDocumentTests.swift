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
    #expect(found.count == example.rows.count && found.count > 100)
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
    let rows = document.section(1).filter { $0.contains("| `") }.map { ContractDocument.cells(of: $0) }
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
}
