import Datasets
import Files
import Foundation
internal import Kernels
import Networks
import Tensors
import Training

/// `run.json`: what determines a run's result, and where the run was begun.
package struct RunRecord: Codable, Equatable {
  /// The version of this file's format.
  package private(set) var version = Self.version
  private static let version = 1
  package let signet: String
  /// The commit of the checkout that the program was built in; nil if it was built outside one.
  package let commit: String?
  /// Whether the checkout was modified, as in `ProgramIdentity`.
  package let isModified: Bool?
  package let programSHA256, tracesSHA256: String?
  package let compiler: String
  package let host: Host
  /// The experiment with every constant.
  package let experiment: Experiment
  package let networks: [NetworkKind]
  /// The numbers of epochs, where they replace the experiment's.
  package let realEpochs, discreteEpochs: Int?
  /// The digest of the real network's parameters, if it was not trained but read from a file.
  package let realSHA256: String?
  package let seed: UInt64
  package let data: [DataFile]
  /// What must be said of results on these data; nil if there is nothing.
  package let dataNote: String?
  /// SHA-256 of the parameters of networks that were taken from other runs, to start from; nil if there are none.
  package let startedFrom: [String: String]?
  /// When the run was begun, in ISO 8601; nil in runs of older versions.
  package let begun: String?

  /// What affects the speed but not the results.
  package struct Host: Codable, Equatable {
    package let system, processor: String
    package let cores, threads: Int
    /// The variant of the arithmetic kernels.
    package let kernels: String
    /// The device that computes, if it is not the processor; nil in runs of older versions, too.
    package let device: String?

    /// Describes this host.
    package init(_ device: Device) {
      system = ProcessInfo.processInfo.operatingSystemVersionString
      processor = Self.processorName
      cores = Device.availableThreads
      threads = device.threads
      kernels = String(cString: signet_kernels_variant())
      self.device = device.identity.map { "\(device.name), \($0.name), \($0.driver)" }
    }

    /// The processor's model name, as the system reports it.
    private static var processorName: String {
      #if canImport(Darwin)
        var (name, size) = ([UInt8](repeating: 0, count: 256), 256)
        guard sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
      #else
        return linuxProcessorName
      #endif
    }

    private static var linuxProcessorName: String {
      let facts = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      let line = facts.split(separator: "\n").first { $0.hasPrefix("model name") || $0.hasPrefix("CPU part") }
      return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
    }
  }

  /// - Parameters:
  ///   - known: the networks that are taken from other runs.
  ///   - realSHA256: the digest of the real network's parameters, if it is read from a file.
  package init(
    _ reproduction: Reproduction, networks: [NetworkKind], startingWith known: [SavedNetwork] = [],
    realSHA256: String? = nil
  ) {
    let program = ProgramIdentity.this
    (signet, commit, isModified) = (program.signet, program.commit, program.isModified)
    (programSHA256, tracesSHA256) = (program.sha256, program.traces)
    compiler = Self.compilerVersion
    host = Host(reproduction.device)
    experiment = reproduction.experiment
    self.networks = networks
    realEpochs = reproduction.realEpochs
    discreteEpochs = reproduction.discreteEpochs
    self.realSHA256 = realSHA256
    seed = reproduction.seed
    data = reproduction.data.files
    dataNote = experiment.data.note(on: reproduction.data)
    startedFrom =
      known.isEmpty
      ? nil
      : Dictionary(
        known.map { ($0.result.network.rawValue, $0.result.parametersSHA256) }, uniquingKeysWith: { a, _ in a })
    begun = Date.now.formatted(.iso8601)
  }

  /// What must be said of results on the run's data, in runs of older versions, too; nil if there is nothing.
  package var note: String? { dataNote ?? experiment.data.note }

  /// The grids of the run's networks or, if none has weight distributions, the names of the weights that they have.
  package var weights: String {
    guard !networks.contains(where: \.isDiscrete) else { return experiment.method.weights }
    return networks.map { experiment.weights(of: $0) }.joined(separator: " and ")
  }

  /// Where the real network comes from, if it was not trained; else nil.
  package var realNetworkInWords: String? { realSHA256.map { "read from a file, SHA-256 \($0)" } }

  /// The program that began the run.
  package var program: ProgramIdentity {
    ProgramIdentity(
      signet: signet, commit: commit, isModified: isModified, sha256: programSHA256, traces: tracesSHA256)
  }

  /// What determines the result.
  private struct Determinants: Encodable {
    /// The digest of the golden traces, which several versions may share; or the version, unless the traces of both
    /// runs are known.
    let traces, signet: String?
    let experiment: Experiment
    let networks: [NetworkKind]
    let realEpochs, discreteEpochs: Int?
    let realSHA256: String?
    let seed: UInt64
    /// SHA-256 by file name, or by position if the other run's files have other names.
    let data: [String: String]
  }

  /// Every field that determines the result and differs from `run`, with the value of `run` first.
  package func differences(from run: RunRecord) throws -> [FieldDifference] {
    let haveSameNames = data.map(\.file) == run.data.map(\.file)
    let haveTraces = tracesSHA256 != nil && run.tracesSHA256 != nil
    func determinants(_ run: RunRecord) -> Determinants {
      let digests = run.data.enumerated().map { (haveSameNames ? $1.file : "\($0)", $1.sha256) }
      return Determinants(
        traces: haveTraces ? run.tracesSHA256 : nil, signet: haveTraces ? nil : run.signet, experiment: run.experiment,
        networks: run.networks, realEpochs: run.realEpochs,
        discreteEpochs: run.discreteEpochs, realSHA256: run.realSHA256, seed: run.seed,
        data: Dictionary(digests, uniquingKeysWith: { a, _ in a }))
    }
    return try FieldDifference.ofConstants(between: determinants(run), and: determinants(self))
  }

  /// The changes that the run's options make to an experiment of the catalogue, or to the one that `signet train`
  /// starts from. The weights are left out because they are named separately.
  package var changedOptions: [String] {
    effectiveExperiment.changes(training: networks).map { "\($0.key) \($0.value)" }
  }

  /// The origin of a network of the run, if the program that began it trained it.
  package func origin(of network: NetworkKind) -> Origin {
    Origin(
      of: network, in: experiment,
      epochs: epochs, seed: seed, data: data, signet: signet)
  }

  /// The number of epochs that a network is trained for.
  func epochs(of network: NetworkKind) -> Int {
    experiment.epochs(of: network, real: realEpochs, discrete: discreteEpochs)
  }

  /// Requires a record that a run can have: of this version, and of networks that can be trained with its constants.
  ///
  /// - Parameter path: the file that the record was read from.
  func validate(from path: String) throws(RunDirectoryError) {
    guard version == Self.version else {
      throw .damaged(path: path, expected: "a run's record of version \(Self.version)", found: "version \(version)")
    }
    guard !networks.isEmpty else { throw .damaged(path: path, expected: "a run's networks", found: "none") }
    // Files are named after it.
    guard !experiment.name.contains("/") else {
      throw .damaged(path: path, expected: "an experiment's name without a slash", found: experiment.name)
    }
    let trained = NetworkKind.trainingOrder(of: Set(networks), initialization: experiment.method.initialization)
    do {
      try effectiveExperiment.validate(
        for: experiment.data.input, classes: experiment.data.classes, networks: trained)
    } catch {
      throw RunDirectoryError.untrainable(path: path, reason: "\(error)")
    }
  }

  /// The experiment with the epochs that the run was trained for.
  package var effectiveExperiment: Experiment {
    var changed = experiment
    if let realEpochs { changed.real.epochs = realEpochs }
    if let discreteEpochs {
      changed.discrete.epochs = discreteEpochs
      changed.straightThrough?.epochs = discreteEpochs
    }
    return changed
  }

  private static var compilerVersion: String {
    #if compiler(>=6.4)
      "Swift 6.4 or newer"
    #else
      "Swift 6.3"
    #endif
  }
}
