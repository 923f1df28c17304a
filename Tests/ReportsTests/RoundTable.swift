import Experiments
import Networks
import Reports
import Training
import WeightDistributions

/// Records that nobody trained, with few round numbers: of mnist-pi as the paper says and after few epochs, and of digits on two data
/// sets.
enum RoundTable {
  static let machine = Sweep.Record.Machine(
    device: "cpu", processor: "a processor", cores: 3, threads: 2, kernels: "plain", system: "Linux 6.1")
  static let other = Sweep.Record.Machine(
    device: "gpu", processor: "another", cores: 4, threads: 4, kernels: "avx2", system: "Linux 6.2")

  static func record(
    _ network: NetworkKind, _ grid: WeightGrid = .ternary, seed: UInt64, of experiment: Experiment = .mnistPI,
    epochs: (real: Int, discrete: Int)? = nil, test: Double, validation: Double, secondsPerEpoch: Double,
    on machine: Sweep.Record.Machine? = machine, data: String = "0a", version: String = "1.2.3", note: String? = nil,
    best: Int = 7, curve: Sweep.Record.LearningCurve? = nil, change: (inout Experiment) -> Void = { _ in }
  ) -> Sweep.Record {
    var experiment = experiment
    experiment.method.grids = [grid]
    change(&experiment)
    let count = { (kind: NetworkKind) in
      (kind == .real ? epochs?.real : epochs?.discrete) ?? experiment.phase(of: kind).epochs
    }
    return Sweep.Record(
      experiment: experiment.name, seed: seed, realEpochs: count(.real),
      result: NetworkResult(
        network: network, weights: experiment.weights(of: network), activation: network.activation.rawValue,
        epochs: count(network), bestEpoch: best, validationError: validation, testError: test,
        seconds: secondsPerEpoch * Double(count(network)), parametersSHA256: "\(network.rawValue)-\(test)-\(seed)"),
      origin: Origin(
        of: network, in: experiment, epochs: count, seed: seed,
        data: [DataFile(file: "images", sha256: data), DataFile(file: "labels", sha256: "0b")], signet: version),
      run: machine.map {
        .init(
          programs: ["1.2.3, no commit"], machine: $0, begun: "2026-03-08T04:30:00Z", resumptions: 2, dataNote: note)
      },
      learningCurve: curve)
  }

  /// Test errors in percent of the whole networks, for seeds 1, 2, 3.
  static let whole: [(network: NetworkKind, grid: WeightGrid, errors: [Double])] = [
    (.real, .ternary, [1.1, 1.2, 1.3]), (.discreteTanh, .ternary, [1.4, 1.6]),
    (.discreteSign, .ternary, [1.5, 1.7, 1.9]), (.discreteSign, .quaternaryMinus, [1.8, 1.8, 1.8]),
    (.discreteSign, .quaternaryPlus, [1.45, 1.45, 1.45]), (.discreteSign, .quinary, [1.31, 1.35, 1.39]),
    (.straightThrough, .ternary, [2]),
  ]

  static var records: [Sweep.Record] {
    let seconds: [NetworkKind: Double] = [.real: 7.2, .discreteTanh: 36, .discreteSign: 18, .straightThrough: 9]
    let full = whole.flatMap { series in
      series.errors.enumerated().map { index, error in
        record(
          series.network, series.grid, seed: UInt64(index + 1), test: error / 100, validation: (error + 1) / 100,
          secondsPerEpoch: seconds[series.network] ?? 0, on: series.network == .discreteTanh ? nil : machine)
      }
    }
    let short = (real: 3, discrete: 2)
    return full + [
      record(
        .real, seed: 1, epochs: short, test: 0.05, validation: 0.04, secondsPerEpoch: 14.4, on: other, best: 2,
        curve: .init(loss: [4, 2, 1], trainingError: [0.5, 0.25, 0.125], validationError: [0.64, 0.04, 0.08])),
      record(
        .discreteSign, seed: 1, epochs: short, test: 0.07, validation: 0.06, secondsPerEpoch: 54, on: other, best: 1),
      record(
        .real, seed: 4, of: .digits, test: 0.21, validation: 0.22, secondsPerEpoch: 1, data: "d1",
        note: "only some of it"),
      record(.real, seed: 4, of: .digits, test: 0.23, validation: 0.24, secondsPerEpoch: 1, data: "d2"),
    ]
  }

  static func table() throws -> PaperTable { try PaperTable(records, leftOut: 6, seedsWanted: 4) }

  static func report() throws -> TableReport { TableReport(try table(), sources: ["a.jsonl", "b.jsonl"]) }
}
