import ArgumentParser
import Datasets
import Experiments
import Foundation
import Networks
import PackedInference
import Tensors
import Training

/// The argument of evaluate, predict, pack and export: a run's directory, or the file of one of its networks.
struct TrainedRun {
  let path: String
  /// The run's record; nil for a network's file.
  private let record: RunRecord?

  /// - Throws: `RunDirectoryError` if the run's record is damaged.
  init(_ path: String) throws {
    self.path = path
    record = try RunDirectory.record(in: path)
  }

  /// The files of the run's networks, one or more, in the order of training.
  ///
  /// - Parameters:
  ///   - networks: the networks asked for; nil for all that are present.
  ///   - option: the option that asks for them.
  /// - Throws: `RunDirectoryError`; `ValidationError` if the path is a file and networks are asked for.
  func files(of networks: [NetworkKind]?, option: String) throws -> [String] {
    if PackedFile.isPacked(path) {
      throw ValidationError(
        "expected a run's directory or the file of one network, found the packed file \(path), which signet predict and "
          + "signet export read")
    }
    let files = try RunDirectory.networkFiles(at: path, of: networks)
    if networks != nil && files == [path] {
      throw ValidationError("\(option): expected a run's directory, found the file \(path)")
    }
    if files.isEmpty {
      throw RunDirectoryError.missing(path: path, wanted: "a run's directory with a network's *.safetensors file")
    }
    return files
  }

  /// The network that was asked for, or the one that was trained last; a line on standard error names it if there are others, and one
  /// those of the run that are still to be trained.
  ///
  /// - Throws: what `files(of:option:)` and reading the file throw.
  func savedNetwork(_ network: NetworkKind?, isQuiet: Bool, on device: Device) throws -> SavedNetwork {
    let files = try files(of: network.map { [$0] }, option: "--network")
    var saved = try SavedNetwork(reading: files[files.count - 1], on: device)
    // The network files of older versions do not have the note on the test images.
    if let note = record?.note { saved.dataNote = note }
    if files.count > 1 && !isQuiet {
      notice("\(path): \(saved.result.network.rawValue) is chosen; --network selects another of the \(files.count)")
    }
    let missing = record?.networks.filter { !files.contains(RunDirectory.networkFile($0, in: path)) } ?? []
    if network == nil && !missing.isEmpty && !isQuiet {
      notice("\(path): the run has no file of \(missing.map(\.rawValue).joined(separator: ", ")) yet")
    }
    return saved
  }

  /// The same network, or the networks of a packed file.
  func model(_ network: NetworkKind?, isQuiet: Bool, on device: Device) throws -> TrainedModel {
    guard PackedFile.isPacked(path) else {
      guard FileManager.default.fileExists(atPath: path) else {
        throw RunDirectoryError.missing(path: path, wanted: "a run's directory, a network's file or a packed file")
      }
      return .saved(try savedNetwork(network, isQuiet: isQuiet, on: device))
    }
    if network != nil { throw ValidationError("--network: expected a run's directory, found the file \(path)") }
    return .packed(try PackedModel(reading: path))
  }

  /// Loads the run's data set; if the data differ from those that the run was trained on, a line on standard error says so.
  ///
  /// - Parameter what: the results that the line says are for the other data.
  /// - Throws: the errors of `DataOptions.load`.
  func dataset(_ source: DataSource, _ data: DataOptions, for what: String) throws -> Dataset {
    let dataset = try data.load(source)
    if let record, let difference = DataDifference(recorded: dataset.files, expected: record.data) {
      notice(
        "\(path): expected the data that the run was trained on, found other data (\(difference)); \(what) are for the latter"
      )
    }
    return dataset
  }
}

extension [SavedNetwork] {
  /// Says on standard error which networks have distributions that were made for their weights, so that samples of them say nothing of
  /// the network that was trained elsewhere.
  ///
  /// - Parameter path: where the networks are.
  func noticeImportedDistributions(in path: String) {
    let imported = filter { $0.result.network.isDiscrete && $0.result.epochs == 0 }.map(\.result.network.rawValue)
    guard !imported.isEmpty else { return }
    notice(
      "\(path): expected trained weight distributions to sample from, found those that signet import made for the weights of "
        + imported.joined(separator: ", "))
  }
}
