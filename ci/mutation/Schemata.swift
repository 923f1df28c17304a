import Foundation

/// A mutant in the tree, with the number by which it is switched on there.
struct Placed: Codable {
  let number: Int
  let mutant: Mutant
}

/// A file in which many mutants stand side by side, each behind its number:
///
///     { if (mutantIs(5)) {
///       a mutant's body
///     } else if (mutantReached(2)) {
///       the body, in which more places say that they are reached
///     } else {
///       the body
///     } }
///
/// so that what runs without a mutant is the original's text.
struct Schemata {
  private(set) var text = ""
  /// The mutants of whose copies each line, from 1, is a part; a line of what surrounds them has all of its unit's.
  private(set) var mutants: [Int: [Int]] = [:]
  private var copies: Set<Int> = []
  /// The mutants that are reached where a place is reached.
  private(set) var places: [Int: [Int]] = [:]
  /// Mutants outside of everything that can stand twice.
  private(set) var homeless: [Int] = []

  private let source: Source
  private let letters: Letters
  private let original: [UInt16]
  private var line = 1
  private var nextPlace: Int

  /// Writes a file. `coarse` are the units (by where they begin) in which no place but the first is marked.
  init(source: Source, mutants: [Placed], firstPlace: Int, coarse: Set<Int> = []) {
    self.source = source
    letters = Letters(source.code)
    original = Array(source.text.utf16)
    nextPlace = firstPlace
    var units: [(range: Range<Int>, kind: Unit.Kind, mutants: [Placed])] = []
    let found = source.units()
    for placed in mutants.sorted(by: { $0.mutant.range.lowerBound < $1.mutant.range.lowerBound }) {
      guard let unit = found.first(where: { $0.range.encloses(placed.mutant.range) }) else {
        homeless.append(placed.number)
        continue
      }
      let range = unit.kind == .body ? unit.range : narrowed(unit.range, to: placed.mutant.range)
      units.append((range, unit.kind, [placed]))
    }
    if source.language == .c, !units.isEmpty { write("#include \"MutantSwitch.h\"\n") }
    var i = 0
    for unit in Self.merged(units) {
      write(i..<unit.range.lowerBound)
      switch unit.kind {
      case .body: writeBody(unit.range, unit.mutants, isCoarse: coarse.contains(unit.range.lowerBound))
      case .expression: writeExpression(unit.range, unit.mutants)
      }
      i = unit.range.upperBound
    }
    write(i..<original.count)
  }

  /// True if a line belongs to a copy that has a mutant in it.
  func isCopy(_ line: Int) -> Bool { copies.contains(line) }

  /// The place after the last one used.
  var endOfPlaces: Int { nextPlace }

  private static func merged(_ units: [(range: Range<Int>, kind: Unit.Kind, mutants: [Placed])])
    -> [(range: Range<Int>, kind: Unit.Kind, mutants: [Placed])]
  {
    var result: [(range: Range<Int>, kind: Unit.Kind, mutants: [Placed])] = []
    for unit in units.sorted(by: {
      ($0.range.lowerBound, -$0.range.upperBound) < ($1.range.lowerBound, -$1.range.upperBound)
    }) {
      if let last = result.last, last.range.encloses(unit.range) {
        result[result.count - 1].mutants += unit.mutants
      } else {
        result.append(unit)
      }
    }
    return result
  }

  /// The smallest element of a list or a call, in a long expression, that encloses a mutant.
  private func narrowed(_ range: Range<Int>, to mutant: Range<Int>) -> Range<Int> {
    guard source.line(at: range.upperBound) - source.line(at: range.lowerBound) > 3 else { return range }
    var best = range
    var open: [Int] = []
    for i in range where i < mutant.lowerBound {
      if "([".contains(letters[i]) { open.append(i) }
      if ")]".contains(letters[i]) { _ = open.popLast() }
      if letters[i] == "{" { open.append(-1) }
      if letters[i] == "}" { _ = open.popLast() }
    }
    for bracket in open {
      // What stands in a closure is no element of what surrounds it.
      if bracket < 0 { return best }
      let end = letters.afterBracket(at: bracket) - 1
      var start = bracket + 1, k = start
      while k < end {
        if "([{".contains(letters[k]) {
          k = letters.afterBracket(at: k)
          continue
        }
        if letters[k] == "," {
          if k >= mutant.upperBound { break }
          start = k + 1
        }
        k += 1
      }
      guard start <= mutant.lowerBound, k >= mutant.upperBound else { return best }
      start = letters.skipSpace(from: start)
      let label = letters.word(at: start)
      if !label.isEmpty, letters[start + label.count] == ":" {
        start = letters.skipSpace(from: start + label.count + 1)
      }
      while k > start, letters[k - 1].isWhitespace { k -= 1 }
      guard start <= mutant.lowerBound, k >= mutant.upperBound, start < k else { return best }
      best = start..<k
    }
    return best
  }

