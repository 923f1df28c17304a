import BuildInformation
import Files
import Foundation
import Networks
import PackedInference
import Tensors
import Training

extension CSource {
  /// A line that the head of every written file has.
  private static let mark = "Written by signet export"
  private static let kind = FileKind("a file that signet export has written", mark: mark)

  /// What the head of the files says of a trained network.
  package static func comment(of model: TrainedModel) -> [String] {
    let about =
      switch model {
      case .saved(let saved):
        comment(
          saved.result.network, saved.network.specification.architecture, saved.experiment.name, saved.result.weights,
          testError: saved.result.testError, saved.result.parametersSHA256)
      case .packed(let packed):
        comment(
          packed.record.network, packed.file.networks[0].architecture, packed.record.experiment,
          packed.record.weights, testError: packed.record.testError, packed.record.parametersSHA256)
      }
    return about + (model.dataNote?.split(separator: "\n").map { "Data:        \($0)" } ?? [])
  }

  private static func comment(
    _ network: NetworkKind, _ architecture: Architecture, _ experiment: String, _ weights: String, testError: Double?,
    _ parametersSHA256: String
  ) -> [String] {
    [
      "\(mark), version \(BuildInformation.description).", "",
      "Network:     \(network.rawValue) \(architecture) of the experiment \(experiment)",
      "Weights:     \(weights)\(testError == nil ? ", sampled from their distributions" : "")",
      "Test error:  \(testError.map(percent) ?? "not known")",
      "Model:       SHA-256 \(parametersSHA256) of its parameters",
    ]
  }

  /// The paths of `NAME.h` and `NAME.c` in a directory.
  package static func paths(_ name: String, in directory: String) -> [String] {
    ["h", "c"].map { URL(plainPath: directory).appending(path: "\(name).\($0)").path }
  }

  /// Writes `NAME.h` and `NAME.c` into a directory, which is made if there is none. Neither is replaced before both are written.
  ///
  /// - Throws: `FileWriteError`, `FileReadError` for a file that is there and cannot be read, or `CSourceError` if one would replace a
  ///   file that this has not written.
  package func write(to directory: String) throws {
    try AtomicFile.makeDirectory(directory)
    let paths = Self.paths(name, in: directory)
    for path in paths {
      do {
        guard try Self.kind.includes(path) else { throw CSourceError(path: path) }
      } catch FileReadError.missing {
        continue
      }
    }
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
