import Layers
import Tensors
import Verification
import WeightDistributions

// The layers of Golden/ops/{layers,linear,pooling}.json.

extension GoldenCase {
  /// The case's layer; nil if the case is about something else.
  package func layer<Scalar: TensorScalar>() throws -> (any Layer<Scalar>)? {
    switch operation {
    case "dense", "linear":
      return Linear<Scalar>(try linearMap(), weights: try input("weights"), bias: try optionalInput("bias"))
    case "distributionDense", "valueLinear", "gaussianLinear", "bernoulliLinear":
      let weights = WeightDistribution<Scalar>(grid: .ternary, logits: try input("logits"), on: .single)
      return DistributionLinear(try linearMap(), weights: weights, bias: try optionalInput("bias"))
    case "batchNormValue", "batchNormGaussian": return try batchNormalization()
    case "sign": return Sign<Scalar>()
    case "tanh": return Tanh<Scalar>()
    case "relu": return ReLU<Scalar>()
    case "straightThroughSign": return StraightThroughSign<Scalar>()
    case "gaussian": return GaussianReparameterization<Scalar>()
    case "bernoulli", "bernoulliSaturated":
      return BernoulliReparameterization<Scalar>(temperature: Scalar(try setting("temperature")))
    case "straightThrough":
      return BernoulliReparameterization<Scalar>(
        temperature: Scalar(try setting("temperature")), estimator: .straightThrough)
    case "dropout", "dropoutOfGaussians", "dropoutOfBernoullis":
      return Dropout<Scalar>(rate: try setting("rate"))
    case "maxOfValues", "maxOfGaussians", "maxOfBernoullis": return Pooling<Scalar>(.max)
    case "averageOfValues", "averageOfGaussians", "averageOfBernoullis": return Pooling<Scalar>(.average)
    case "sumOfValues", "sumOfGaussians", "sumOfBernoullis": return Pooling<Scalar>(.sum)
    default: return nil
    }
  }

  private func linearMap() throws -> LinearMap {
    guard settings?["kernel"] != nil else { return .dense }
    let kernel = Int(try setting("kernel"))
    guard kernel > 0 else { return .dense }
    let padding: Convolution.Padding = try setting("padding") > 0 || kernel == 1 ? .same : .valid
    return .convolution(Convolution(kernel: kernel, padding: padding))
  }

  private func batchNormalization<Scalar: TensorScalar>() throws -> BatchNormalization<Scalar> {
    let scale: Tensor<Scalar> = try input("scale")
    let running: BatchStatistics<Scalar>
    if inputs["runningMean"] == nil {
      running = BatchNormalization<Scalar>(channels: scale.count).running
    } else {
      running = BatchStatistics(
        mean: try input("runningMean"), inverseDeviation: try input("runningInverse"))
    }
    return BatchNormalization(scale: scale, shift: try input("shift"), running: running)
  }

  private func optionalInput<Scalar: TensorScalar>(_ name: String) throws -> Tensor<Scalar>? {
    inputs[name] == nil ? nil : try input(name)
  }

  /// The case's input: a value, a ±1 Bernoulli's mean, or a Gaussian.
  package func signal<Scalar: TensorScalar>() throws -> Signal<Scalar> {
    if inputs["value"] != nil { return .value(try input("value")) }
    if inputs["variance"] != nil { return .gaussian(mean: try input("mean"), variance: try input("variance")) }
    return .bernoulli(mean: try input("mean"))
  }

  /// The outputs, gradients, statistics and predictions of the layer, as far as the oracle has them.
  package func fields<Scalar: TensorScalar>(of layer: any Layer<Scalar>) throws -> [ComputedField<Scalar>] {
    let input: Signal<Scalar> = try signal()
    let forward = layer.forward(input, Self.pass)
    let backward = forward.backward(try forward.output.replacing { name, _ in try cotangent(name) })
    var fields = forward.output.named
    fields += (backward.input?.named ?? []).map { ("∂" + $0.name, $0.tensor) }
    fields += try parameterGradients(of: layer, backward.parameters)
    if let statistics = forward.statistics { fields += try self.statistics(statistics) }
    if outputs["prediction"] != nil, let step = layer.prediction(on: .single) {
      fields.append(("prediction", step(input.center, on: .single)))
    }
    return fields
  }

  private func parameterGradients<Scalar: TensorScalar>(
    of layer: any Layer<Scalar>, _ gradients: [Tensor<Scalar>]
  ) throws -> [ComputedField<Scalar>] {
    let trained = layer.parameters.filter(\.kind.isTrained).map { "∂" + $0.name }
    guard let layer = layer as? DistributionLinear<Scalar> else { return Array(zip(trained, gradients)) }
    let logits = layer.weights.logitGradient(mean: gradients[0], variance: gradients[1], on: .single)
    let moments: [ComputedField<Scalar>] =
      self.gradients?["weightMean"] == nil ? [] : [("∂weightMean", gradients[0]), ("∂weightVariance", gradients[1])]
    return moments + [("∂logits", logits)] + zip(trained.dropFirst(), gradients.dropFirst(2))
  }

  private func statistics<Scalar: TensorScalar>(_ batch: BatchStatistics<Scalar>) throws -> [ComputedField<Scalar>] {
    let seen: [ComputedField<Scalar>] = [
      ("statisticsMean", batch.mean), ("statisticsInverse", batch.inverseDeviation),
    ]
    guard outputs["movedMean"] != nil else { return seen }
    var running = BatchStatistics<Scalar>(
      mean: try input("runningMean"), inverseDeviation: try input("runningInverse"))
    running.moveTowards(batch, on: .single)
    return seen + [("movedMean", running.mean), ("movedInverse", running.inverseDeviation)]
  }
}

extension Signal {
  /// The tensors, named by their roles.
  package var named: [(name: String, tensor: Tensor<Scalar>)] {
    switch self {
    case .value(let x): [("value", x)]
    case .gaussian(let mean, let variance): [("mean", mean), ("variance", variance)]
    case .bernoulli(let mean): [("mean", mean)]
    }
  }

  /// A signal of the same kind with other tensors.
  package func replacing(_ tensor: (String, Tensor<Scalar>) throws -> Tensor<Scalar>) rethrows -> Signal {
    switch self {
    case .value(let x): .value(try tensor("value", x))
    case .gaussian(let mean, let variance):
      .gaussian(mean: try tensor("mean", mean), variance: try tensor("variance", variance))
    case .bernoulli(let mean): .bernoulli(mean: try tensor("mean", mean))
    }
  }

  /// A signal of the same kind with tensors in the order of `named`.
  package func replacing(_ tensors: [Tensor<Scalar>]) -> Signal {
    var rest = tensors[...]
    return replacing { _, _ in rest.removeFirst() }
  }
}
