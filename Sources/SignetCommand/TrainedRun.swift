import ArgumentParser
import Datasets
import Experiments
import Networks
import Tensors
import Training

/// What evaluate, predict and pack are given: a run's directory, or the file of one of its networks.
struct TrainedRun {
  let path: String
  /// Nil of a network's file.
  private let record: RunRecord?

  /// - Throws: `RunDirectoryError` if the run's record is damaged.
  init(_ path: String) throws {
    self.path = path
    record = try RunDirectory.record(in: path)
  }

  /// The files of its networks, at least one, in the order of training.
  ///
  /// - Parameters:
  ///   - networks: those asked for; nil is all that are there.
  ///   - option: the option that asks for them.
  /// - Throws: `RunDirectoryError`; `ValidationError` if the path is a file and networks are asked for.
  func files(of networks: [NetworkKind]?, option: String) throws -> [String] {
    let files = try RunDirectory.networkFiles(at: path, of: networks)
    if networks != nil && files == [path] {
      throw ValidationError("\(option): expected a run's directory, found the file \(path)")
    }
    if files.isEmpty {
      throw RunDirectoryError.missing(path: path, wanted: "a run's directory with a network's *.safetensors file")
    }
    return files
  }

  /// The network that is asked for, or the one that was trained last; a line on standard error names it if there are others.
  ///
  /// - Parameter does: what it is chosen for, as a verb.
  /// - Throws: what `files(of:option:)` and reading the file throw.
  func savedNetwork(_ network: NetworkKind?, does: String, isQuiet: Bool, on workers: Workers) throws -> SavedNetwork {
    let files = try files(of: network.map { [$0] }, option: "--network")
    let saved = try SavedNetwork(reading: files[files.count - 1], on: workers)
    if files.count > 1 && !isQuiet {
      notice("\(path): \(saved.result.network.rawValue) \(does); --network chooses another one of \(files.count)")
    }
    return saved
  }

  /// Its data set; a line on standard error says so if that is not the one that it was trained on.
  ///
  /// - Parameter what: what is then of the other data.
  /// - Throws: what `DataOptions.load` throws.
  func dataset(_ source: DataSource, _ data: DataOptions, for what: String) throws -> Dataset {
    let dataset = try data.load(source)
    if let record, let difference = DataDifference(recorded: dataset.files, expected: record.data) {
      notice(
        "\(path): expected the data that the run was trained on, found other data (\(difference)); \(what) are of the latter"
      )
    }
    return dataset
  }
}
