import Datasets
import Foundation
import Kernels
import Tensors
import Training

/// `run.json`: what a run's result is a function of, and where it was begun.
struct RunRecord: Codable, Equatable {
  /// Of this file's form.
  var version = 1
  let signet: String
  /// The commit of the checkout that the program was built in, if it lies in one.
  let commit: String?
  let compiler: String
  let host: Host
  /// With every constant.
  let experiment: Experiment
  let networks: [NetworkKind]
  /// Instead of the experiment's.
  let realEpochs, discreteEpochs: Int?
  let seed: UInt64
  let data: [DataFile]

  struct DataFile: Codable, Equatable {
    let file: String
    let sha256: String
  }

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
      cores = ProcessInfo.processInfo.activeProcessorCount
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
    signet = signetVersion
    commit = Self.builtCommit
    compiler = Self.compilerVersion
    host = Host(threads: reproduction.workers.count)
    experiment = reproduction.experiment
    self.networks = networks
    realEpochs = reproduction.realEpochs
    discreteEpochs = reproduction.discreteEpochs
    seed = reproduction.seed
    data = reproduction.data.fileDigests.map { DataFile(file: $0.name, sha256: $0.sha256) }
  }

  /// What is another here than in `run`, and changes the result; nil if nothing is.
  func difference(from run: RunRecord) -> (what: String, expected: String, found: String)? {
    func text<Value: Encodable>(_ value: Value) -> String { (try? encodeLine(value)) ?? "\(value)" }
    let fields: [(String, String, String)] = [
      ("signet", run.signet, signet), ("experiment", text(run.experiment), text(experiment)),
      ("networks", text(run.networks), text(networks)), ("real epochs", text(run.realEpochs), text(realEpochs)),
      ("discrete epochs", text(run.discreteEpochs), text(discreteEpochs)), ("seed", "\(run.seed)", "\(seed)"),
      ("data", text(run.data.map(\.sha256)), text(data.map(\.sha256))),
    ]
    return fields.first { $0.1 != $0.2 }.map { (what: $0, expected: $1, found: $2) }
  }

  private static var compilerVersion: String {
    #if compiler(>=6.4)
      "Swift 6.4 or newer"
    #else
      "Swift 6.3"
    #endif
  }

  /// The head of the repository above the program's file.
  private static var builtCommit: String? {
    var folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    func text(_ path: String) -> String? {
      (try? String(contentsOf: folder.appending(path: path), encoding: .utf8))?
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }
    while folder.path != "/" {
      if let head = text(".git/HEAD") {
        guard head.hasPrefix("ref: ") else { return head }
        return text(".git/" + head.dropFirst(5))
      }
      folder = folder.deletingLastPathComponent()
    }
    return nil
  }
}

/// A line of `log.jsonl`.
enum LogLine: Codable {
  case epoch(Epoch)
  case network(NetworkResult)
  /// The training went on after a stop, from this place.
  case resumed(network: NetworkKind, epoch: Int, step: Int)

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

  private enum Kind: String, Codable { case epoch, network, resumed }
  private enum CodingKeys: CodingKey { case type, version, epoch, network, result, step }
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
    case .resumed(let network, let epoch, let step):
      try line.encode(Kind.resumed, forKey: .type)
      try line.encode(network, forKey: .network)
      try line.encode(epoch, forKey: .epoch)
      try line.encode(step, forKey: .step)
    }
  }
}

/// JSON with sorted keys, on one line.
func encodeLine(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// The most memory that the process has had, in bytes.
var peakMemory: Int? {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  return line?.split(separator: " ").compactMap { Int($0) }.first.map { $0 * 1024 }
}
