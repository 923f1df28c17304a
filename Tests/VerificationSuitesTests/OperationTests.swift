import Foundation
import Golden
import Tensors
import TestSupport
import Testing
import Verification
import VerificationSuites

@Suite("Operations: values from outside")
struct OperationTests {
  @Test("the operation has the oracle's outputs and gradients", arguments: try OperationSuite.cases(.builtIn))
  func operation(_ golden: VerificationCase) {
    expectPassed(golden.run())
  }

  @Test("everything in Golden/ops is run")
  func coverage() throws {
    let cases = try OperationSuite.cases(.builtIn)
    #expect(Set(cases.map(\.name)).count == cases.count)
  }

  @Test("a golden with another value, a field that is missing or one that Signet lacks is found and named")
  func planted() throws {
    let golden = try #require(try GoldenCase.all(of: "sign").first)
    let computed = try golden.computed(as: Double.self)
    #expect(try OperationSuite.check(golden, computed).count == 3)
    for (index, field) in computed.enumerated() {
      var wrong = computed
      wrong[index].tensor = field.tensor.map(on: .single) { $0 + 1e-14 }
      let results = try OperationSuite.check(golden, wrong)
      let outside = results.filter { if case .outside = $0.verdict { true } else { false } }
      #expect(outside.count == 1 && outside.allSatisfy { $0.name.contains(", \(field.name) (Golden/ops/layers.json") })
      #expect(throws: GoldenError.self) { try OperationSuite.check(golden, computed.filter { $0.name != field.name }) }
    }
  }

  @Test("labels that do not fit the outputs, and parameters that do not fit the grid, are errors of the case")
  func unfit() throws {
    func expect(_ expected: String, _ operation: String, _ shapes: [String: [Int]], labels: [Int] = []) throws {
      let inputs = shapes.map { name, shape in
        let count = shape.reduce(1, *)
        let bits = Array(repeating: "0000000000000000", count: count).joined(separator: " ")
        let scalars = [Int](repeating: 0, count: count)
        return #""\#(name)": {"shape": \#(shape), "scalars": \#(scalars), "bits": "\#(bits)"}"#
      }
      let text = """
        {"name": "small", "layer": "\(operation)", "labels": \(labels), "outputs": {},
        "inputs": {\(inputs.joined(separator: ", "))}}
        """
      let golden = try JSONDecoder().decode(GoldenCase.self, from: Data(text.utf8))
      let error = #expect(throws: GoldenError.self) { _ = try golden.computed(as: Double.self) }
      #expect(error?.description.hasSuffix(", small: expected \(expected)") == true, "\(operation): \(error as Any)")
    }
    try expect("2 labels below 3, found [0, 3]", "crossEntropy", ["outputs": [2, 3]], labels: [0, 3])
    try expect("2 labels below 3, found [0]", "squaredHinge", ["outputs": [2, 3]], labels: [0])
    try expect(
      "2 labels below 3, found [-1, 0]", "secondOrderCrossEntropy", ["mean": [2, 3], "variance": [2, 3]],
      labels: [-1, 0])
    try expect("logits parameters of ternary weights, found the shape [3]", "sample-logits", ["logits": [3]])
    try expect(
      "zero-anchored parameters of ternary weights, found the shape [3, 1, 1]", "zero-anchored", ["logits": [3, 1, 1]])
  }

