import Layers
import RandomStreams
import Tensors
import Training
import WeightDistributions

/// Networks of every kind, small enough for full derivatives, with dropout off or on.
enum SmallNetworks {
  static func experiment(dropout: Double, batch: Int = 6) -> Experiment {
    func phase(_ regularization: Double) -> Experiment.Phase {
      Experiment.Phase(
        dropout: Array(repeating: dropout, count: 3), epochs: 3, cooldown: 2, patience: 1, weightStep: 1e-2,
        otherStep: 1e-3, regularization: regularization)
    }
    return Experiment(
      name: "small", title: "", data: .digits, hidden: [5, 4], batch: batch, real: phase(1e-4), discrete: phase(1e-10))
  }

  /// A network of that kind on 3 inputs and 3 classes.
  static func network<Scalar: Real>(
    _ kind: NetworkKind, dropout: Double = 0.2, seed: UInt64 = 3, as type: Scalar.Type = Scalar.self
  ) -> Network<Scalar> {
    let experiment = experiment(dropout: dropout)
    return NetworkKind.trainingOrder(of: [kind]).dropFirst().reduce(
      .real(experiment, inputs: 3, classes: 3, seed: seed, on: .single)
    ) { $0.starting($1, of: experiment, grid: .ternary, on: .single) }
  }

  /// Inputs uniform in ±1, shape `(n, 3)`.
  static func inputs<Scalar: Real>(_ n: Int, seed: UInt64 = 5) -> Tensor<Scalar> {
    let uniforms: Tensor<Scalar> = RandomStream(seed: seed, purpose: .initialization).uniform([n, 3], on: .single)
    return uniforms.map(on: .single) { 2 * $0 - 1 }
  }
}
