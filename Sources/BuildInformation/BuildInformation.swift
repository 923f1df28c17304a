/// The version and the commit that this program was built from, fixed at build time.
package enum BuildInformation {
  /// The version of the program.
  package static let version = "0.2.0"

  /// The commit of the checkout that the program was built in; nil if it was built from a copy without git.
  package static var commit: String? { builtCommit }

  /// True if the sources that the program was built from differed from the commit.
  package static var isModified: Bool { builtModified }

  /// The version in words, such as `0.2.0 (commit 1234567890ab, modified)`.
  package static var description: String {
    let origin = commit.map { "commit \($0.prefix(12))" + (isModified ? ", modified" : "") }
    return "\(version) (\(origin ?? "built outside a git checkout"))"
  }
}
