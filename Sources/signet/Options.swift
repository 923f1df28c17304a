import ArgumentParser
import Foundation
import Tensors
import Training

// Options that several commands have, each parsed in one place.

/// `--threads`.
struct ThreadOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Number of threads. Results do not depend on it.",
      discussion: "Default: one per processor that the process may use. There are fewer if the system refuses threads.")
  )
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: expected a number from 1 to 1024, found \(threads)")
    }
  }

  var workers: Workers { Workers(count: threads ?? Workers.availableCount) }
}

/// `--seed`.
struct SeedOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "Seed of all randomness, from 0 to 2^64 − 1.")
  var seed: UInt64 = 1
}

/// `--real-epochs` and `--discrete-epochs`.
struct EpochOptions: ParsableArguments {
  @Option(help: OptionScope.realEpochs.help("Epochs instead of the experiment's.", valueName: "n"))
  var realEpochs: Int?

  @Option(help: OptionScope.discreteEpochs.help("Epochs instead of the experiment's.", valueName: "n"))
  var discreteEpochs: Int?

  func validate() throws {
    for (name, epochs) in [("--real-epochs", realEpochs), ("--discrete-epochs", discreteEpochs)] {
      if let epochs, !(1...1_000_000).contains(epochs) {
        throw ValidationError("\(name): expected a number from 1 to 1000000, found \(epochs)")
      }
    }
  }

  /// The options that are given.
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

/// A list separated by commas, each network once.
struct NetworkList: ExpressibleByArgument {
  /// In the order of training, whatever the order on the command line.
  let networks: [NetworkKind]

  init(networks: [NetworkKind]) { self.networks = networks }

  init?(argument: String) {
    let networks = argument.split(separator: ",", omittingEmptySubsequences: false).map {
      NetworkKind(rawValue: String($0))
    }
    guard !networks.contains(nil), Set(networks).count == networks.count else { return nil }
    self.networks = NetworkKind.allCases.filter(networks.contains)
  }

  static var allValueStrings: [String] { NetworkKind.allCases.map(\.rawValue) }
  var defaultValueDescription: String { networks.map(\.rawValue).joined(separator: ",") }
}
