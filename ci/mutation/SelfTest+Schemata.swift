import Foundation

extension SelfTest {
  /// Checks how mutants are written side by side.
  static func schemata() -> Int {
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
    for part in ["    f((mutantIs(", "if (mutantIs(", " mutantReached("] {
      expect(schemata.text.contains(part), "no \(part) in\n\(schemata.text)")
    }
    expect(
      placed.allSatisfy { schemata.homeless.contains($0.number) || schemata.text.contains("mutantIs(\($0.number))") },
      "a mutant is missing in\n\(schemata.text)")
    let reached = Set(schemata.places.values.joined()).union(schemata.homeless)
    expect(reached == Set(placed.map(\.number)), "places for \(reached.count) of \(placed.count) mutants")
    return wrong
  }
  /// The same of C, in which a unit is a function's body.
  static func schemataInC() -> Int {
    let text = """
      // A comment.
      struct NAME(pair) {
        REAL a, b;
      };
      #define OPEN(x) if (x > 1) {
      FORWARD(float)
      static struct NAME(pair) NAME(f)(size_t n, const REAL *x) {
      #pragma clang loop unroll(full)
        for (size_t i = 0; i < n; i++) g(x + 1);
      }
      static const int table[2] = {3, 4};
      INLINE REAL h(REAL (*p)[RUN]) { return p[0][1] + 2; }

      """
    let source = Source(path: "Sources/Kernels/Sample.inc", text: text)
    let units = source.units()
    var wrong = 0
    func expect(_ isTrue: Bool, _ what: String) {
      if !isTrue {
        wrong += 1
        print(what)
      }
    }
    expect(units.count == 2, "expected 2 units in C, found \(units.count)")
    expect(units.first.map { $0.parameters.map(\.name) == ["n", "x"] } ?? false, "no parameters n and x")
    let placed = source.placedMutants().enumerated().map { Placed(number: $0.offset + 1, mutant: $0.element) }
    let schemata = Schemata(source: source, mutants: placed, firstPlace: 0)
    expect(schemata.homeless.isEmpty && schemata.places.count == 2, "a mutant in C has no place")
    for (number, line) in zip(1..., placed.map(\.mutant.after)) {
      let lines = schemata.text.components(separatedBy: "\n")
      expect(
        schemata.mutants.contains {
          $0.value == [number] && schemata.isCopy($0.key) && line.contains(lines[$0.key - 1])
        },
        "mutant \(number), \(line), is not where it should be in\n\(schemata.text)")
    }
    expect(schemata.text.hasPrefix("#include \"MutantSwitch.h\"\n// A comment."), "no header in\n\(schemata.text)")
    expect(
      schemata.text.contains("if (signet_mutant_is(1)) [[clang::noinline]] {\n")
        && schemata.text.contains("if (signet_mutant_reached(0)) [[clang::noinline]] {\n"),
      "no switch in\n\(schemata.text)")
    return wrong
  }
}
