import ArgumentParser
import Foundation
import Tensors
import Training
import WeightDistributions

// Options that several commands have, each parsed in one place.

/// `--threads` and `--seed`.
struct ComputeOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "Seed of all randomness, from 0 to 2^64 − 1.")
  var seed: UInt64 = 1

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Threads; their number changes no bit.", discussion: "Default: the processor's cores."))
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: expected a number from 1 to 1024, found \(threads)")
    }
  }

  var workers: Workers { Workers(count: threads ?? ProcessInfo.processInfo.activeProcessorCount) }
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

extension WeightGrid: ExpressibleByArgument {
  public init?(argument: String) {
    guard let grid = WeightGrid.all.first(where: { $0.name == argument }) else { return nil }
    self = grid
  }

  public static var allValueStrings: [String] { all.map(\.name) }
  public var defaultValueDescription: String { name }
}

/// A list separated by commas.
struct NetworkList: ExpressibleByArgument {
  let networks: [NetworkKind]

  init(networks: [NetworkKind]) { self.networks = networks }

  init?(argument: String) {
    let networks = argument.split(separator: ",", omittingEmptySubsequences: false).map {
      NetworkKind(rawValue: String($0))
    }
    guard !networks.isEmpty, !networks.contains(nil) else { return nil }
    self.networks = networks.compactMap { $0 }
  }

  static var allValueStrings: [String] { NetworkKind.allCases.map(\.rawValue) }
  var defaultValueDescription: String { networks.map(\.rawValue).joined(separator: ",") }
}
