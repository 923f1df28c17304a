import BuiltInFiles

/// Finds the data sets that are built into the package.
package enum Fixtures {
  private static let files = BuiltInFiles(module: "Fixtures")

  /// The folder that the build puts beside each program which links this module.
  package static var bundleName: String { files.bundleName }

  /// The data sets.
  package static let names = ["digits", "glyphs", "shapes", "numbers"]

  /// Every place where the fixture `name` may lie, the likeliest first.
  package static func candidates(for name: String) -> [String] { files.candidates(for: name) }

  /// The first candidate that is there, or nil.
  package static func directory(of name: String) -> String? { files.path(of: name) }
}
