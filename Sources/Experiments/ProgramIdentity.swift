import BuildInformation
import BuiltInFiles
import Files
import Foundation
import Golden

/// The identity of a program: what it was built from, and its own file.
package struct ProgramIdentity: Codable, Equatable, Sendable, CustomStringConvertible {
  package let signet: String
  /// The commit of the checkout that the program was built in; nil if it was built outside one.
  package let commit: String?
  /// True if something that the program was built from differed from the commit; nil in runs of older versions.
  package let isModified: Bool?
  /// The SHA-256 of the program's own file; nil in runs of older versions, or where the file cannot be read.
  package let sha256: String?
  /// The SHA-256 of the golden traces, which show whether two programs compute the same bits; nil in runs of older
  /// versions, or where the goldens are not beside the program.
  package let traces: String?

  package init(signet: String, commit: String?, isModified: Bool?, sha256: String?, traces: String?) {
    (self.signet, self.commit, self.isModified) = (signet, commit, isModified)
    (self.sha256, self.traces) = (sha256, traces)
  }

  /// The identity of the running program.
  package static let this = ProgramIdentity(
    signet: BuildInformation.version, commit: BuildInformation.commit, isModified: BuildInformation.isModified,
    sha256: digest(of: programFile.map { [$0] } ?? []), traces: digest(of: traceFiles))

  /// The path of the running program.
  package static var path: String { (programFile?.resolvingSymlinksInPath()).map(\.path) ?? CommandLine.arguments[0] }

  /// `0.2.0, commit 1234567890ab, modified, SHA-256 1234567890ab`.
  package var description: String {
    ([signet, commit.map { "commit \($0.prefix(12))" } ?? "no commit"]
      + (isModified == true ? ["modified"] : []) + (sha256.map { ["SHA-256 \($0.prefix(12))"] } ?? []))
      .joined(separator: ", ")
  }

  private static var traceFiles: [URL] {
    let folder = GoldenFolder.builtIn.path(of: "traces")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().map { URL(plainPath: "\(folder)/\($0)") }
  }

  /// The SHA-256 of the concatenated files; nil if there are none or one cannot be read.
  private static func digest(of files: [URL]) -> String? {
    var contents: Data?
    for file in files {
      guard let part = try? Data(contentsOf: file, options: .mappedIfSafe) else { return nil }
      contents = contents.map { $0 + part } ?? part
    }
    return contents.map { hexadecimal(sha256: $0) }
  }
}
