import Layers
import Networks
import Training
import WeightDistributions

// Whole networks: every parameterization of every grid, and every choice of the method.

extension NetworkProbe {
  package static let dense: Architecture = "4-3-3"
  package static let convolutional: Architecture = "2C3-P2-3-3"

  package static let all = families + samplings + poolings + others

  private static let architectures = [dense, convolutional]
  private static let discrete: [NetworkKind] = [.discreteTanh, .discreteSign]

  /// Every parameterization of every grid.
  private static let families = WeightFamily.all.flatMap { family in
    discrete.flatMap { kind in
      architectures.map { NetworkProbe(kind, $0, method: { $0.choose(family) }) }
    }
  }

  /// The places of sampling and the losses; the squared hinge is defined only for samples.
  private static let samplings = discrete.flatMap { kind in
    architectures.flatMap { architecture in
      [
        NetworkProbe(kind, architecture) { ($0.sampling, $0.grids) = (.output, [.quinary]) },
        NetworkProbe(kind, architecture) { ($0.sampling, $0.grids) = (.nowhere, [.quaternaryPlus]) },
        NetworkProbe(kind, architecture) { ($0.loss, $0.grids) = (.squaredHinge, [.binary]) },
        NetworkProbe(kind, architecture) { ($0.loss, $0.sampling) = (.squaredHinge, .output) },
      ]
    }
  }

  private static let poolings = (["2C3-A2-3-3", "2C3-S2-3-3"] as [Architecture]).flatMap { pooling in
    [NetworkProbe(.real, pooling), NetworkProbe(.discreteTanh, pooling)]
      + Method.Sampling.allCases.map { sampling in
        NetworkProbe(.discreteSign, pooling, method: { $0.sampling = sampling })
      }
  }

  private static let others = real + dropouts + divergences + choices + straightThrough

  private static let real = architectures.flatMap { architecture in
    [
      NetworkProbe(.real, architecture), NetworkProbe(.real, architecture, dropout: 0.3),
      NetworkProbe(.real, architecture, dropout: 0.3) { $0.loss = .squaredHinge },
    ]
  }

  private static let dropouts = architectures.flatMap { architecture in
    [NetworkProbe(.discreteTanh, architecture, batch: 5, dropout: 0.3)]
      + Method.Sampling.allCases.map { sampling in
        NetworkProbe(.discreteSign, architecture, batch: 5, dropout: 0.3, method: { $0.sampling = sampling })
      }
  }

  private static let divergences = [
    NetworkProbe(.discreteSign, dense, "divergence") { $0.regularizer = .divergence(prior: nil) },
    NetworkProbe(.discreteTanh, convolutional, "divergence, prior 0.2 0.5 0.3") {
      $0.regularizer = .divergence(prior: [0.2, 0.5, 0.3])
    },
    NetworkProbe(.discreteSign, convolutional, "divergence") {
      $0.choose(WeightFamily(.hierarchical, .quinary))
      $0.regularizer = .divergence(prior: nil)
    },
    NetworkProbe(.discreteSign, dense, "divergence, prior 0.2 0.5 0.3") {
      $0.choose(WeightFamily(.zeroAnchored, .ternary))
      $0.regularizer = .divergence(prior: [0.2, 0.5, 0.3])
    },
  ]

  private static let choices = [
    NetworkProbe(.discreteSignFromTanh, dense), NetworkProbe(.discreteSignFromTanh, convolutional),
    NetworkProbe(.discreteSign, dense, "temperature 0.5") { $0.temperature = 0.5 },
    NetworkProbe(.discreteTanh, dense, "expectation rule") { $0.initialization = .expectation },
    NetworkProbe(.discreteSign, convolutional, "random start") { $0.initialization = .random },
    NetworkProbe(.discreteSign, dense, "a grid a layer", batch: 3) { $0.grids = [.binary, .quinary, .ternary] },
    NetworkProbe(.discreteSign, "2C3V-3C1-P2-3", "two convolutions, a grid a layer") {
      $0.grids = [.quaternarySymmetric, .ternary, .quaternaryMinus]
    },
    // More parameters than are checked one by one.
    NetworkProbe(.discreteSign, "6C3-P2-8C3-S2-10-5", "random directions") { $0.grids = [.quinary] },
    NetworkProbe(.discreteTanh, "6C3-P2-8C3-S2-10-5", "random directions") { $0.grids = [.quaternarySymmetric] },
  ]

  /// Networks whose parameters behind the last straight-through step are checked.
  private static let straightThrough = [
    NetworkProbe(.straightThrough, dense), NetworkProbe(.straightThrough, convolutional, dropout: 0.3),
    NetworkProbe(.discreteSign, dense, "straight-through samples") { $0.estimator = .straightThrough },
    NetworkProbe(.discreteSign, convolutional, "straight-through samples") { $0.estimator = .straightThrough },
  ]
}

extension Method {
  fileprivate mutating func choose(_ family: WeightFamily) {
    (grids, parameterization) = ([family.grid], family.parameterization)
  }
}
