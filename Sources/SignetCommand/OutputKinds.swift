import ArgumentParser
import Exchange
import Files
import Foundation

extension FileKind {
  static let predictionsCSV = FileKind("a csv file of predictions", beginning: "index,", mark: "class,score0")
  static let predictionsJSONL = FileKind(
    "a jsonl file of predictions", beginning: #"{"index":"#, mark: #""scores":["#)
  /// A file of two axes, each of which `NPYWriter` ends with a comma; NumPy writes none after the second.
  static let predictionsNPY = FileKind(
    "an npy file of predictions", beginning: [0x93] + Array("NUMPY".utf8),
    mark: "'descr': '<f4', 'fortran_order': False, 'shape': (", ", ", ",), }")
  static let hiddenSigns = FileKind(
    "an NPZ file of hidden signs", beginning: NPZFile.beginning, mark: "layer1.signs.npy")

  static let exportedONNX = FileKind("an ONNX file that signet export has written", beginning: [8], mark: "signet")
  static let exportedSafetensors = FileKind(
    "a safetensors file that signet export has written", mark: #""signet.architecture":"#)
  static let exportedNPZ = FileKind(
    "an NPZ file that signet export has written", beginning: NPZFile.beginning, mark: "layer1.weight.npy")

  /// The file of one trained network, whose experiment is an object.
  static let network = FileKind("a network's file", mark: #""signet.experiment":"{"#)

  static let page = FileKind("an HTML file", beginning: "<!DOCTYPE html>")
  static let epochsCSV = FileKind("a table of epochs", beginning: "run,network,")
  static let resultsCSV = FileKind("a table of results", beginning: "run,experiment,")
}

/// Refuses an output that would replace a file of another kind than the one that is written.
///
/// - Throws: `ValidationError`; `FileWriteError` for something other than a regular file, which is not read; `FileReadError`
func requireReplaceable(_ option: String, _ path: String?, by kind: FileKind) throws {
  guard let path else { return }
  guard FileManager.default.fileExists(atPath: path), try !kind.includes(path) else { return }
  throw ValidationError("\(option): expected a new file or \(kind.name), found another file at \(path)")
}
