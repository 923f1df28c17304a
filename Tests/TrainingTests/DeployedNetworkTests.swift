import Layers
import Networks
import PackedInference
import RandomStreams
import Tensors
import TestSupport
import Testing
import Training
import Verification
import WeightDistributions

@Suite("The deployed network is a function of integers")
struct DeployedNetworkTests {
  static let signs = NetworkKind.allCases.filter { $0.activation == .sign }

  /// Networks with sign activations whose parameters and running averages are not special.
  private func networks<Scalar: TensorScalar>(_ kind: NetworkKind) throws -> [Network<Scalar>] {
    try [
      ("5-4-3", [WeightGrid.ternary]), ("3C3-P2-4-3", [.quaternarySymmetric, .quinary, .binary]),
      ("3C3-A2-3", [.quaternaryPlus, .quaternaryMinus]), ("2C3-S2-3", [.quinary]),
    ].map { notation, grids in
      let architecture = try Architecture(notation)
      var method = Method()
      method.grids = grids
      var network: Network<Scalar> = try SmallNetworks.network(
        kind, of: SmallNetworks.experiment(architecture, dropout: 0.3, method: method))
      var numbers = TestNumbers(seed: 21)
      for index in network.blocks.indices {
        network.blocks[index].setParameters(
          network.blocks[index].parameters.map { parameter in
            let range = parameter.name.hasSuffix("runningInverseDeviation") ? 0.1...2.0 : -1.0...1.0
            return (numbers.tensor(parameter.tensor.count, in: range) as Tensor<Scalar>).reshaped(
              parameter.tensor.shape)
          }, on: .single)
      }
      return network
    }
  }

