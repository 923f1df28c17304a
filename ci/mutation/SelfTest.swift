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
        "condition": ["if !(a < 1e-8) { i = 0.5 }"], "body": ["if a < 1e-8 {  }"],
      ]),
    Sample(
      swift: "for i in 0..<n { f(a, b) }",
      [
        "constant": ["for i in 1..<n { f(a, b) }"], "bound": ["for i in 0..<(n - 1) { f(a, b) }"],
        "order": ["for i in 0..<n { f(b, a) }"],
      ]),
    Sample(
      c: "sum += x ? high : low;",
      [
        "sign": ["sum -= x ? high : low;"], "order": ["sum += x ? low : high;"], "statement": [""],
        "name": ["sum += x ? low : low;", "sum += x ? high : high;"],
      ]),
    Sample(
      c: "if (a >= b) y = MULTIPLY_ADD(u, v, w);",
      [
        "comparison": ["if (a > b) y = MULTIPLY_ADD(u, v, w);"],
        "condition": ["if (!(a >= b)) y = MULTIPLY_ADD(u, v, w);"],
        "term": ["if (a >= b) y = ((u) * (v));"],
      ]),
    Sample(swift: "// a + b", [:]),
    Sample(swift: "/// `y = a * b` /* 1 + 2", [:]),
    Sample(swift: #"let s = "a + b \(c + "d * e") - 1""#, [:]),
    Sample(swift: "@specialized(where Scalar == Float)", [:]),
    Sample(swift: "import Tensors", [:]),
    Sample(swift: #"precondition(n > 1, "n - 1")"#, [:]),
    Sample(swift: "guard a else { throw fail(x + 1) }", ["condition": ["guard !(a) else { throw fail(x + 1) }"]]),
    Sample(swift: "enum Wrong: Error { case a; var n: Int { 1 + 2 } }", [:]),
    Sample(swift: "var description: String { a + b }", [:]),
    Sample(swift: "f(grain: 4 * n)", [:]),
    Sample(swift: "func f<T: TensorScalar>(_ x: T) -> [T] where T: Sendable", [:]),
    Sample(c: "#define STRIP 128 + 1", [:]),
    Sample(c: "REAL rest[LANES + 1];", [:]),
    Sample(c: "/* a + b", [:]),
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
    let mutants = try readSources(of: modules).flatMap { $0.mutants() }
    if Set(mutants.map(\.id)).count != mutants.count {
      wrong += 1
      print("two mutants have the same id")
    }
    if drawn(mutants, seed: 1).prefix(50).map(\.id) != drawn(mutants.reversed(), seed: 1).prefix(50).map(\.id) {
      wrong += 1
      print("the choice depends on more than the seed")
    }
    if extent == .full { wrong += try plant() }
    print(wrong == 0 ? "\(Self.samples.count) samples, \(mutants.count) mutants: as expected" : "\(wrong) wrong")
    return wrong == 0 ? 0 : 1
  }

  /// Plants a mutant that tests must kill, one that no test can kill, and one that does not compile.
  private func plant() throws -> Int {
    let plants: [(after: String, verdict: Verdict)] = [
      ("    for i in range { dx[i] = dy[i] * (1 + y[i] * y[i]) }", .killedByTest),
      ("    for i in range { dx[i] = (1 - y[i] * y[i]) * dy[i] }", .survived),
      ("    for i in range { dx[i] = dy[i] * (1 - y[i] * nothing) }", .invalid),
    ]
    let sources = try readSources(of: ["Layers"])
    let file = "Sources/Layers/Tanh.swift"
    guard let source = sources.first(where: { $0.path == file }),
      let line = source.lines.firstIndex(where: { $0.contains("dy[i] * (1 - y[i] * y[i])") })
    else { throw Failure("\(file) has no line for the planted mutants") }
    endChildrenWhenInterrupted()
    let results = Results(path: ".build/mutants/self-test.jsonl")
    let tree = Tree(root: FileManager.default.currentDirectoryPath + "/.build/mutants/tree")
    var runner = try Runner(tree: tree, sources: sources, modules: ["Layers"], log: results)
    var wrong = 0
    for (i, plant) in plants.enumerated() {
      let mutant = Mutant(
        id: "planted\(i)", file: file, module: "Layers", line: line + 1, rule: "planted", before: source.lines[line],
        after: plant.after)
      let found = try runner.run(mutant).verdict
      if found != plant.verdict {
        wrong += 1
        print("\(mutant.difference)\n  expected \(plant.verdict.rawValue), found \(found.rawValue)")
      }
    }
    try tree.synchronize()
    return wrong
  }
}
