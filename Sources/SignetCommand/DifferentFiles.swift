import ArgumentParser
import Experiments
import Files
import Foundation
import Networks

/// A file that a command reads or writes, and the option or argument that names it; no file if the option is not given.
typealias NamedFile = (name: String, path: String?)

/// Refuses an output that would replace an input, another output, or one of a run's own files.
///
/// - Throws: `ValidationError`
func requireDifferentFiles(outputs: [NamedFile], inputs: [NamedFile]) throws {
  var names: [String: String] = [:]
  for case (let name, let path?) in inputs { names[resolved(path)] = name }
  for case (let name, let path?) in outputs {
    let place = resolved(path)
    if let other = names.updateValue(name, forKey: place) {
      throw ValidationError("\(name): expected another file than that of \(other), found \(path) for both")
    }
    if RunDirectory.isOwn(path) || RunDirectory.isOwn(place) {
      throw ValidationError("\(name): expected another file than a run's own, found \(path)")
    }
  }
}

/// The files that a command may read at the path of a run, of one of its networks, or of a packed file.
func files(ofRun path: String) -> [NamedFile] {
  NetworkKind.allCases.map { ("the run", RunDirectory.networkFile($0, in: path)) as NamedFile }
    + [("the argument", path)]
}

/// The place that a path leads to, whether there are a file and its folders or not.
private func resolved(_ path: String) -> String {
  if let real = realpath(path, nil) {
    defer { free(real) }
    return String(cString: real)
  }
  if let target = try? AtomicFile.target(of: path), target != path { return resolved(target) }
  guard let end = path.lastIndex(where: { $0 != "/" }), path != "." else { return path }
  let slash = path[...end].lastIndex(of: "/")
  let folder = resolved(slash.map { String(path[...$0]) } ?? ".")
  switch path[(slash.map { path.index(after: $0) } ?? path.startIndex)...end] {
  case ".": return folder
  case "..": return URL(plainPath: folder).deletingLastPathComponent().path
  case let name: return "\(folder == "/" ? "" : folder)/\(name)"
  }
}
