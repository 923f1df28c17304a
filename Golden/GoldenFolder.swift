import BuiltInFiles

/// The folder of reference values: the one that is built into the package, or a checkout's own.
package struct GoldenFolder: Sendable {
  /// Its parts that a program has built in; a checkout has the oracles and the help texts besides.
  package static let parts = ["ops", "sign", "traces", "results", "tolerances.json"]

  private let directory: String?

  /// The one built in.
  package static let builtIn = GoldenFolder(directory: nil)

  /// - Parameter directory: a checkout's `Golden`; nil is the one built in.
  package init(directory: String?) { self.directory = directory }

  /// The option that has another process use the same folder.
  package var arguments: [String] { directory.map { ["--golden", $0] } ?? [] }

  /// Where a file is, by its name within the folder (`ops/layers.json`), or should be.
  package func path(of name: String) -> String {
    if let directory { return "\(directory)/\(name)" }
    let files = BuiltInFiles(module: "Golden")
    return files.path(of: name) ?? files.candidates(for: name).first ?? "Golden/\(name)"
  }
}
