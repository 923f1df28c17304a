import ArgumentParser
import Files
import Networks
import Tensors
import Training

// Options that several commands share, each parsed in one place.

/// Refuses an option's number if it is outside a range.
///
/// - Throws: `ValidationError`
func require(_ option: String, _ number: Int?, in range: ClosedRange<Int>) throws {
  guard let number, !range.contains(number) else { return }
  throw ValidationError("\(option): expected a number from \(range.lowerBound) to \(range.upperBound), found \(number)")
}

/// The layers that an option's notation names.
///
/// - Throws: `ValidationError`
func parseArchitecture(_ notation: String) throws -> Architecture {
  do { return try Architecture(notation) } catch { throw ValidationError("\(error)") }
}

/// The first option that is given.
func firstGiven(_ options: KeyValuePairs<String, Bool>) -> String? { options.first { $0.value }?.key }

/// Refuses a number that is not a probability strictly between 0 and 1.
///
/// - Throws: `ValidationError`
func requireChance(_ option: String, _ number: Double) throws {
  guard number > 0, number < 1 else {
    throw ValidationError("\(option): expected a number between 0 and 1, found \(number)")
  }
}

/// `--threads`.
struct ThreadOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Number of threads. Results do not depend on it.",
      discussion: "Default: one per processor that the process may use. There are fewer if the system refuses threads.")
  )
  var threads: Int?

  func validate() throws { try require("--threads", threads, in: 1...1024) }

  var device: Device { Device.processor(threads: threads ?? Device.availableThreads) }
}

/// `--device` and `--threads`.
struct DeviceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where to compute: cpu, opencl[:N] or cuda[:N]. Results do not depend on it.",
      discussion: "Another device than the processor is tested before it is used (see: signet devices).",
      valueName: "device"))
  var device = Device.processorName

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    do { _ = try DevicePlace(named: device) } catch { throw ValidationError("--device: \(error)") }
  }

  /// Opens the device.
  ///
  /// - Throws: `DeviceError`
  func open() throws -> Device {
    try Device(named: device, threads: threads.threads ?? Device.availableThreads)
  }
}

/// `--seed`.
struct SeedOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "Random seed, from 0 to 2^64 − 1.")
  var seed: UInt64 = 1
}

/// `--seed` of sampled weights.
struct SamplingOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, help: "Random seed of the sampled weights, from 0 to 2^64 − 1, for --ensemble. Default: 1.")
  var seed: UInt64?

  /// Refuses a seed where no weights are sampled.
  func validate(isSampling: Bool) throws {
    if seed != nil && !isSampling { throw ValidationError("--seed: expected --ensemble, found none") }
  }
}

/// `--real-epochs` and `--discrete-epochs`.
struct EpochOptions: ParsableArguments {
  @Option(help: OptionScope.realEpochs.help("Number of epochs, instead of the experiment's.", valueName: "n"))
  var realEpochs: Int?

  @Option(help: OptionScope.discreteEpochs.help("Number of epochs, instead of the experiment's.", valueName: "n"))
  var discreteEpochs: Int?

  func validate() throws {
    try require("--real-epochs", realEpochs, in: Experiment.Phase.epochCounts)
    try require("--discrete-epochs", discreteEpochs, in: Experiment.Phase.epochCounts)
  }

  /// The options given.
  var given: [OptionScope] {
    (realEpochs == nil ? [] : [.realEpochs]) + (discreteEpochs == nil ? [] : [.discreteEpochs])
  }
}

extension Experiment: ExpressibleByArgument {
  public init?(argument: String) {
    guard let experiment = Experiment.named(argument) else { return nil }
    self = experiment
  }

  public static var allValueStrings: [String] { all.map(\.name) }
  public var defaultValueDescription: String { name }
}

extension NetworkKind: ExpressibleByArgument {}

/// A comma-separated list of networks, each once.
struct NetworkList: ExpressibleByArgument {
  /// The networks in the order of training, whatever the order on the command line.
  let networks: [NetworkKind]
  /// One that the command line names several times.
  private let repeated: NetworkKind?

  init(networks: [NetworkKind]) { (self.networks, repeated) = (networks, nil) }

  init?(argument: String) {
    guard let given = commaSeparated(argument, of: NetworkKind.init(rawValue:)) else { return nil }
    networks = NetworkKind.allCases.filter(given.contains)
    repeated = networks.first { kind in given.count { $0 == kind } > 1 }
  }

  /// Refuses a list that names a network several times; a parsed argument can be refused with a reason only here.
  ///
  /// - Throws: `ValidationError`
  func validate() throws {
    guard let repeated else { return }
    throw ValidationError("--networks: expected each network once, found \(repeated.rawValue) several times")
  }

  static var allValueStrings: [String] { NetworkKind.allCases.map(\.rawValue) }
  var defaultValueDescription: String { networks.map(\.rawValue).joined(separator: ",") }
}
