import BuiltInFiles

/// Finds the data sets that are built into the package.
package enum Fixtures {
  private static let files = BuiltInFiles(module: "Fixtures")

  /// The folder that the build puts next to each program that links this module.
  package static var bundleName: String { files.bundleName }

  /// The names of the data sets.
  package static let names = ["digits", "glyphs", "shapes", "numbers"]

  /// Every path at which the fixture `name` may be, the likeliest first.
  package static func candidates(for name: String) -> [String] { files.candidates(for: name) }

  /// The first candidate that exists, or nil.
  package static func directory(of name: String) -> String? { files.path(of: name) }
}
