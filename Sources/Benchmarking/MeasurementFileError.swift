/// A file of measurements, a harness's or a night's, is missing or is not what it should be.
package struct MeasurementFileError: Error, Equatable, CustomStringConvertible {
  package let path, expected, found: String
  /// Whether a file is missing or cannot be read, as opposed to having wrong contents.
  package let isInputOutput: Bool

  package init(path: String, expected: String, found: String, isInputOutput: Bool = false) {
    (self.path, self.expected, self.found, self.isInputOutput) = (path, expected, found, isInputOutput)
  }

  package var description: String { "\(path): expected \(expected), found \(found)" }
}
