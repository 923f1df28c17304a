import BuiltInDatasets
import Datasets
import Files
import Layers
import Networks
import PackedInference
import RandomStreams
import Tensors
import Training

/// The training of `Documentation/BitContract.md` §9, with every tensor that the document's table has.
struct WorkedExample {
  static let experiment: Experiment = {
    var experiment = Experiment.custom("12-8-10", on: .digits)
    experiment.batch = 365
    experiment.method.initialization = .random
    experiment.discrete.epochs = 1
    return experiment
  }()
  static let seed: UInt64 = 1
  /// Of the parameters after the second and the third step, one of each kind.
  private static let laterParameters = [
    "block1.linear.logits", "block1.normalization.scale", "block3.linear.bias",
  ]

  /// The cells of each of the table's rows: a tensor's name, shape, digest, and bits of the first and the last element.
  private(set) var rows: [[String]] = []
  /// The digest of the trained network.
  private(set) var digest = ""
  private let data: Dataset
  private var experiment: Experiment { Self.experiment }
  private var seed: UInt64 { Self.seed }

  init() throws {
    data = try Dataset.digits()
    var run = TrainingRun<Float>(
      experiment, try experiment.untrained(.discreteSign, input: data.train.input, seed: seed, on: .single),
      data: data, seed: seed, device: .single)
    addBeginning(run.network)
    var step = 0
    while true {
      let before = run.network
      guard let report = try run.step() else { break }
      step += 1
      if step == 1 { addFirstStep(before) }
      add("loss\(step)", Tensor([1], [Float(report.batchLoss)]))
      for parameter in run.network.parameters
      where parameter.kind != .statistic && (step == 1 || Self.laterParameters.contains(parameter.name)) {
        add("after\(step).\(parameter.name)", parameter.tensor)
      }
    }
    addEnd(run.network)
    let report = run.finishEpoch()
    precondition(report.isBest && run.isFinished)
    digest = run.network.digest
  }

  // MARK: The stages of the training

  /// Data, streams and the initial network.
  private mutating func addBeginning(_ network: Network<Float>) {
    add("labels.train", data.train.labels.map { Int($0) })
    add("labels.validation", data.validation.labels.map { Int($0) })
    let stream = RandomStream(seed: seed, purpose: .initialization, layer: 1)
    let weights = [64, 12]
    add("words.block1", words: (0..<768).map(stream.word), weights)
    add("uniforms.block1", stream.uniform(weights, on: .single))
    add("normals.block1", stream.normal(weights, on: .single))
    for (index, block) in network.blocks.enumerated() {
      guard let distribution = block.distribution?.weights else { continue }
      add("initial.block\(index + 1).linear.logits", distribution.logits)
      add("initial.block\(index + 1).μ", distribution.mean)
      add("initial.block\(index + 1).σ²", distribution.variance)
    }
    add("order", RandomStream(seed: seed, purpose: .shuffle, epoch: 1).permutation(data.train.count))
  }

  private func batch(_ step: Int, _ scale: PixelScale = .unit) -> (inputs: Tensor<Float>, labels: [Int]) {
    let batches = Batches(samples: data.train.count, batch: experiment.batch, seed: seed, epoch: 1)
    return data.train.batch(batches[step], nil, scale, seed: seed, epoch: 1, step: step)
  }

  /// Every layer's output in the first step, then every gradient.
  private mutating func addFirstStep(_ network: Network<Float>) {
    let (inputs, labels) = batch(0)
    add("labels.batch1", labels)
    add("x", inputs.reshaped([inputs.rows, inputs.columns]))
    var signal = Signal.value(inputs.reshaped([inputs.rows, inputs.columns]))
    var passes: [(name: String, isFirst: Bool, backward: (Signal<Float>) -> Backward<Float>)] = []
    for (index, block) in network.blocks.enumerated() {
      let pass = network.pass(index, seed: seed, epoch: 1, step: 0, on: .single)
      for stage in block.stages {
        let name = "block\(index + 1).\(stage.role.rawValue)"
        addNoise(name, stage.role, pass, signal)
        let isFirst = index == 0 && (stage.role == .linear || stage.role == .dropout)
        let forward = stage.layer.forward(signal, isFirst ? pass : pass.withInputGradient)
        signal = forward.output
        if let statistics = forward.statistics {
          add("\(name).m̄", statistics.mean)
          add("\(name).r", statistics.inverseDeviation)
        }
        add(name, signal)
        passes.append((name, isFirst, forward.backward))
      }
    }
    let loss = SoftmaxCrossEntropy(outputs: signal.center, labels: labels, on: .single)
    var gradient = Signal.value(loss.gradient)
    add("gradient.y", gradient)
    for (name, isFirst, backward) in passes.reversed() {
      let result = backward(gradient)
      addGradients(name, result.parameters)
      guard !isFirst, let input = result.input else { break }
      let output = gradient
      gradient = input
      if !name.hasSuffix("linear") { addInput("gradient.\(name).input", gradient, of: output) }
    }
  }