  @Test("an input of another shape than its gradient, and an output of another than its cotangent, are found and named")
  func shapes() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("ops"), withIntermediateDirectories: true)
    func tensor(_ count: Int) -> String {
      let bits = Array(repeating: "0000000000000000", count: count).joined(separator: " ")
      return #"{"x": {"shape": [\#(count)], "scalars": \#([Int](repeating: 0, count: count)), "bits": "\#(bits)"}}"#
    }
    /// The cases of a golden of one case, whose tensors have so many numbers.
    func load(inputs: Int, gradients: Int, outputs: Int, cotangents: Int) throws -> [GoldenCase] {
      let text = """
        {"what": "", "generator": "", "date": "", "source": "", "inputsSHA256": "", "versions": {}, "count": 1,
        "cases": [{"name": "small", "layer": "tanh", "inputs": \(tensor(inputs)), "gradients": \(tensor(gradients)),
        "outputs": \(tensor(outputs)), "cotangents": \(tensor(cotangents))}]}
        """
      try folder.write(Array(text.utf8), to: "ops/layers.json")
      return try GoldenCase.all(in: "layers", of: GoldenFolder(directory: folder.path))
    }
    #expect(try load(inputs: 2, gradients: 2, outputs: 3, cotangents: 3).count == 1)
    for (inputs, cotangents, words) in [
      (5, 3, "x and its gradient of one shape, found [5] and [2]"),
      (2, 4, "x and its cotangent of one shape, found [3] and [4]"),
    ] {
      let error = #expect(throws: GoldenError.self) {
        try load(inputs: inputs, gradients: 2, outputs: 3, cotangents: cotangents)
      }
      #expect(error?.description == "Golden/ops/layers.json, small: expected \(words)")
    }
  }

  @Test("an empty list among the random streams' goldens is found and named")
  func emptyStreams() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("ops"), withIntermediateDirectories: true)
    let name = "ops/random.json"
    let golden = try String(contentsOfFile: GoldenFolder.builtIn.path(of: name), encoding: .utf8)
    for (key, field) in [
      ("words", "words"), ("permutation", "permutation"), ("longPermutation", "long permutation"),
    ] {
      let list = try #require(golden.range(of: "\"\(key)\": ")).upperBound
      let end = try #require(golden.range(of: "]", range: list..<golden.endIndex)).lowerBound
      try folder.write(Array("\(golden[..<list])[\(golden[end...])".utf8), to: name)
      let failure = try #require(StreamSuite.cases(GoldenFolder(directory: folder.path)).first).run().failure
      #expect(failure?.hasSuffix(": Golden/\(name): expected \(field), found none") == true, "\(failure as Any)")
    }
  }

  @Test("another word, permutation or number among the random streams' goldens is found and named")
  func streams() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("ops"), withIntermediateDirectories: true)
    let name = "ops/random.json"
    let golden = try String(contentsOfFile: GoldenFolder.builtIn.path(of: name), encoding: .utf8)
    /// The fields that are outside once the first case has another first number under this key.
    func outside(_ key: String) throws -> [String] {
      let place = try #require(golden.range(of: "\"\(key)\": "))
      let isList = golden[place.upperBound] == "["
      let rest = golden[place.upperBound...]
      // A tensor has its bits, too.
      let changed =
        isList
        ? rest.replacing(#/\[\d+/#, with: "[7777", maxReplacements: 1)
        : rest.replacing(#/"[0-9a-f]{16}/#, with: "\"4059000000000000", maxReplacements: 1)
          .replacing(#/\[[^,]+/#, with: "[100.0", maxReplacements: 1)
      try folder.write(Array((golden[..<place.upperBound] + changed).utf8), to: name)
      let fields = try #require(StreamSuite.cases(GoldenFolder(directory: folder.path)).first).run().fields
      #expect(fields.count == 9)
      return fields.filter { if case .outside = $0.verdict { true } else { false } }.map(\.name)
    }
    let keys = [
      ("words", "words"), ("permutation", "permutation"), ("longPermutation", "long permutation"),
      ("uniformFloat", "uniform, Float"), ("uniformDouble", "uniform, Double"), ("normalFloat", "normal, Float"),
      ("normalDouble", "normal, Double"), ("logisticFloat", "logistic, Float"),
      ("logisticDouble", "logistic, Double"),
    ]
    for (key, field) in keys { #expect(try outside(key) == ["\(field) (Golden/\(name))"]) }
  }

  @Test("another sign, or another derivative of it by the mean or the variance, in its golden is found and named")
  func signs() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("sign"), withIntermediateDirectories: true)
    for name in SignSuite.goldens {
      try FileManager.default.copyItem(atPath: GoldenFolder.builtIn.path(of: name), toPath: folder.file(name))
    }
    let name = "sign/sign-double.json"
    let golden = try #require(try GoldenFile<GoldenCase>.load(name).cases.first)
    let (means, variances): (Tensor<Double>, Tensor<Double>) = (try golden.input("mean"), try golden.input("variance"))
    // The row of mean 0, where no derivative has a condition, and the column of variance 0.
    let index = try #require(means.scalars.firstIndex(of: 0)) * variances.count
    try #require(variances.scalars[0] == 0)
    let text = try String(contentsOfFile: folder.file(name), encoding: .utf8)
    let outputs = try #require(text.range(of: "\"outputs\": ")).upperBound
    for key in ["byMean", "byVariance", "mean"] {
      var changed = text
      // A tensor has its bits, too.
      for (list, separator, end, number) in [
        ("\"bits\": \"", " ", "\"", "4059000000000000"), ("\"scalars\": [", ",", "]", "100.0"),
      ] {
        let tensor = try #require(changed.range(of: "\"\(key)\": ", range: outputs..<changed.endIndex)).upperBound
        let first = try #require(changed.range(of: list, range: tensor..<changed.endIndex)).upperBound
        let last = try #require(changed.range(of: end, range: first..<changed.endIndex)).lowerBound
        var numbers = changed[first..<last].components(separatedBy: separator)
        try #require(numbers.count == means.count * variances.count)
        numbers[index] = number
        changed.replaceSubrange(first..<last, with: numbers.joined(separator: separator))
      }
      try folder.write(Array(changed.utf8), to: name)
      let first = try #require(try SignSuite.cases(GoldenFolder(directory: folder.path)).first)
      let outside = first.run().fields.filter { if case .outside = $0.verdict { true } else { false } }
      #expect(outside.count == 1 && outside.allSatisfy { $0.name.hasPrefix("sign, \(key) at variance 0.0 (") })
    }
  }

  @Test("each golden is computed in Double and in Float, unless its noise is of one of them")
  func precisions() throws {
    let names = Set(try OperationSuite.cases(.builtIn).map(\.name))
    for golden in try OperationSuite.files.flatMap({ try GoldenCase.all(in: $0) })
    where !OperationSuite.statistical.contains(golden.operation) {
      for scalar in ["Double", "Float"] {
        let name = "\(golden.name), \(scalar)"
        #expect(names.contains(name) == (golden.scalar ?? scalar == scalar), "\(name)")
      }
    }
  }
}
