internal import Kernels

// What `WeightPass.swift` and `ParameterUpdate.swift` do on a processor, by the kernels of Kernels/Device/WeightKernels.inc.

extension Accelerator {
  func probabilities<Scalar>(_ pass: WeightPass<Scalar>, _ parameters: Tensor<Scalar>) -> Tensor<Scalar> {
    let p: Output<Scalar> = tensor([pass.values.count] + parameters.shape.dropFirst())
    launch("weight_probabilities", threads: parameters.columns, weights(pass, parameters) + memories([p]))
    return p.tensor
  }

  func moments<Scalar>(
    _ pass: WeightPass<Scalar>, _ parameters: Tensor<Scalar>
  ) -> (mean: Tensor<Scalar>, variance: Tensor<Scalar>) {
    let shape = Array(parameters.shape.dropFirst())
    let (mean, variance): (Output<Scalar>, Output<Scalar>) = (tensor(shape), tensor(shape))
    launch("weight_moments", threads: parameters.columns, weights(pass, parameters) + memories([mean, variance]))
    return (mean.tensor, variance.tensor)
  }

  func divergence<Scalar>(_ pass: WeightPass<Scalar>, _ parameters: Tensor<Scalar>) -> Tensor<Scalar> {
    let divergence: Output<Scalar> = tensor(Array(parameters.shape.dropFirst()))
    launch("weight_divergence", threads: parameters.columns, weights(pass, parameters) + memories([divergence]))
    return divergence.tensor
  }

  /// - Parameter others: the mean, the variance, and the gradients with respect to them.
  func gradient<Scalar>(
    _ pass: WeightPass<Scalar>, _ parameters: Tensor<Scalar>, _ others: [Tensor<Scalar>]
  ) -> Tensor<Scalar> {
    let gradient: Output<Scalar> = tensor(parameters.shape)
    launch(
      "weight_gradient", threads: parameters.columns,
      weights(pass, parameters) + operands(others) + memories([gradient]))
    return gradient.tensor
  }

  func step<Scalar>(
    _ pass: WeightPass<Scalar>, _ parameters: inout Tensor<Scalar>, _ mean: inout Tensor<Scalar>,
    _ variance: inout Tensor<Scalar>, _ dMean: Tensor<Scalar>, _ dVariance: Tensor<Scalar>,
    _ adam: AdamUpdate<Scalar>, limit: Scalar
  ) {
    let changed = [
      changeableMemory(of: &parameters), changeableMemory(of: &mean), changeableMemory(of: &variance),
    ]
    launch(
      "weight_step", threads: mean.count,
      formula(pass, count: mean.count) + changed.map { .result($0) } + operands([dMean, dVariance])
        + moments(of: adam) + [constants(of: adam), .number(Float(limit))])
  }

  func update<Scalar>(
    _ parameters: inout Tensor<Scalar>, _ gradient: Tensor<Scalar>, _ adam: AdamUpdate<Scalar>, limit: Scalar?
  ) {
    let changed = DeviceLaunch.Argument.result(changeableMemory(of: &parameters))
    launch(
      "adam", threads: gradient.count,
      sizes(gradient.count) + [changed] + operands([gradient]) + moments(of: adam) + [constants(of: adam)])
    if let limit { launch("clip", threads: gradient.count, sizes(gradient.count) + [changed, .number(Float(limit))]) }
  }

  // MARK: - Arguments

  private func weights<Scalar>(
    _ pass: WeightPass<Scalar>, _ parameters: Tensor<Scalar>
  ) -> [DeviceLaunch.Argument] {
    formula(pass, count: parameters.columns) + operands([parameters])
  }

  /// What the kernels call `device_weights`.
  private func formula<Scalar>(_ pass: WeightPass<Scalar>, count: Int) -> [DeviceLaunch.Argument] {
    let numbers = [pass.values, pass.logPrior].flatMap { numbers in
      numbers.map { Float($0) } + Array(repeating: 0, count: Int(SIGNET_WEIGHT_KINDS) - numbers.count)
    }
    return [
      .words(
        words([count, Int(pass.parameterization.rawValue), pass.values.count, pass.logPrior.isEmpty ? 0 : 1])
          + ([Float(pass.divergenceWeight)] + numbers).map(\.bitPattern))
    ]
  }

  private func moments<Scalar>(of adam: AdamUpdate<Scalar>) -> [DeviceLaunch.Argument] {
    [.result(changeableMemory(of: &adam.moments.first)), .result(changeableMemory(of: &adam.moments.second))]
  }

  private func constants<Scalar>(of adam: AdamUpdate<Scalar>) -> DeviceLaunch.Argument {
    let step = adam.step
    return .words(
      [
        step.rate, step.correction, step.decay, step.beta1, step.complement1, step.beta2, step.complement2,
        step.epsilon,
      ].map { Float($0).bitPattern })
  }
}
