import BuildInformation
import Files
import Foundation
import PackedInference
import Tensors
import Training

extension CSource {
  /// A line that the head of every written file has: such a file may be replaced.
  private static let mark = "Written by signet export"

  /// What the head of the files says of a trained network.
  package static func comment(of saved: SavedNetwork) -> [String] {
    let result = saved.result
    let architecture = "\(saved.network.specification.architecture)"
    return [
      "\(mark), version \(BuildInformation.description).", "",
      "Network:     \(result.network.rawValue) \(architecture) of the experiment \(saved.experiment.name)",
      "Weights:     \(result.weights)",
      "Test error:  \(percent(result.testError))",
      "Model:       SHA-256 \(result.parametersSHA256) of its parameters",
    ]
  }

  /// Writes `NAME.h` and `NAME.c` into a directory, which is made if there is none. Neither is replaced before both are written.
  ///
  /// - Throws: `FileWriteError`, or `CSourceError` if one would replace a file that this has not written.
  package func write(to directory: String) throws {
    let paths = ["h", "c"].map { URL(filePath: directory).appending(path: "\(name).\($0)").path }
    for path in paths {
      guard let found = FileManager.default.contents(atPath: path) else { continue }
      guard String(decoding: found.prefix(1000), as: UTF8.self).contains(Self.mark) else {
        throw CSourceError(path: path)
      }
    }
    try AtomicFile.makeDirectory(directory)
    let headerFile = try AtomicFile(path: paths[0])
    try headerFile.write(Array(header.utf8))
    let sourceFile = try AtomicFile(path: paths[1])
    try sourceFile.write(Array(source.utf8))
    try headerFile.commit()
    try sourceFile.commit()
  }
}

/// A file is in the way of an export that `signet export` has not written.
package struct CSourceError: Error, Equatable, CustomStringConvertible {
  package let path: String

  package var description: String {
    "\(path): expected no file, or one that signet export has written, found another (--name gives other names)"
  }
}
