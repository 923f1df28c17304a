import Foundation

/// Finds the files that the build puts beside each program: a folder for every module with resources.
///
/// The accessor that the build generates (`Bundle.module`) is avoided: it ends the program if the folder is missing.
package struct BuiltInFiles: Sendable {
  /// The folder's name, `signet_<Module>.resources`.
  package let bundleName: String

  package init(module: String) { bundleName = "signet_\(module).resources" }

  /// Every place where the file or folder `name` may lie, the likeliest first.
  ///
  /// A program finds them in a folder next to its executable, so a build folder may be moved as a whole.
  package func candidates(for name: String) -> [String] {
    var places: [String] = []
    for executable in [URL(fileURLWithPath: "/proc/self/exe"), Bundle.main.executableURL] {
      guard let folder = executable?.resolvingSymlinksInPath().deletingLastPathComponent() else { continue }
      let place = folder.appendingPathComponent(bundleName).appendingPathComponent(name).path
      if !places.contains(place) { places.append(place) }
    }
    return places
  }

  /// The first candidate that is there, or nil.
  package func path(of name: String) -> String? {
    candidates(for: name).first { FileManager.default.fileExists(atPath: $0) }
  }
}
