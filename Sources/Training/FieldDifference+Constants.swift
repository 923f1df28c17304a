import Files
import Layers
import Networks

extension FieldDifference {
  /// What it means that the constants of a training leave a field out.
  private static let omitted = [
    "activation": RealActivation.tanh.rawValue, "learningRateSteps": "plateau",
    "runningFactor": "\(BatchStatistics<Float>.runningFactor)", "statisticsBatches": "all",
  ]

  /// The same as `all(between:and:)` of values with constants of trainings; those that one of them leaves out have the values that this
  /// means.
  package static func ofConstants(
    between first: some Encodable, and second: some Encodable
  ) throws -> [FieldDifference] {
    try all(between: first, and: second).map { difference in
      guard let value = difference.field.split(separator: ".").last.flatMap({ omitted[String($0)] }) else {
        return difference
      }
      func told(_ text: String) -> String { text == "none" ? value : text }
      return FieldDifference(
        field: difference.field, first: told(difference.first), second: told(difference.second))
    }
  }
}
