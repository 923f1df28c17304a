import Networks

// The catalogue. Constants are the paper's (`Method.md` §5) unless they are said to be ours.

extension Experiment {
  /// All experiments of the catalogue.
  public static let all: [Experiment] = [.digits, .mnistPI, .mnist, .cifar10, .cifar10Quarter, .cifar100, .svhn]

  /// Those of the paper.
  package static let paper: [Experiment] = [.mnistPI, .mnist, .cifar10, .cifar100, .svhn]

  /// The experiment with this name; nil if there is none.
  public static func named(_ name: String) -> Experiment? { all.first { $0.name == name } }

  /// A small dense network on the 8×8 digits of the UCI repository (**ours**).
  public static let digits = Experiment(
    name: "digits", title: "UCI optical digits, 8×8 pixels, permutation-invariant", data: .digits,
    architecture: "256-256-10", batch: 50,
    real: Phase(dropout: [0.1, 0.2, 0.2], epochs: 60, cooldown: 15, patience: 5, regularization: 1e-4),
    discrete: .discrete(dropout: [0.1, 0.1, 0.1], epochs: 100, cooldown: 15, patience: 8))

  /// MNIST as vectors of 784 pixels.
  public static let mnistPI = Experiment(
    name: "mnist-pi", title: "MNIST, permutation-invariant", data: .mnist, architecture: "1200-1200-10", batch: 100,
    real: Phase(dropout: [0.2, 0.4, 0.4], epochs: 1000, cooldown: 150, patience: 25, regularization: 1e-4),
    discrete: .discrete(dropout: [0.1, 0.2, 0.3], epochs: 500, cooldown: 50, patience: 10))

  /// MNIST as images.
  public static let mnist = Experiment(
    name: "mnist", title: "MNIST, convolutional", data: .mnist, architecture: "32C5-P2-64C5-P2-512-10", batch: 100,
    real: Phase(
      dropout: [0, 0.2, 0.3, 0], epochs: 500, cooldown: 50, patience: 10, learningRate: 3e-3, regularization: 1e-6),
    discrete: .discrete(dropout: [0, 0.2, 0.3, 0], epochs: 500, cooldown: 50, patience: 10))

  /// Dropout of the networks for 32×32 colour images.
  private static let colourDropout = [0, 0.2, 0.2, 0.3, 0.3, 0.3, 0.4, 0]

  /// Augmentation of CIFAR-10 and CIFAR-100.
  private static let colourAugmentation = Augmentation(shift: 4, flips: true)

  /// CIFAR-10.
  public static let cifar10 = Experiment(
    name: "cifar-10", title: "CIFAR-10", data: .cifar10,
    architecture: "128C3-128C3-P2-256C3-256C3-P2-512C3-512C3-P2-1024-10", batch: 100, augmentation: colourAugmentation,
    real: Phase(dropout: colourDropout, epochs: 300, cooldown: 30, patience: 10, regularization: 1e-4),
    discrete: .discrete(dropout: colourDropout, epochs: 300, cooldown: 30, patience: 10))

  /// CIFAR-10 with a quarter of the channels and units (**ours**): what a processor trains in hours, and what a small device runs.
  public static let cifar10Quarter = Experiment(
    name: "cifar-10-quarter", title: "CIFAR-10, a quarter of the width", data: .cifar10,
    architecture: "32C3-32C3-P2-64C3-64C3-P2-128C3-128C3-P2-256-10", batch: 100, augmentation: colourAugmentation,
    real: cifar10.real, discrete: cifar10.discrete)

  /// CIFAR-100.
  public static let cifar100 = Experiment(
    name: "cifar-100", title: "CIFAR-100", data: .cifar100,
    architecture: "128C3-128C3-P2-256C3-256C3-P2-512C3-512C3-P2-1024-100", batch: 100, augmentation: colourAugmentation,
    real: Phase(
      dropout: colourDropout, epochs: 500, cooldown: 50, patience: 10, learningRate: 3e-4, biasLearningRate: 3e-4,
      regularization: 1e-3),
    discrete: .discrete(dropout: colourDropout, epochs: 300, cooldown: 30, patience: 10))

  /// Street view house numbers (SVHN).
  public static let svhn = Experiment(
    name: "svhn", title: "Street view house numbers", data: .svhn,
    architecture: "64C3-64C3-P2-128C3-128C3-P2-256C3-256C3-P2-1024-10", batch: 250,
    real: Phase(dropout: colourDropout, epochs: 300, cooldown: 30, patience: 10, regularization: 1e-4),
    discrete: .discrete(dropout: colourDropout, epochs: 100, cooldown: 15, patience: 5))
}