  @Test("its outputs are those of each layer's own step on values, except for rounding", arguments: signs)
  func values(_ kind: NetworkKind) throws {
    for network in try networks(kind) as [Network<Double>] {
      let architecture = network.specification.architecture
      var x: Tensor<Double> = SmallNetworks.pixels(8, for: architecture, .unit)
      for block in network.blocks {
        for stage in block.stages { x = stage.layer.prediction(on: .single).map { $0(x, on: .single) } ?? x }
      }
      let outputs = Predictor(network, on: .single).outputs(SmallNetworks.pixels(8, for: architecture, .integer))
      #expect(outputs.shape == x.shape)
      for (a, b) in zip(outputs.scalars, x.scalars) { #expect(abs(a - b) <= 1e-12, "\(architecture)") }
    }
  }

  @Test("each linear layer sums integers exactly, and each activation is a sign", arguments: signs)
  func integers(_ kind: NetworkKind) throws {
    for network in try networks(kind) as [Network<Float>] {
      let architecture = network.specification.architecture
      var x: Tensor<Float> = SmallNetworks.pixels(8, for: architecture, .integer)
      var (sums, signs) = (0, 0)
      for (index, block) in network.blocks.enumerated() {
        let input: DeployedInput = index == 0 ? .pixels(maximum: SmallNetworks.pixelMaximum) : .signs
        for step in block.deployed(reading: input, sampledFrom: nil, on: .single) {
          let y = step(x, on: .single)
          switch step {
          case .integerLinear(let map, let weights, _):
            sums += 1
            // The same in Double, where no sum of this size is rounded.
            let wide = Tensor(x.shape, x.scalars.map { Double($0) })
            let exact = map(wide, weights.integers(on: .single), on: .single)
            #expect(y.scalars.map { Double($0) } == exact.scalars && exact.scalars.allSatisfy { $0 == $0.rounded() })
          case .sign:
            signs += 1
            #expect(y.scalars.allSatisfy { abs($0) == 1 })
          case .linear, .tanh, .relu: Issue.record("\(step) in a network of integers")
          default: break
          }
          x = y
        }
      }
      #expect((sums, signs) == (network.blocks.count, network.blocks.count - 1))
    }
  }

  /// The same network with its inputs in another order, which is the order of its sums.
  private func reordered(_ network: Network<Float>, _ order: [Int]) throws -> Network<Float> {
    var tensors = network.tensors
    for (name, tensor) in tensors where name.hasPrefix("block1.linear.") {
      let shape = tensor.shape
      guard case .float(let weights) = tensor, let rows = shape.dropLast().last, let columns = shape.last else {
        continue
      }
      var scalars = weights.scalars
      for plane in 0..<weights.count / (rows * columns) {
        for (row, from) in order.enumerated() {
          for column in 0..<columns {
            scalars[(plane * rows + row) * columns + column] = weights.scalars[(plane * rows + from) * columns + column]
          }
        }
      }
      tensors[name] = .float(Tensor(shape, scalars))
    }
    return try Network(network.specification, tensors: tensors, from: "", on: .single)
  }

  @Test("any order of summation gives the same bits, unlike in a real network", arguments: NetworkKind.allCases)
  func order(_ kind: NetworkKind) throws {
    let experiment = Experiment.digits
    let one: Network<Float> = try experiment.untrained(kind, input: experiment.data.input, seed: 5, on: .single)
    var outputs: [[Float]] = []
    for seed in 0..<4 as Range<UInt64> {
      let order =
        seed == 0 ? Array(0..<64) : RandomStream(seed: seed, purpose: .shuffle).permutation(64)
      let predictor = Predictor(try reordered(one, order), on: .single)
      let pixels: Tensor<Float> = RandomStream(seed: 9, purpose: .fixture).uniform([20, 64], on: .single)
      let x = Tensor<Float>(
        [20, 64],
        (0..<20 * 64).map { index in
          let integer = 2 * (pixels.scalars[index / 64 * 64 + order[index % 64]] * 16).rounded() - 16
          return predictor.pixelScale == .integer ? integer : integer / 16
        })
      outputs.append(predictor.outputs(x).scalars)
    }
    #expect(outputs.allSatisfy { $0 == outputs[0] } == (kind.activation == .sign))
  }

  @Test("a network whose integers could sum to 2²⁴ is refused, one below is not")
  func largeSum() throws {
    func specification(_ kind: NetworkKind, pixels: Int, _ grid: WeightGrid) -> NetworkSpecification {
      var method = Method()
      method.grids = [grid]
      return NetworkSpecification(
        input: ImageInput(image: ImageShape(channels: 1, height: 1, width: pixels), pixelMaximum: 255),
        architecture: "2-2", kind: kind, method: method, dropout: [0, 0])
    }
    // 2²⁴ / 255 = 65,793.003…
    try specification(.discreteSign, pixels: 65793, .ternary).validate()
    try specification(.discreteTanh, pixels: 65794, .ternary).validate()
    let error = #expect(throws: ArchitectureError.self) {
      try specification(.discreteSign, pixels: 65794, .ternary).validate()
    }
    #expect(
      error?.description
        == "architecture 2-2, linear layer 1: expected integers that sum to less than 2^24 = 16777216 in the deployed network, "
        + "so that the sum is exact, found up to 16777470")
    #expect(throws: ArchitectureError.largeSum("2-2", layer: 1, largest: 3 * 255 * 21931 + 765)) {
      try specification(.discreteSign, pixels: 21932, .quaternarySymmetric).validate()
    }
    #expect(throws: ArchitectureError.self) { try specification(.straightThrough, pixels: 65794, .quinary).validate() }
  }

  @Test("four sums that pooling adds up are below 2²⁴ together; of four, the maximum is one of them")
  func largePool() throws {
    func validate(_ architecture: Architecture, channels: Int) throws {
      try NetworkSpecification(
        input: ImageInput(image: ImageShape(channels: channels, height: 2, width: 2), pixelMaximum: 255),
        architecture: architecture, kind: .discreteSign, dropout: [0, 0]
      ).validate()
    }
    // 2²⁴ / (4 · 255) = 16,448.25…
    for architecture: Architecture in ["2C1-A2-2", "2C1-S2-2"] {
      try validate(architecture, channels: 16448)
      #expect(throws: ArchitectureError.largeSum("\(architecture)", layer: 1, largest: 16_777_980)) {
        try validate(architecture, channels: 16449)
      }
    }
    try validate("2C1-P2-2", channels: 65793)
  }

  @Test("the constant of a block is that of the method, rounded once")
  func constants() throws {
    let network = try #require(
      (try networks(.discreteSign) as [Network<Float>]).first { $0.blocks[0].pooling == .average })
    func constant(_ block: Int, _ input: DeployedInput) -> Float? {
      for step in network.blocks[block].deployed(reading: input, sampledFrom: nil, on: .single) {
        switch step {
        case .multiply(let factor), .multiplyAdd(let factor, _): return factor
        default: continue
        }
      }
      return nil
    }
    #expect(constant(0, .pixels(maximum: 255)) == Float(0.7 / (2 * 255 * 4)))
    // 3 channels of 2×1 pixels are left of 4×3, and the bias counts, too.
    #expect(constant(1, .signs) == Float(0.7 / (2 * Double(3 * 2 + 1).squareRoot())))
  }
}

