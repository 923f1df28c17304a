import Foundation

extension URL {
  /// The file at a path as the system's calls read it: a `~` at its beginning is a name like any other. `URL(filePath:)` puts a home
  /// directory in its place.
  package init(plainPath path: String) { self.init(filePath: path.hasPrefix("~") ? "./\(path)" : path) }
}
