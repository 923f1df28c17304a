/// The version and the commit that this program was built from, fixed at build time; the plugin RecordCommit writes the commit.
package enum BuildInformation {
  /// The version of the program.
  package static let version = "0.2.0"

  /// The version in words, such as `0.2.0 (commit 1234567890ab, modified)`.
  package static var description: String {
    let origin = commit.map { "commit \($0.prefix(12))" + (isModified ? ", modified" : "") }
    return "\(version) (\(origin ?? "built outside a git checkout"))"
  }
}
