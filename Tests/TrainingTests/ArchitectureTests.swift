import Foundation
import Layers
import Networks
import Tensors
import Testing
import Training
import WeightDistributions

@Suite("Architecture: the paper's notation")
struct ArchitectureTests {
  @Test("reads dense layers, convolutions and pooling")
  func reads() throws {
    let architecture: Architecture = "32C5-P2-64C3V-A2-8C1-S2-512-10"
    let expected: [(LinearMap, Int, PoolingKind?)] = [
      (.convolution(Convolution(kernel: 5, padding: .same)), 32, .max),
      (.convolution(Convolution(kernel: 3, padding: .valid)), 64, .average),
      (.convolution(Convolution(kernel: 1, padding: .same)), 8, .sum), (.dense, 512, nil), (.dense, 10, nil),
    ]
    #expect(architecture.blocks.count == expected.count)
    for (block, (map, outputs, pooling)) in zip(architecture.blocks, expected) {
      #expect(block.map == map && block.outputs == outputs && block.pooling == pooling)
    }
    #expect(architecture.classes == 10 && !architecture.isPermutationInvariant)
    #expect("\(architecture)" == "32C5-P2-64C3V-A2-8C1-S2-512-10")
    let dense: Architecture = "1200-1200-10"
    #expect(dense.isPermutationInvariant)
    // The largest kernel and number of channels.
    let large: Architecture = "65536C63V-10"
    let map = LinearMap.convolution(Convolution(kernel: 63, padding: .valid))
    #expect(large.blocks[0].map == map && large.blocks[0].outputs == 65536)
  }

  @Test(
    "names the element that is wrong",
    arguments: [
      ("", 1), ("32C4-10", 1), ("P2-10", 1), ("32C5", 1), ("32C5-P2", 2), ("32C5-P2-P2-10", 3), ("512-32C5-10", 2),
      ("512-P2-10", 2), ("512--10", 2), ("-10", 1), ("10-", 2), ("0-10", 1), ("+5-10", 1), ("5 -10", 1), ("32c5-10", 1),
      ("32C5P2-10", 1), ("C5-10", 1), ("32C-10", 1), ("32C65-10", 1), ("99999999999999999999-10", 1), ("65537-10", 1),
      ("32C3-P3-10", 2), ("٣-10", 1), ("016-10", 1), ("16-010", 2), ("032C5-10", 1), ("32C05-10", 1),
    ])
  func refuses(notation: String, position: Int) {
    do {
      _ = try Architecture(notation)
      Issue.record("\(notation) was read")
    } catch {
      guard case .notation(notation, position, _, _) = error else {
        Issue.record("\(notation): \(error)")
        return
      }
    }
  }