@Suite("Ablations share their random numbers")
struct CommonRandomNumberTests {
  /// What dropout keeps of ones in each block of a training step; nil where there is no dropout.
  private func masks(_ network: Network<Float>) -> [Tensor<Float>?] {
    network.blocks.enumerated().map { index, block in
      block[.dropout].map {
        $0.forward(
          .value(Tensor([50, 40], repeating: 1)), network.pass(index, seed: 7, epoch: 2, step: 3, on: .single)
        )
        .output.value(for: "test")
      }
    }
  }

  /// The ±1 samples of each block with a sampler, from means of 0.
  private func samples(_ network: Network<Float>) -> [Tensor<Float>?] {
    network.blocks.enumerated().map { index, block in
      (block[.sampler] as? BernoulliReparameterization<Float>).map {
        $0.forward(
          .bernoulli(mean: Tensor([50, 40], repeating: 0)),
          network.pass(index, seed: 7, epoch: 2, step: 3, on: .single)
        ).output.value(for: "test")
      }
    }
  }

  private func network(dropout: [Double], sampling: Method.Sampling = .everyLayer) throws -> Network<Float> {
    var experiment = SmallNetworks.experiment("6C3-P2-5-4-3")
    experiment.discrete.dropout = dropout
    experiment.method.sampling = sampling
    return try SmallNetworks.network(.discreteSign, of: experiment)
  }

  @Test("sampling at the output alone keeps every block's mask")
  func sampling() throws {
    let rates = [0.1, 0.2, 0.3, 0.4]
    let (every, output) = (try network(dropout: rates), try network(dropout: rates, sampling: .output))
    #expect(samples(every).map { $0 == nil } == [false, false, false, true])
    #expect(samples(output).allSatisfy { $0 == nil })
    #expect(masks(every) == masks(output))
    let distinct = masks(every).compactMap { $0?.scalars }
    #expect(distinct.count == 4 && Set(distinct).count == 4, "blocks have masks of their own")
  }

  @Test("a dropout rate of 0 keeps the other blocks' masks and all samples", arguments: 0..<4)
  func dropout(without block: Int) throws {
    let rates = [0.1, 0.2, 0.3, 0.4]
    var fewer = rates
    fewer[block] = 0
    let (all, some) = (try network(dropout: rates), try network(dropout: fewer))
    #expect(masks(some)[block] == nil)
    for other in 0..<4 where other != block {
      let mask = try #require(masks(all)[other])
      #expect(masks(some)[other] == mask && mask.scalars.contains(0) && mask.scalars.contains(1))
    }
    #expect(samples(all) == samples(some))
  }
}
