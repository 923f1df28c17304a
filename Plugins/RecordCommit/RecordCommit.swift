import Foundation
import PackagePlugin

/// Writes the commit of the checkout into a source file before every build, so that no cache makes it stale.
///
/// A checkout counts only if its root is this package's own folder: a copy inside another repository has no commit.
/// Modified means that something that the program is built from differs from the commit.
@main
struct RecordCommit: BuildToolPlugin {
  private static let script = """
    mkdir -p "$2" || exit
    cd "$1" || exit
    commit=nil modified=false
    if top=$(git rev-parse --show-toplevel 2>/dev/null) && [ "$top" -ef . ] && head=$(git rev-parse --verify HEAD 2>/dev/null); then
      commit="\\"$head\\""
      changes=$(git --no-optional-locks status --porcelain -- Package.swift Plugins Sources Fixtures Golden 2>/dev/null) || changes=unknown
      [ -z "$changes" ] || modified=true
    fi
    text="extension BuildInformation {
      /// The commit of the checkout that the program was built in; nil if it was built from a copy without git.
      package static let commit: String? = $commit

      /// True if the sources that the program was built from differed from the commit.
      package static let isModified = $modified
    }"
    file="$2/Commit.swift"
    [ "$(cat "$file" 2>/dev/null)" = "$text" ] || printf '%s\\n' "$text" >"$file"
    """

  func createBuildCommands(context: PluginContext, target: any Target) -> [Command] {
    let folder = context.pluginWorkDirectoryURL.appending(path: "Commit")
    return [
      .prebuildCommand(
        displayName: "Recording the commit", executable: URL(filePath: "/bin/sh"),
        arguments: ["-c", Self.script, "sh", context.package.directoryURL.path, folder.path],
        outputFilesDirectory: folder)
    ]
  }
}
