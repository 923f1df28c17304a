import Testing

/// Something wrong in a subject, which a check must find and name.
package struct Planted<Place: Sendable, Subject, Finding: Sendable>: Sendable, CustomTestStringConvertible {
  /// What is wrong, in a few words.
  package let what: String
  /// What it is planted in, such as a golden case or a probe.
  package let place: Place
  /// What the check must say.
  package let finding: Finding
  /// Makes a subject wrong.
  package let plant: @Sendable (inout Subject) -> Void

  package init(
    _ what: String, in place: Place, finding: Finding, _ plant: @escaping @Sendable (inout Subject) -> Void
  ) {
    (self.what, self.place, self.finding, self.plant) = (what, place, finding, plant)
  }

  package var testDescription: String { what }
}
