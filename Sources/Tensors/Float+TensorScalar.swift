internal import Kernels

extension Float: TensorScalar {
  public static func multiply(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int,
    _ c: UnsafeMutablePointer<Float>, _ ldc: Int
  ) -> Bool {
    signet_matmul_float(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc)
  }

  public static func convolve(
    _ shape: ConvolutionShape, _ x: UnsafePointer<Float>, _ weights: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Float>
  ) -> Bool {
    signet_convolution_float(shape.forKernels, x, weights, y)
  }

  public static func convolveForWeights(
    _ shape: ConvolutionShape, rows: Range<Int>, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    _ dWeights: UnsafeMutablePointer<Float>
  ) -> Bool {
    signet_convolution_weights_float(shape.forKernels, rows.lowerBound, rows.count, x, dy, dWeights)
  }

  public static func apply(
    _ function: ElementaryFunction, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    switch function {
    case .exp: signet_exp_float(x, y, count)
    case .log: signet_log_float(x, y, count)
    case .log1p: signet_log1p_float(x, y, count)
    case .erf: signet_erf_float(x, y, count)
    case .erfc: signet_erfc_float(x, y, count)
    case .tanh: signet_tanh_float(x, y, count)
    case .sinpi: signet_sinpi_float(x, y, count)
    case .cospi: signet_cospi_float(x, y, count)
    case .squareRoot: signet_sqrt_float(x, y, count)
    }
  }

  public static func draw(
    _ deviate: Deviate, key: SIMD2<UInt32>, from counter: SIMD4<UInt32>, _ y: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    let first = signet_philox(key: key, counter: counter)
    switch deviate {
    case .uniform: signet_uniform_float(first, y, count)
    case .logistic: signet_logistic_float(first, y, count)
    case .normal: signet_normal_float(first, y, count)
    }
  }

  public static func run(
    _ pass: PassOperands<Float>, into outputs: [UnsafeMutablePointer<Float>?], elements: Range<Int>
  ) {
    signet_pass_float(
      pass.pass, pass.inputs, pass.channels, outputs, pass.constants, pass.pixels, pass.channelCount,
      elements.lowerBound, elements.count)
  }

  public static func sum(
    _ pass: PassOperands<Float>, rows: Int, columns: Int, into sums: [UnsafeMutablePointer<Float>?], range: Range<Int>
  ) {
    signet_pass_sums_float(
      pass.pass, pass.inputs, pass.channels, pass.constants, pass.pixels, pass.channelCount, rows, columns,
      range.lowerBound, range.count, sums)
  }

  public static func run(_ pass: WindowOperands<Float>, windows: Range<Int>) {
    signet_windows_float(
      pass.pass, pass.windows, pass.numbers, pass.windowOutputs, pass.numberOutputs, pass.constants, pass.height,
      pass.width, windows.lowerBound, windows.count)
  }

  public static func probabilities(
    of weights: WeightMemory<Float>, _ p: UnsafeMutablePointer<Float>, _ range: Range<Int>
  ) {
    weights.withKernelForm { signet_weight_probabilities_float($0, p, range.lowerBound, range.count) }
  }

  public static func renewMoments(of weights: WeightMemory<Float>, _ range: Range<Int>) {
    weights.withKernelForm { signet_weight_moments_float($0, range.lowerBound, range.count) }
  }

  public static func divergence(
    of weights: WeightMemory<Float>, _ divergence: UnsafeMutablePointer<Float>, _ range: Range<Int>
  ) {
    weights.withKernelForm { signet_weight_divergence_float($0, divergence, range.lowerBound, range.count) }
  }

  public static func gradient(
    of weights: WeightMemory<Float>, mean: UnsafePointer<Float>, variance: UnsafePointer<Float>,
    _ gradient: UnsafeMutablePointer<Float>, _ range: Range<Int>
  ) {
    weights.withKernelForm {
      signet_weight_gradient_float($0, mean, variance, gradient, range.lowerBound, range.count)
    }
  }

  public static func step(
    of weights: WeightMemory<Float>, mean: UnsafePointer<Float>, variance: UnsafePointer<Float>,
    _ step: AdamStep<Float>,
    _ first: UnsafeMutablePointer<Float>, _ second: UnsafeMutablePointer<Float>, limit: Float, _ range: Range<Int>
  ) {
    weights.withKernelForm {
      signet_weight_step_float(
        $0, mean, variance, first, second, step.kernelForm, limit, range.lowerBound, range.count)
    }
  }

  public static func clip(_ parameters: UnsafeMutablePointer<Float>, to limit: Float, count: Int) {
    signet_clip_float(parameters, limit, count)
  }

  public static func adam(
    _ parameters: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>,
    _ first: UnsafeMutablePointer<Float>, _ second: UnsafeMutablePointer<Float>, count: Int, step: AdamStep<Float>
  ) {
    signet_adam_float(parameters, gradients, first, second, count, step.kernelForm)
  }

  public var bits: UInt64 { UInt64(bitPattern) }
  public static var byteWidth: Int { 4 }
}

extension AdamStep<Float> {
  fileprivate var kernelForm: signet_adam_step_float {
    signet_adam_step_float(
      rate: rate, correction: correction, decay: decay, beta1: beta1, complement1: complement1, beta2: beta2,
      complement2: complement2, epsilon: epsilon)
  }
}

extension WeightMemory<Float> {
  fileprivate func withKernelForm(_ body: (UnsafePointer<signet_weights_float>) -> Void) {
    pass.values.withUnsafeBufferPointer { values in
      pass.logPrior.withUnsafeBufferPointer { logPrior in
        var form = signet_weights_float(
          parameterization: pass.parameterization, kinds: values.count, values: values.baseAddress,
          parameters: parameters,
          stride: stride, mean: mean, variance: variance, log_prior: logPrior.isEmpty ? nil : logPrior.baseAddress,
          divergence_weight: pass.divergenceWeight)
        body(&form)
      }
    }
  }
}
