import Foundation

/// Finds the files that the build puts next to each program: a folder for every module with resources.
///
/// The accessor that the build generates (`Bundle.module`) is avoided: it ends the program if the folder is missing.
package struct BuiltInFiles: Sendable {
  /// The folder's name, `signet_<Module>.resources`; on Apple's systems `signet_<Module>.bundle`.
  package let bundleName: String
  /// Where the files may be in the folder: Xcode puts them deeper than `swift build` does.
  private let parts: [String]

  package init(module: String, on system: SystemKind = .this) {
    switch system {
    case .apple: (bundleName, parts) = ("signet_\(module).bundle", ["", "Contents/Resources/"])
    case .other: (bundleName, parts) = ("signet_\(module).resources", [""])
    }
  }

  /// Every path at which the file or folder `name` may be, the likeliest first.
  ///
  /// A program finds them in a folder next to its executable, so a build folder may be moved as a whole.
  package func candidates(for name: String) -> [String] {
    var places: [String] = []
    for executable in [programFile, Bundle.main.executableURL] {
      guard let folder = executable?.resolvingSymlinksInPath().deletingLastPathComponent() else { continue }
      for part in parts {
        let place = folder.appendingPathComponent(bundleName).appendingPathComponent(part + name).path
        if !places.contains(place) { places.append(place) }
      }
    }
    return places
  }

  /// The first candidate that exists, or nil.
  package func path(of name: String) -> String? {
    candidates(for: name).first { FileManager.default.fileExists(atPath: $0) }
  }
}