  // MARK: Writing

  private mutating func write(_ text: String, of numbers: [Int] = [], isCopy: Bool = false) {
    if !numbers.isEmpty {
      for k in line...line + text.count(where: { $0 == "\n" }) {
        mutants[k, default: []] += numbers
        if isCopy { copies.insert(k) }
      }
    }
    line += text.count { $0 == "\n" }
    self.text += text
  }

  private mutating func write(_ range: Range<Int>, of numbers: [Int] = []) {
    write(String(decoding: original[range], as: UTF16.self), of: numbers)
  }

  /// The original's text of a unit with a mutant in it.
  private func mutated(_ range: Range<Int>, by mutant: Mutant) -> String {
    String(decoding: original[range.lowerBound..<mutant.range.lowerBound], as: UTF16.self) + mutant.replacement
      + String(decoding: original[mutant.range.upperBound..<range.upperBound], as: UTF16.self)
  }

  private mutating func writeExpression(_ range: Range<Int>, _ placed: [Placed]) {
    let place = takePlace(placed.map(\.number)), numbers = placed.map(\.number)
    write("(", of: numbers)
    for mutant in placed {
      write("\(source.language.isMutant(mutant.number)) ? (\n")
      write(mutated(range, by: mutant.mutant), of: [mutant.number], isCopy: true)
      write("\n) : ")
    }
    write("\(source.language.isReached(place)) ? (\n")
    write(range, of: numbers)
    write("\n) : (\n")
    write(range, of: numbers)
    write("\n))", of: numbers)
  }

  private mutating func writeBody(_ range: Range<Int>, _ placed: [Placed], isCoarse: Bool) {
    let numbers = placed.map(\.number)
    var first: [Int] = [], inner: [Int: [Int]] = [:]
    for mutant in placed {
      // Marks within a loop in C would be passed for each element.
      if !isCoarse, source.language == .swift,
        let start = statementsStart(around: mutant.mutant.range.lowerBound, in: range)
      {
        inner[start, default: []].append(mutant.number)
      } else {
        first.append(mutant.number)
      }
    }
    write(" ", of: numbers)
    for mutant in placed {
      write("if (\(source.language.isMutant(mutant.number))) \(source.language.copy){\n")
      write(mutated(range, by: mutant.mutant), of: [mutant.number], isCopy: true)
      write("\n} else ")
    }
    write("if (\(source.language.isReached(takePlace(first)))) \(source.language.copy){\n")
    var i = range.lowerBound
    for (start, reached) in inner.sorted(by: { $0.key < $1.key }) {
      write(i..<start, of: numbers)
      write(" \(source.language.isReached(takePlace(reached))); ", of: numbers)
      i = start
    }
    write(i..<range.upperBound, of: numbers)
    write("\n} else {\n")
    write(range, of: numbers)
    write("\n} ", of: numbers)
  }

  private mutating func takePlace(_ numbers: [Int]) -> Int {
    defer { nextPlace += 1 }
    places[nextPlace] = numbers
    return nextPlace
  }

  /// Where the innermost block of statements within a body begins that has `place` in it; nil if it is the body itself.
  private func statementsStart(around place: Int, in body: Range<Int>) -> Int? {
    var open: [Int] = []
    for i in body where i < place {
      if letters[i] == "{" { open.append(i) }
      if letters[i] == "}" { _ = open.popLast() }
    }
    // In a closure that is no block of statements, nothing can be added.
    return open.last { brace in
      let lineStart = source.starts[source.line(at: brace)]
      let line = letters.text(max(lineStart, body.lowerBound)..<brace)
      let head = line.split(omittingEmptySubsequences: false) { "{};".contains($0) }.last ?? ""
      let words = head.split { !$0.isLetter }
      let begins: [Substring] = ["if", "for", "while", "do", "catch", "repeat", "else", "guard", "defer"]
      return head.count(where: { $0 == "(" }) == head.count(where: { $0 == ")" })
        && (words.first.map(begins.contains) ?? false || words.last == "else")
    }.map { $0 + 1 }
  }
}
