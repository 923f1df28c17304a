/// One case to verify: a name, and a check of one or more fields.
package struct VerificationCase: Sendable, CustomStringConvertible {
  package let name: String
  private let check: @Sendable () throws -> [FieldResult]

  /// - Parameter check: returns the fields' results, or throws what stopped it; a check of no fields is a failure.
  package init(_ name: String, check: @escaping @Sendable () throws -> [FieldResult]) {
    self.name = name
    self.check = check
  }

  package var description: String { name }

  /// Runs the check.
  package func run() -> CaseResult {
    do {
      let fields = try check()
      return CaseResult(name: name, fields: fields, failure: fields.isEmpty ? "\(name): nothing was checked" : nil)
    } catch {
      return CaseResult(name: name, fields: [], failure: "\(name): \(error)")
    }
  }
}

/// The result of a case.
package struct CaseResult: Sendable {
  package let name: String
  package let fields: [FieldResult]
  /// What stopped the check, if anything did.
  package let failure: String?

  package init(name: String, fields: [FieldResult], failure: String?) {
    (self.name, self.fields, self.failure) = (name, fields, failure)
  }

  /// One line for each thing that is wrong; empty if the case passes.
  package var failures: [String] {
    [failure].compactMap { $0 }
      + fields.compactMap { if case .outside(let deviation) = $0.verdict { deviation.description } else { nil } }
  }
}

/// The counts of results in a suite, or of one operation's fields in it.
package struct FieldCounts: Sendable, Encodable {
  package var fields = 0
  /// Fields that agree to the bit.
  package var bitExact = 0
  /// Fields that agree within their tolerance.
  package var withinTolerance = 0
  /// Of the field within its tolerance that came closest to it, the error, the allowed error, and their unit; nil if there
  /// is none.
  package var largestError = 0.0
  package var allowedError = 0.0
  package var unit: ErrorUnit?

  mutating func add(_ field: FieldResult) {
    fields += 1
    switch field.verdict {
    case .bitExact: bitExact += 1
    case .within(let error, let allowed, let unit):
      withinTolerance += 1
      if error * allowedError >= largestError * allowed {
        (largestError, allowedError, self.unit) = (error, allowed, unit)
      }
    case .outside: break
    }
  }
}

/// A suite's results, with every failure.
package struct SuiteResult: Sendable, Encodable {
  package let suite: String
  package let cases: Int
  package let counts: FieldCounts
  /// The counts by operation and precision.
  package let operations: [String: FieldCounts]
  package let failures: [String]
  package let seconds: Double

  package var passed: Bool { failures.isEmpty }

  package init(suite: String, _ results: [CaseResult], seconds: Double) {
    self.suite = suite
    cases = results.count
    var (counts, operations) = (FieldCounts(), [String: FieldCounts]())
    for field in results.flatMap(\.fields) {
      counts.add(field)
      operations[field.operation, default: FieldCounts()].add(field)
    }
    (self.counts, self.operations) = (counts, operations)
    failures = results.flatMap(\.failures) + (results.isEmpty ? ["\(suite): no cases"] : [])
    self.seconds = seconds
  }
}
