import Foundation

/// Finds the data sets that are built into the package.
package enum Fixtures {
  /// The folder that the build puts beside each program which links this module.
  package static let bundleName = "signet_Fixtures.resources"

  /// The data sets.
  package static let names = ["digits", "glyphs", "shapes", "numbers"]

  /// Every place where the fixture `name` may lie, the likeliest first.
  ///
  /// A program finds its fixtures in a folder next to its executable, so a build folder may be moved as a whole.
  /// The accessor that the build generates (`Bundle.module`) is avoided: it ends the program if the folder is missing.
  package static func candidates(for name: String) -> [String] {
    var places: [String] = []
    for executable in [URL(fileURLWithPath: "/proc/self/exe"), Bundle.main.executableURL] {
      guard let folder = executable?.resolvingSymlinksInPath().deletingLastPathComponent() else { continue }
      let place = folder.appendingPathComponent(bundleName).appendingPathComponent(name).path
      if !places.contains(place) { places.append(place) }
    }
    return places
  }

  /// The first candidate that is there, or nil.
  package static func directory(of name: String) -> String? {
    candidates(for: name).first { FileManager.default.fileExists(atPath: $0) }
  }
}