  @Test("shapes follow the layers, odd sizes are halved downwards")
  func shapes() throws {
    let image = ImageShape(channels: 3, height: 11, width: 8)
    let architecture: Architecture = "4C3-P2-6C3V-20-10"
    let shapes = try architecture.shapes(of: image)
    #expect(
      shapes == [
        LinearShape(fanIn: 27, input: [3, 11, 8], output: [4, 11, 8]),
        LinearShape(fanIn: 36, input: [4, 5, 4], output: [6, 3, 2]),
        LinearShape(fanIn: 36, input: [36], output: [20]), LinearShape(fanIn: 20, input: [20], output: [10]),
      ])
    let dense: Architecture = "7-10"
    #expect(try dense.shapes(of: image)[0].fanIn == 264)
  }

  @Test(
    "an image too small for a kernel or for pooling is reported with the layer, its height and its width",
    arguments: [
      ("4C9V-10", 1, 8, 9), ("4C3V-4C7V-10", 2, 6, 7), ("4C5V-P2-4C5V-10", 2, 2, 2),
      ("4C3-P2-4C3-P2-4C3-P2-4C3-P2-10", 4, 1, 1),
    ])
  func tooSmall(_ notation: String, layer: Int, height: Int, width: Int) throws {
    let architecture = try Architecture(notation)
    let error = #expect(throws: ArchitectureError.self) {
      try architecture.shapes(of: ImageShape(channels: 1, height: 8, width: 9))
    }
    #expect(
      error?.description
        == "architecture \(notation), linear layer \(layer): expected images that are large enough for its kernel and "
        + "pooling, found \(height)×\(width)")
  }

  /// The table of `Method.md` §5, typed again.
  @Test("the catalogue is the paper's table")
  func catalogue() throws {
    let layers: [String: String] = [
      "digits": "256-256-10", "mnist-pi": "1200-1200-10", "mnist": "32C5-P2-64C5-P2-512-10",
      "cifar-10": "128C3-128C3-P2-256C3-256C3-P2-512C3-512C3-P2-1024-10",
      "cifar-10-quarter": "32C3-32C3-P2-64C3-64C3-P2-128C3-128C3-P2-256-10",
      "cifar-100": "128C3-128C3-P2-256C3-256C3-P2-512C3-512C3-P2-1024-100",
      "svhn": "64C3-64C3-P2-128C3-128C3-P2-256C3-256C3-P2-1024-10",
    ]
    #expect(Set(Experiment.all.map(\.name)) == Set(layers.keys))
    #expect(Experiment.all.allSatisfy { Experiment.named($0.name) == $0 } && Experiment.named("none") == nil)
    // batch; real: weight step, other step, λ, epochs, cooldown, patience; discrete: epochs, cooldown, patience.
    let constants: [String: [Double]] = [
      "digits": [50, 1e-3, 1e-3, 1e-4, 60, 15, 5, 100, 15, 8],
      "mnist-pi": [100, 1e-3, 1e-3, 1e-4, 1000, 150, 25, 500, 50, 10],
      "mnist": [100, 3e-3, 1e-3, 1e-6, 500, 50, 10, 500, 50, 10],
      "cifar-10": [100, 1e-3, 1e-3, 1e-4, 300, 30, 10, 300, 30, 10],
      "cifar-10-quarter": [100, 1e-3, 1e-3, 1e-4, 300, 30, 10, 300, 30, 10],
      "cifar-100": [100, 3e-4, 3e-4, 1e-3, 500, 50, 10, 300, 30, 10],
      "svhn": [250, 1e-3, 1e-3, 1e-4, 300, 30, 10, 100, 15, 5],
    ]
    for experiment in Experiment.all {
      #expect("\(experiment.architecture)" == layers[experiment.name])
      let (real, discrete) = (experiment.real, experiment.discrete)
      let actual: [Double] = [
        Double(experiment.batch), real.learningRate, real.biasLearningRate, real.regularization, Double(real.epochs),
        Double(real.cooldown), Double(real.patience), Double(discrete.epochs), Double(discrete.cooldown),
        Double(discrete.patience),
      ]
      #expect(actual == constants[experiment.name], "\(experiment.name)")
      #expect(discrete.learningRate == 1e-2 && discrete.biasLearningRate == 1e-3 && discrete.regularization == 1e-10)
      try experiment.validate(for: experiment.data.input, classes: experiment.data.classes)
    }
    #expect(
      Experiment.mnistPI.real.dropout == [0.2, 0.4, 0.4] && Experiment.mnistPI.discrete.dropout == [0.1, 0.2, 0.3])
    for experiment in [Experiment.cifar10, .cifar10Quarter, .cifar100, .svhn] {
      for phase in [experiment.real, experiment.discrete] {
        #expect(phase.dropout == [0, 0.2, 0.2, 0.3, 0.3, 0.3, 0.4, 0])
      }
    }
    #expect(
      Experiment.mnist.real.dropout == [0, 0.2, 0.3, 0] && Experiment.mnist.discrete.dropout == [0, 0.2, 0.3, 0])
  }

  @Test(
    "Fashion-MNIST, whose images have the form of MNIST's, begins with the constants of MNIST's experiments",
    arguments: [("32C5-P2-10", Experiment.mnist), ("30-10", .mnistPI)])
  func fashionMNIST(notation: String, expected: Experiment) throws {
    let experiment = Experiment.custom(try Architecture(notation), on: .fashionMNIST)
    #expect(experiment.data == .fashionMNIST && experiment.batch == expected.batch)
    for phase in [\Experiment.real, \.discrete] {
      var constants = experiment[keyPath: phase]
      constants.dropout = expected[keyPath: phase].dropout
      #expect(constants == expected[keyPath: phase])
    }
  }

  @Test("what does not fit together is reported")
  func contradictions() throws {
    let (input, classes) = (DataSource.digits.input, 10)
    var experiment = Experiment.digits
    #expect(throws: ArchitectureError.classes("256-256-10", expected: 11, actual: 10)) {
      try experiment.validate(for: input, classes: 11)
    }
    experiment.discrete.dropout.removeLast()
    #expect(throws: ArchitectureError.dropout("256-256-10", expected: 3, actual: 2)) {
      try experiment.validate(for: input, classes: classes)
    }
    // What is wrong with a network that is not trained does not matter.
    try experiment.validate(for: input, classes: classes, networks: [.real])
    for networks in [[NetworkKind.real, .discreteSign], [.discreteSign, .real]] {
      #expect(throws: ArchitectureError.dropout("256-256-10", expected: 3, actual: 2)) {
        try experiment.validate(for: input, classes: classes, networks: networks)
      }
    }
    experiment = .digits
    experiment.method.grids = [.ternary, .quinary]
    #expect(throws: ArchitectureError.grids("256-256-10", expected: 3, actual: 2)) {
      try experiment.validate(for: input, classes: classes)
    }
    #expect(
      "\(ArchitectureError.grids("10", expected: 1, actual: 2))"
        == "architecture 10: expected 1 grid, one for each dense layer and convolution, found 2")
    func contradiction(_ change: (inout Method) -> Void) -> MethodError? {
      var method = Method()
      change(&method)
      return method.contradiction
    }
    #expect(contradiction { _ in } == nil)
    #expect(contradiction { $0.regularizer = .divergence(prior: [0.25, 0.5, 0.25]) } == nil)
    #expect(contradiction { ($0.parameterization, $0.grids) = (.hierarchical, [.ternary, .binary]) } != nil)
    #expect(contradiction { ($0.initialization, $0.grids) = (.expectation, [.quaternaryPlus]) } != nil)
    #expect(contradiction { $0.regularizer = .divergence(prior: [0.5, 0.5]) } != nil)
    #expect(contradiction { $0.regularizer = .divergence(prior: [0.5, 0.25, 0.5]) } != nil)
    #expect(contradiction { $0.regularizer = .divergence(prior: [0, 0.5, 0.5]) } != nil)
    #expect(contradiction { ($0.regularizer, $0.grids) = (.divergence(prior: [0.5, 0.75]), []) } == nil)
    #expect(contradiction { ($0.loss, $0.sampling) = (.squaredHinge, .nowhere) } == .hingeOfDistribution)
    // Every layer's grid counts, whatever its place.
    for grids in [[WeightGrid.ternary, .quaternaryPlus], [.quaternaryPlus, .ternary]] {
      for parameterization in [WeightParameterization.hierarchical, .zeroAnchored] {
        #expect(
          contradiction { ($0.parameterization, $0.grids) = (parameterization, grids) }
            == .unsupported("parameterization", parameterization.rawValue, grid: "quaternary-plus"))
      }
      #expect(
        contradiction { ($0.initialization, $0.grids) = (.expectation, grids) }
          == .unsupported("initialization", "expectation", grid: "quaternary-plus"))
      let prior = [0.25, 0.5, 0.25]
      #expect(
        contradiction { ($0.regularizer, $0.grids) = (.divergence(prior: prior), grids) }
          == .prior(prior, grid: "quaternary-plus", values: 4))
    }
  }

  /// A change to `digits` that nothing can be built or trained with.
  struct Impossible: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout Experiment) -> Void

    init(_ error: String, _ change: @escaping @Sendable (inout Experiment) -> Void) {
      (testDescription, self.change) = (error, change)
    }
  }

  private static let rates: [Impossible] = ([-0.1, 1, 1.5, .infinity] as [Double]).map { rate in
    Impossible("architecture 256-256-10, linear layer 2: expected a dropout rate from 0 to below 1, found \(rate)") {
      $0.discrete.dropout[1] = rate
    }
  }
  private static let temperatures: [Impossible] = ([0, -1, 1e-46, 1e39, .infinity] as [Double]).map { temperature in
    Impossible("temperature: expected a positive number, found \(temperature)") {
      $0.method.temperature = temperature
    }
  }
  private static let weights: [Impossible] = ([-1e-10, .infinity] as [Double]).map { weight in
    Impossible("regularization: expected a number from 0, found \(weight)") { $0.discrete.regularization = weight }
  }
  private static let counts = [
    Impossible("prior: expected 3 positive numbers that sum to 1, one for each value of ternary, found 0.25,0.75") {
      $0.method.regularizer = .divergence(prior: [0.25, 0.75])
    },
    Impossible("batch-size: expected a number from 2 to 65536, found 0") { $0.batch = 0 },
    Impossible("real.epochs: expected a number from 1 to 1000000, found 0") { $0.real.epochs = 0 },
    Impossible("discrete.epochs: expected a number from 1 to 1000000, found 1000001") {
      $0.discrete.epochs = 1_000_001
    },
    Impossible("straight-through.statistics-batches: expected all, or a number from 1 to 1000000, found -1") {
      $0.straightThroughConstants.statisticsBatches = -1
    },
    Impossible("real.learning-rate: expected a positive number, found -1.0") { $0.real.learningRate = -1 },
    Impossible("discrete.bias-learning-rate: expected a positive number, found inf") {
      $0.discrete.biasLearningRate = .infinity
    },
    Impossible("real.running-factor: expected a number above 0, at most 1, found 7.0") { $0.real.runningFactor = 7 },
    Impossible("real.patience: expected a number from 0 to 1000000, found -5") { $0.real.patience = -5 },
    Impossible("discrete.cooldown: expected a number from 0 to 1000000, found -1") { $0.discrete.cooldown = -1 },
  ]

  @Test(
    "numbers that nothing can be built or trained with are errors that name them",
    arguments: rates + temperatures + weights + counts)
  func impossibleNumbers(_ impossible: Impossible) throws {
    var experiment = Experiment.digits
    impossible.change(&experiment)
    #expect {
      try experiment.validate(for: DataSource.digits.input, classes: 10)
    } throws: { error in
      "\(error)" == impossible.testDescription
    }
  }

  @Test("a rate that is no number, and a shift that only a file can have, are errors")
  func impossibleInFiles() throws {
    var experiment = Experiment.digits
    experiment.real.dropout[0] = .nan
    #expect(throws: ArchitectureError.self) { try experiment.validate(for: DataSource.digits.input, classes: 10) }
    experiment = .digits
    experiment.augmentation = try JSONDecoder().decode(
      Augmentation.self, from: Data(#"{"shift":-1,"flips":false}"#.utf8))
    #expect(
      throws: RecipeError.value(key: "augmentation.shift", expected: "a number from 0 to 1024", found: "-1")
    ) { try experiment.validate(for: DataSource.digits.input, classes: 10) }
  }

  @Test("epochs that replace the experiment's are checked, too")
  func epochs() throws {
    let reproduction = Reproduction(
      .digits, data: try TrainingRunTests.data(), realEpochs: 0, seed: 1, device: .single)
    #expect(throws: RecipeError.value(key: "real.epochs", expected: "a number from 1 to 1000000", found: "0")) {
      _ = try reproduction.trainings(of: [.discreteSign])
    }
  }

  @Test("1024 blocks are built, one more is refused")
  func depth() throws {
    func validate(_ layers: Int) throws {
      let architecture = try Architecture(String(repeating: "2-", count: layers - 1) + "10")
      try NetworkSpecification(
        input: DataSource.digits.input, architecture: architecture, kind: .discreteSign,
        dropout: Array(repeating: 0, count: layers)
      ).validate()
    }
    try validate(1024)
    #expect {
      try validate(1025)
    } throws: { error in
      "\(error)"
        == "architecture \(String(repeating: "2-", count: 20))…: expected at most 1024 dense layers and convolutions, "
        + "found 1025"
    }
  }
}