  /// The gradient of a layer's input, without its mean if it is also that of the output, as that of a Gaussian's sample is.
  private mutating func addInput(_ name: String, _ input: Signal<Float>, of output: Signal<Float>) {
    if case (.value, .gaussian(_, let variance)) = (output, input) {
      add("\(name).v", variance)
    } else {
      add(name, input)
    }
  }

  private mutating func addNoise(_ name: String, _ role: Block<Float>.Role, _ pass: LayerPass, _ input: Signal<Float>) {
    switch (role, input) {
    case (.dropout, _):
      add("\(name).u", pass.stream(.dropout).uniform(input.center.shape, on: .single))
    case (.sampler, .bernoulli(let mean)):
      add("\(name).L", pass.stream(.reparameterization).logistic(mean.shape, on: .single))
    case (.sampler, _):
      add("\(name).ε", pass.stream(.reparameterization).normal(input.center.shape, on: .single))
    default: break
    }
  }

  private mutating func addGradients(_ name: String, _ gradients: [Tensor<Float>]) {
    let names = name.hasSuffix("normalization") ? ["γ", "β"] : ["μ", "σ²", "b"]
    for (parameter, gradient) in zip(names, gradients) { add("gradient.\(name).\(parameter)", gradient) }
  }

  /// The running averages after each batch of the pass that fits them, and what the deployed network says of the validation images.
  private mutating func addEnd(_ network: Network<Float>) {
    var network = network
    for step in 0..<3 {
      network.fitRunningAverages(to: [batch(step, .integer).inputs], on: .single)
      for parameter in network.parameters where parameter.kind == .statistic {
        add("fit\(step + 1).\(parameter.name)", parameter.tensor)
      }
    }
    let outputs = data.validation.outputs(of: Predictor(network, on: .single))
    add("validation.out", outputs)
    add("validation.classes", outputs.rowArgmax)
  }

  // MARK: Rows

  private mutating func add(_ name: String, _ signal: Signal<Float>) {
    switch signal {
    case .value(let x): add(name, x)
    case .bernoulli(let mean): add("\(name).e", mean)
    case .gaussian(let mean, let variance):
      add("\(name).m", mean)
      add("\(name).v", variance)
    }
  }

  private mutating func add(_ name: String, _ tensor: Tensor<Float>) {
    add(name, tensor.shape, tensor.scalars.map(\.bitPattern)) { $0.hexadecimal }
  }

  private mutating func add(_ name: String, _ integers: [Int]) {
    add(name, [integers.count], integers.map { UInt32($0) }) { "\($0)" }
  }

  private mutating func add(_ name: String, words: [UInt32], _ shape: Shape) {
    add(name, shape, words) { $0.hexadecimal }
  }

  private mutating func add(_ name: String, _ shape: Shape, _ words: [UInt32], _ text: (UInt32) -> String) {
    let bytes = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    rows.append([
      "`\(name)`", shape.map { "\($0)" }.joined(separator: "×"), "`\(hexadecimal(sha256: bytes).prefix(16))`",
      words.first.map(text) ?? "", words.last.map(text) ?? "",
    ])
  }
}

extension UInt32 {
  /// Eight hexadecimal digits in backticks.
  fileprivate var hexadecimal: String {
    let digits = String(self, radix: 16)
    return "`\(String(repeating: "0", count: 8 - digits.count))\(digits)`"
  }
}
