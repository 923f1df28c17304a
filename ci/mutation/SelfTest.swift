import Foundation

/// Checks of this tool.
struct SelfTest {
  enum Extent { case rules, full }
  let extent: Extent

  /// A line, and the lines that each rule should turn it into.
  private struct Sample {
    let path: String
    let text: String
    let expected: [String: [String]]

    init(swift text: String, _ expected: [String: [String]]) {
      (path, self.text, self.expected) = ("Sources/Layers/Sample.swift", text, expected)
    }

  }

  private static let samples = [
    Sample(
      swift: "y[j] = (x[j] - mean[j]) * r",
      [
        "sign": ["y[j] = (x[j] + mean[j]) * r"], "factor": ["y[j] = (x[j] - mean[j]) / r"],
        "order": ["y[j] = (mean[j] - x[j]) * r"],
        "term": ["y[j] = (x[j]) * r", "y[j] = (x[j] - mean[j])", "y[j] = r", "y[j] = (-mean[j]) * r"],
        "bound": [
          "y[j + 1] = (x[j] - mean[j]) * r", "y[j] = (x[j + 1] - mean[j]) * r", "y[j] = (x[j] - mean[j + 1]) * r",
        ],
        "name": ["y[j] = (x[j] - variance[j]) * r"], "statement": [""],
      ]),
    Sample(
      swift: "let n = 2 + Scalar(count)",
      [
        "sign": ["let n = 2 - Scalar(count)"], "constant": ["let n = 3 + Scalar(count)"],
        "n-1": ["let n = 2 + Scalar(count - 1)"], "term": ["let n = 2", "let n = Scalar(count)"],
      ]),
    Sample(
      swift: "if a < 1e-8 { i = 0.5 }",
      [
        "comparison": ["if a <= 1e-8 { i = 0.5 }"],
        "constant": ["if a < 1e-8 { i = 0.25 }", "if a < (100 * 1e-8) { i = 0.5 }"],
        "condition": ["if !(a < 1e-8) { i = 0.5 }"], "skipped": ["if false { i = 0.5 }"], "body": ["if a < 1e-8 {  }"],
      ]),
    Sample(
      swift: "for i in 0..<n { f(a, b) }",
      [
        "constant": ["for i in 1..<n { f(a, b) }"], "bound": ["for i in 0..<(n - 1) { f(a, b) }"],
        "order": ["for i in 0..<n { f(b, a) }"],
        "sequence": ["for i in (0..<n).dropFirst() { f(a, b) }", "for i in (0..<n).dropLast() { f(a, b) }"],
      ]),
    Sample(swift: "// a + b", [:]),
    Sample(swift: "/// `y = a * b` /* 1 + 2", [:]),
    Sample(swift: #"let s = "a + b \(c + "d * e") - 1""#, [:]),
    Sample(swift: "@specialized(where Scalar == Float)", [:]),
    Sample(swift: "import Tensors", [:]),
    Sample(swift: #"precondition(n > 1, "n - 1")"#, [:]),
    Sample(
      swift: "guard a else { throw fail(x + 1) }",
      [
        "condition": ["guard !(a) else { throw fail(x + 1) }"], "skipped": ["guard true else { throw fail(x + 1) }"],
      ]),
    Sample(swift: "enum Wrong: Error { case a; var n: Int { 1 + 2 } }", [:]),
    Sample(swift: "var description: String { a + b }", [:]),
    Sample(swift: "f(grain: 4 * n)", ["state": [""]]),
    Sample(
      swift: "let r = f(x: a, y: b) ?? c",
      [
        "argument": ["let r = f(x: b, y: a) ?? c"],
        "ignored": ["let r = c", "let r = f(x: a) ?? c", "let r = f(y: b) ?? c"],
      ]),
    Sample(
      swift: "let r = validationError / trainingLoss",
      [
        "factor": ["let r = validationError * trainingLoss"], "order": ["let r = trainingLoss / validationError"],
        "term": ["let r = validationError"],
        "pair": [
          "let r = testError / trainingLoss", "let r = trainError / trainingLoss",
          "let r = validationError / validationLoss", "let r = validationLoss / trainingLoss",
          "let r = validationError / trainingError", "let r = trainingError / trainingLoss",
        ],
      ]),
    Sample(swift: #"let s = "\(a) ms""#, ["unit": [#"let s = "\(a)""#]]),
    Sample(
      swift: "func f(a: Int, b: Int) -> Int { return a }",
      [
        "other": ["func f(a: Int, b: Int) -> Int { return b }"],
        "default": ["func f(a: Int, b: Int) -> Int { return 0 }"],
        "ignored": ["func f(a: Int) -> Int { return a }", "func f(b: Int) -> Int { return a }"],
      ]),
    Sample(swift: "func f<T: TensorScalar>(_ x: T) -> [T] where T: Sendable", [:]),
  ]

  func run() throws -> Int32 {
    var wrong = 0
    for sample in Self.samples {
      let made = Dictionary(grouping: Source(path: sample.path, text: sample.text).mutants(), by: \.rule)
        .mapValues { Set($0.map(\.after)) }
      for rule in rules.map(\.name) where made[rule, default: []] != Set(sample.expected[rule, default: []]) {
        wrong += 1
        print(
          "\(sample.text)\n  \(rule): expected \(sample.expected[rule, default: []]), found \(made[rule, default: []])")
      }
    }
    let mutants = try readSources(of: try allModules()).flatMap { $0.placedMutants() }
    if Set(mutants.map(\.id)).count != mutants.count {
      wrong += 1
      print("two mutants have the same id")
    }
    if drawn(mutants, seed: 1).prefix(50).map(\.id) != drawn(mutants.reversed(), seed: 1).prefix(50).map(\.id) {
      wrong += 1
      print("the choice depends on more than the seed")
    }
    wrong += schemata(of: mutants)
    if extent == .full {
      endChildrenWhenInterrupted()
      try Session(options: try Options([]), sources: try readSources(of: try allModules())).provePlants()
    }
    print(wrong == 0 ? "\(Self.samples.count) samples, \(mutants.count) mutants: as expected" : "\(wrong) wrong")
    return wrong == 0 ? 0 : 1
  }
}

extension SelfTest {
  /// Checks how mutants are written side by side: without the switches, each file is the original.
  fileprivate func schemata(of mutants: [Mutant]) -> Int {
    let text = """
      struct A {
        static let list: [Int] = [
          f(1),
          f(2),
          f(x: 3, y: 4),
          f(5),
        ]
        let k = 7
        var twice: Int { 2 * k }
        subscript(i: Int) -> Int {
          get { i + 1 }
          set { k = newValue - 1 }
        }
        func g(_ a: Int, by b: Int = 8) -> Int
        where A: B {
          for i in 0..<a {
            if i == 9 { return h { $0 + 1 } }
          }
          return a
        }
        @Flag(help: "x + y") var flag = z + 1 { didSet { u = v + 1 } }
      }

      """
    let source = Source(path: "Sources/Layers/Sample.swift", text: text)
    let expected: [Unit.Kind: [String]] = [
      .body: [" 2 * k ", " i + 1 ", " k = newValue - 1 ", " u = v + 1 "],
      .expression: ["7", "8", "z + 1"],
    ]
    var wrong = 0
    func expect(_ isTrue: Bool, _ what: String) {
      if !isTrue {
        wrong += 1
        print(what)
      }
    }
    let units = source.units()
    for (kind, texts) in expected {
      let found = units.filter { $0.kind == kind }.map { unit in
        String(decoding: Array(text.utf16)[unit.range], as: UTF16.self)
      }
      for text in texts { expect(found.contains(text), "no unit \(text), but \(found)") }
    }
    expect(units.count == 9, "expected 9 units, found \(units.count)")
    let placed = source.mutants().enumerated().map { Placed(number: $0.offset + 1, mutant: $0.element) }
    let schemata = Schemata(source: source, mutants: placed, firstPlace: 0)
    for part in ["    f((mutantIs(", "if mutantIs(", " mutantReached("] {
      expect(schemata.text.contains(part), "no \(part) in\n\(schemata.text)")
    }
    expect(
      placed.allSatisfy { schemata.homeless.contains($0.number) || schemata.text.contains("mutantIs(\($0.number))") },
      "a mutant is missing in\n\(schemata.text)")
    let reached = Set(schemata.places.values.joined()).union(schemata.homeless)
    expect(reached == Set(placed.map(\.number)), "places for \(reached.count) of \(placed.count) mutants")
    return wrong
  }
}
