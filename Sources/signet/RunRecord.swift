import Datasets
import Files
import Foundation
import Kernels
import Tensors
import Training

/// `run.json`: what a run's result is a function of, and where it was begun.
struct RunRecord: Codable, Equatable {
  /// Of this file's form.
  var version = 1
  let signet: String
  /// The commit of the checkout that the program was built in; nil if it was built outside one.
  let commit: String?
  /// As in `ProgramIdentity`.
  let isModified: Bool?
  let programSHA256, tracesSHA256: String?
  let compiler: String
  let host: Host
  /// With every constant.
  let experiment: Experiment
  let networks: [NetworkKind]
  /// Instead of the experiment's.
  let realEpochs, discreteEpochs: Int?
  let seed: UInt64
  let data: [DataFile]
  /// When the run was begun, in ISO 8601; nil in runs of older versions.
  let begun: String?

  /// What changes speed and no bit.
  struct Host: Codable, Equatable {
    let system, processor: String
    let cores, threads: Int
    /// The variant of the arithmetic kernels.
    let kernels: String

    /// This one.
    init(threads: Int) {
      system = ProcessInfo.processInfo.operatingSystemVersionString
      processor = Self.processorName
      cores = Workers.availableCount
      self.threads = threads
      kernels = String(cString: signet_kernels_variant())
    }

    /// The model's name, as Linux tells it.
    private static var processorName: String {
      let facts = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      let line = facts.split(separator: "\n").first { $0.hasPrefix("model name") || $0.hasPrefix("CPU part") }
      return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
    }
  }

  init(_ reproduction: Reproduction, networks: [NetworkKind]) {
    let program = ProgramIdentity.this()
    (signet, commit, isModified) = (program.signet, program.commit, program.isModified)
    (programSHA256, tracesSHA256) = (program.sha256, program.traces)
    compiler = Self.compilerVersion
    host = Host(threads: reproduction.workers.count)
    experiment = reproduction.experiment
    self.networks = networks
    realEpochs = reproduction.realEpochs
    discreteEpochs = reproduction.discreteEpochs
    seed = reproduction.seed
    data = reproduction.data.files
    begun = Date.now.formatted(.iso8601)
  }

  /// The program that began the run.
  var program: ProgramIdentity {
    ProgramIdentity(
      signet: signet, commit: commit, isModified: isModified, sha256: programSHA256, traces: tracesSHA256)
  }

  /// What the result is a function of.
  private struct Determinants: Encodable {
    /// The golden traces, which another version may share; the version where they are not known of both runs.
    let traces, signet: String?
    let experiment: Experiment
    let networks: [NetworkKind]
    let realEpochs, discreteEpochs: Int?
    let seed: UInt64
    /// SHA-256 by the file's name, or by its place where another run's files have other names.
    let data: [String: String]
  }

  /// Every field that is another here than in `run`, and changes the result: the other run's value first.
  func differences(from run: RunRecord) throws -> [FieldDifference] {
    let haveSameNames = data.map(\.file) == run.data.map(\.file)
    let haveTraces = tracesSHA256 != nil && run.tracesSHA256 != nil
    func determinants(_ run: RunRecord) -> Determinants {
      let digests = run.data.enumerated().map { (haveSameNames ? $1.file : "\($0)", $1.sha256) }
      return Determinants(
        traces: haveTraces ? run.tracesSHA256 : nil, signet: haveTraces ? nil : run.signet, experiment: run.experiment,
        networks: run.networks, realEpochs: run.realEpochs,
        discreteEpochs: run.discreteEpochs, seed: run.seed, data: Dictionary(digests, uniquingKeysWith: { a, _ in a }))
    }
    return try FieldDifference.all(between: determinants(run), and: determinants(self))
  }

  /// What the run's options change: of an experiment of the catalogue, or of the one that `signet train` begins with. The
  /// weights are left out, which are named by themselves.
  func changedOptions() throws -> [String] {
    let base = Experiment.named(experiment.name) ?? Train.base(experiment.architecture, on: experiment.data)
    let changes = try FieldDifference.all(between: base, and: experiment).filter {
      $0.field != "method.grids" && $0.second != "none"
    }
    let epochs = [("realEpochs", realEpochs), ("discreteEpochs", discreteEpochs)].compactMap { name, epochs in
      epochs.map { "\(name) \($0)" }
    }
    return changes.map { "\($0.field) \($0.second)" } + epochs
  }

  private static var compilerVersion: String {
    #if compiler(>=6.4)
      "Swift 6.4 or newer"
    #else
      "Swift 6.3"
    #endif
  }
}

/// A line of `log.jsonl`.
enum LogLine: Codable {
  case epoch(Epoch)
  case network(NetworkResult)
  /// The training went on after a stop, from this place.
  case resumed(network: NetworkKind, epoch: Int, step: Int)
  /// Another program than the one that began the run goes on with it.
  case program(ProgramIdentity)

  struct Epoch: Codable {
    let report: EpochReport
    /// `Network.digest` after the epoch.
    let parametersSHA256: String
    /// Of this network's training so far, over all its runs.
    let seconds: Double
    /// Of the process, in bytes; nil where the system does not tell.
    let peakMemory: Int?
    /// Of each layer whose weights are distributions; nil in runs of older versions.
    let certainty: [LayerCertainty]?
  }

  private enum Kind: String, Codable { case epoch, network, resumed, program }
  private enum CodingKeys: CodingKey { case type, version, epoch, network, result, step, program }
  private static let version = 1

  init(from decoder: any Decoder) throws {
    let line = try decoder.container(keyedBy: CodingKeys.self)
    let version = try line.decode(Int.self, forKey: .version)
    guard version == Self.version else {
      throw DecodingError.dataCorruptedError(
        forKey: .version, in: line, debugDescription: "expected version \(Self.version), found \(version)")
    }
    switch try line.decode(Kind.self, forKey: .type) {
    case .epoch: self = .epoch(try line.decode(Epoch.self, forKey: .epoch))
    case .network: self = .network(try line.decode(NetworkResult.self, forKey: .result))
    case .program: self = .program(try line.decode(ProgramIdentity.self, forKey: .program))
    case .resumed:
      self = .resumed(
        network: try line.decode(NetworkKind.self, forKey: .network), epoch: try line.decode(Int.self, forKey: .epoch),
        step: try line.decode(Int.self, forKey: .step))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var line = encoder.container(keyedBy: CodingKeys.self)
    try line.encode(Self.version, forKey: .version)
    switch self {
    case .epoch(let epoch):
      try line.encode(Kind.epoch, forKey: .type)
      try line.encode(epoch, forKey: .epoch)
    case .network(let result):
      try line.encode(Kind.network, forKey: .type)
      try line.encode(result, forKey: .result)
    case .program(let program):
      try line.encode(Kind.program, forKey: .type)
      try line.encode(program, forKey: .program)
    case .resumed(let network, let epoch, let step):
      try line.encode(Kind.resumed, forKey: .type)
      try line.encode(network, forKey: .network)
      try line.encode(epoch, forKey: .epoch)
      try line.encode(step, forKey: .step)
    }
  }
}

/// The most memory that the process has had, in bytes.
var peakMemory: Int? {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  return line?.split(separator: " ").compactMap { Int($0) }.first.map { $0 * 1024 }
}
