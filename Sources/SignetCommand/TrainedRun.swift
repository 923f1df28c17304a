import ArgumentParser
import Datasets
import Experiments
import Networks
import Training

/// The argument of evaluate and predict: a run's directory, or the file of one of its networks.
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
    let files = try RunDirectory.networkFiles(at: path, of: networks)
    if networks != nil && files == [path] {
      throw ValidationError("\(option): expected a run's directory, found the file \(path)")
    }
    if files.isEmpty {
      throw RunDirectoryError.missing(path: path, wanted: "a run's directory with a network's *.safetensors file")
    }
    return files
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
