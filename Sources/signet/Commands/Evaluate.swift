import ArgumentParser
import Datasets
import Files
import Foundation
import Training

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the errors of a run's trained networks, with most probable or sampled weights, and of ensembles.",
    discussion: """
      The error of the most probable weights is that of the network to deploy. With --ensemble n, n networks are sampled \
      from the weights' distributions, and the class is that of their largest mean softmax; printed is the error after 1, \
      2, 4, … and n of them. The first is the error of one sample.

      No result depends on --batch or --threads.
      """)

  @Argument(help: ArgumentHelp("Directory of a run (--out), or the file of one network.", valueName: "run"))
  var runPath: String

  @Option(help: "The networks, separated by commas. Default: all that the run has.")
  var networks: NetworkList?

  @Option(
    help: ArgumentHelp(
      "Networks to sample from the weights' distributions. For the discrete networks.", valueName: "n"))
  var ensemble = 0

  @Option(help: "The images to classify: test or validation.")
  var part = Part.test

  @Option(help: ArgumentHelp("Images at a time.", valueName: "n"))
  var batch = 100

  @OptionGroup var data: DataOptions

  @Option(
    name: .shortAndLong, help: "Random seed of the sampled weights, from 0 to 2^64 − 1, for --ensemble. Default: 1.")
  var seed: UInt64?

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object instead of the table.")
  var json = false

  @Flag(name: .shortAndLong, help: "No progress.")
  var quiet = false

  enum Part: String, ExpressibleByArgument, CaseIterable, Encodable { case test, validation }

  func validate() throws {
    guard (0...100_000).contains(ensemble) else {
      throw ValidationError("--ensemble: expected a number from 0 to 100000, found \(ensemble)")
    }
    guard (1...100_000).contains(batch) else {
      throw ValidationError("--batch: expected a number from 1 to 100000, found \(batch)")
    }
    if seed != nil && ensemble == 0 { throw ValidationError("--seed: expected --ensemble, found none") }
  }

  /// Errors are fractions.
  struct Report: Encodable {
    struct Row: Encodable {
      let network, weights: String
      let mostProbable: Double
      let ensemble: [Evaluation<Float>.Point]
      let parametersSHA256: String
    }

    let version, experiment, architecture: String
    let part: Part
    let images: Int
    /// Of the sampled weights.
    let seed: UInt64
    /// What the images come from.
    let data: [DataFile]
    let networks: [Row]
  }

  func run() throws {
    let run = try RunDirectory.record(in: runPath)
    let saved = try files().map { try SavedNetwork(reading: $0, on: threads.workers) }
    guard let first = saved.first else {
      throw RunDirectoryError.missing(path: runPath, wanted: "a run's directory with a network's *.safetensors file")
    }
    let kinds = saved.map(\.result.network)
    if ensemble > 0 && !kinds.contains(where: \.isDiscrete) {
      throw ValidationError(
        "--ensemble: expected a network with weight distributions, found \(kinds.map(\.rawValue).joined(separator: ", "))"
      )
    }
    let dataset = try data.load(first.experiment.data)
    tellOtherData(than: run, dataset.files)
    let images = part == .test ? dataset.test : dataset.validation
    let line = ProgressLine(isQuiet: quiet)
    let rows = saved.map { row($0, images, line) }
    line.clear()
    let report = Report(
      version: signetVersion, experiment: first.experiment.name, architecture: "\(first.experiment.architecture)",
      part: part, images: images.count, seed: seed ?? 1, data: dataset.files,
      networks: rows)
    try StandardOutput.print(json ? try encodeJSON(report) : table(report))
  }

  /// Says in one line if the run was trained on other data than it is evaluated on.
  private func tellOtherData(than run: RunRecord?, _ files: [DataFile]) {
    guard let run, let difference = DataDifference(recorded: files, expected: run.data) else { return }
    notice(
      "\(runPath): expected the data that the run was trained on, found other data (\(difference)); "
        + "the errors are of the latter")
  }

  /// Of the networks asked for, or of all in the directory, in the order in which they are trained.
  private func files() throws -> [String] {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: runPath, isDirectory: &isDirectory) else {
      throw RunDirectoryError.missing(path: runPath, wanted: "a run's directory or a network's file")
    }
    guard isDirectory.boolValue else {
      if networks != nil { throw ValidationError("--networks: expected a run's directory, found the file \(runPath)") }
      return [runPath]
    }
    let wanted = networks?.networks
    return NetworkKind.allCases.compactMap { kind in
      let path = "\(runPath)/\(SavedNetwork.fileName(kind))"
      let isThere = FileManager.default.fileExists(atPath: path)
      return wanted.map { $0.contains(kind) } ?? isThere ? path : nil
    }
  }

  private func row(_ saved: SavedNetwork, _ images: LabelledImages, _ line: ProgressLine) -> Report.Row {
    let evaluation = Evaluation(of: saved.network, on: images, batch: batch, workers: threads.workers)
    let kind = saved.result.network
    let points =
      kind.isDiscrete && ensemble > 0
      ? evaluation.ensemble(members: ensemble, seed: seed ?? 1) { member, _, error in
        line.show("\(kind.rawValue)  member \(member)/\(ensemble)  ensemble \(percent(error))")
      } : []
    return Report.Row(
      network: kind.rawValue, weights: saved.result.weights, mostProbable: evaluation.mostProbable(),
      ensemble: points, parametersSHA256: saved.network.digest)
  }

  private func table(_ report: Report) -> String {
    let members = report.networks.map { $0.ensemble.map(\.members) }.max { $0.count < $1.count } ?? []
    let header = ["network", "weights", "most probable"] + members.map { $0 == 1 ? "1 sample" : "\($0) samples" }
    let rows = report.networks.map { row in
      [row.network, row.weights, percent(row.mostProbable)]
        + members.map { members in
          row.ensemble.first { $0.members == members }.map { percent($0.error) } ?? ""
        }
    }
    return alignedTable([header] + rows, rightAligned: Set(2..<header.count))
  }
}
