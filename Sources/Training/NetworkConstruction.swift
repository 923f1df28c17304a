import Layers
import RandomStreams
import Tensors
import WeightDistributions

// How an experiment's networks are put together, and how each starts from the one before (`method.md` §5).
//
//   real:           [dropout] → dense → batch norm → tanh
//   discrete-tanh:  [dropout] → dense → reparameterize (Gaussian) → batch norm → tanh
//   discrete-sign:  [dropout] → dense → batch norm → sign → reparameterize (Bernoulli)
//   last:           [dropout] → dense with bias (discrete: → reparameterize)
//
// A dense layer before batch normalization has no bias, since batch normalization would take it away again.

extension Network {
  /// A fresh real network.
  public static func real(
    _ experiment: Experiment, inputs: Int, classes: Int, seed: UInt64, on workers: Workers
  ) -> Network {
    let widths = [inputs] + experiment.hidden + [classes]
    let dense = (1..<widths.count).map { i in
      Dense<Scalar>(
        inputs: widths[i - 1], outputs: widths[i], bias: i == widths.count - 1,
        drawnFrom: RandomStream(seed: seed, purpose: .initialization, layer: i), on: workers)
    }
    return Network(
      kind: .real,
      layers: chain(
        .real, dropout: experiment.real.dropout, dense: dense,
        normalizations: experiment.hidden.map { BatchNormalization(channels: $0) }))
  }

  /// The network of a kind that starts from this one: from a real network through the initialization of the weight
  /// distributions, from a discrete one with all parameters as they are. Biases and batch normalization carry over.
  ///
  /// - Precondition: `kind.start` is this network's kind.
  public func starting(
    _ kind: NetworkKind, of experiment: Experiment, grid: WeightGrid, on workers: Workers
  ) -> Network {
    precondition(kind.start == self.kind, "\(kind.rawValue) does not start from \(self.kind.rawValue)")
    let dense = layers.compactMap { layer -> DistributionDense<Scalar>? in
      if let layer = layer as? Dense<Scalar> {
        let weights = WeightDistribution(grid: grid, fromReal: layer.weights, on: workers)
        return DistributionDense(weights: weights, bias: layer.bias)
      }
      return layer as? DistributionDense<Scalar>
    }
    return Network(
      kind: kind,
      layers: Self.chain(
        kind, dropout: experiment.discrete.dropout, dense: dense,
        normalizations: layers.compactMap { $0 as? BatchNormalization<Scalar> }))
  }

  private static func chain(
    _ kind: NetworkKind, dropout: [Double], dense: [any Layer<Scalar>], normalizations: [BatchNormalization<Scalar>]
  ) -> [any Layer<Scalar>] {
    precondition(
      dropout.count == dense.count && normalizations.count == dense.count - 1,
      "chain: \(dropout.count) dropout rates, \(dense.count) dense layers, \(normalizations.count) normalizations")
    var layers: [any Layer<Scalar>] = []
    for (index, layer) in dense.enumerated() {
      if dropout[index] > 0 { layers.append(Dropout<Scalar>(rate: Scalar(dropout[index]))) }
      layers.append(layer)
      if index < normalizations.count {
        layers += block(kind, normalizations[index])
      } else if kind.isDiscrete {
        layers.append(GaussianReparameterization<Scalar>())
      }
    }
    return layers
  }

  /// What follows a hidden dense layer.
  private static func block(
    _ kind: NetworkKind, _ normalization: BatchNormalization<Scalar>
  ) -> [any Layer<Scalar>] {
    switch kind {
    case .real: [normalization, Tanh<Scalar>()]
    case .discreteTanh: [GaussianReparameterization<Scalar>(), normalization, Tanh<Scalar>()]
    case .discreteSign, .discreteSignFromTanh:
      [normalization, Sign<Scalar>(), BernoulliReparameterization<Scalar>()]
    }
  }
}
