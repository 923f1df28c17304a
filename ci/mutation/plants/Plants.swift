// What ci/mutants adds to its copy to check itself. A comment names the rule of a mutant of its line, and the expected verdict.

import Foundation

package enum Plants {
  package static func sum(_ a: Int, _ b: Int) -> Int {
    a + b  // sign: killed-by-test
  }

  package static func product(_ a: Int, _ b: Int) -> Int {
    if a == 0 { return 0 }  // skipped: survived
    return a * b
  }

  package static func steps(to n: Int) -> Int {
    var i = 0
    while i < n {
      // The compiler takes out a loop without end that does nothing.
      usleep(1)
      i += 1  // statement: killed-by-timeout
    }
    return i
  }

  package static func element(_ i: Int, of list: [Int]) -> Int {
    var i = i
    if i > 0 {
      i -= 1  // statement: killed-by-test
    }
    return list[i]
  }

  package static func branch(_ a: Int) -> Int {
    var a = a
    if a > 1_000_000 {
      a -= 1  // statement: not-reached
    }
    return a
  }

  package static func text(_ a: Int) -> String {
    let n: Int = a - 1  // term: killed-by-test
    return String(n)
  }

  package static let table: [Int] = [
    1, 2,
    3, 5,
    7, 11,  // constant: killed-by-test
    13,
  ]

  package static func typed(_ a: Int, _ b: Double) -> Double {
    shifted(a, b)  // order: invalid
  }

  private static func shifted(_ a: Int, _ b: Double) -> Double { Double(a) * b }
}
