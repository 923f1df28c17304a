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

    /// A line of C, in a function's body or not.
    init(c text: String, _ expected: [String: [String]]) {
      (path, self.text, self.expected) = ("Sources/Kernels/Sample.inc", text, expected)
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
    Sample(
      c: "if (a < b && c) x->y[i] = d;",
      [
        "comparison": ["if (a <= b && c) x->y[i] = d;"],
        "condition": ["if (a < b || c) x->y[i] = d;", "if (!(a < b && c)) x->y[i] = d;"],
        "skipped": ["if (a < b) x->y[i] = d;", "if (c) x->y[i] = d;", "if (0) x->y[i] = d;"],
        "bound": ["if (a < b && c) x->y[i + 1] = d;"], "statement": ["if (a < b && c) ;"],
      ]),
    Sample(
      c: "f(REAL a, REAL b) { EACH y[i] = a ^ 7; }",
      [
        "constant": ["f(REAL a, REAL b) { EACH y[i] = a ^ (7 + 1); }"],
        "bits": ["f(REAL a, REAL b) { EACH y[i] = a | 7; }"],
        "bound": ["f(REAL a, REAL b) { EACH y[i + 1] = a ^ 7; }"], "body": ["f(REAL a, REAL b) {  }"],
        "other": ["f(REAL a, REAL b) { EACH y[i] = b ^ 7; }"],
      ]),
    Sample(
      c: "  NAME(softmax)(n, p, s);",
      ["state": ["  ;"], "order": ["  NAME(softmax)(p, n, s);", "  NAME(softmax)(n, s, p);"]]),
    Sample(c: "  const REAL r = ABS(x);", ["function": ["  const REAL r = (x);"]]),
    Sample(c: "  REAL p[KINDS][RUN], r[RUN + 1];", [:]),
    Sample(c: "  enum { WORDS = CHUNK / 64 };", [:]),
    Sample(
      c: "  for (size_t i = 0; i < n; i += 64) PREFETCH(next + i);",
      [
        "constant": [
          "  for (size_t i = 1; i < n; i += 64) PREFETCH(next + i);",
          "  for (size_t i = 0; i < n; i += (64 + 1)) PREFETCH(next + i);",
        ],
        "comparison": [
          "  for (size_t i = 0; i <= n; i += 64) PREFETCH(next + i);"
        ],
        "sign": ["  for (size_t i = 0; i < n; i -= 64) PREFETCH(next + i);"],
      ]),
    Sample(c: "#define DOUBLE(x) (2 * (x))", [:]),
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
    wrong += Self.schemata() + Self.schemataInC()
    if extent == .full {
      endChildrenWhenInterrupted()
      try Session(options: try Options([]), sources: try readSources(of: try allModules())).provePlants()
    }
    print(wrong == 0 ? "\(Self.samples.count) samples, \(mutants.count) mutants: as expected" : "\(wrong) wrong")
    return wrong == 0 ? 0 : 1
  }
}
