import Testing

/// A fault planted in a subject, which a check must find and name.
package struct Planted<Place: Sendable, Subject, Finding: Sendable>: Sendable, CustomTestStringConvertible {
  /// What is wrong, in a few words.
  package let what: String
  /// Where the fault is planted, such as in a golden case or a probe.
  package let place: Place
  /// The finding that the check must report.
  package let finding: Finding
  /// Plants the fault in a subject.
  package let plant: @Sendable (inout Subject) -> Void

  package init(
    _ what: String, in place: Place, finding: Finding, _ plant: @escaping @Sendable (inout Subject) -> Void
  ) {
    (self.what, self.place, self.finding, self.plant) = (what, place, finding, plant)
  }

  package var testDescription: String { what }
}
