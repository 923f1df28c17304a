internal import Kernels

extension Double: TensorScalar {
  public static func multiply(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int,
    _ a: UnsafePointer<Double>, _ lda: Int, _ b: UnsafePointer<Double>, _ ldb: Int,
    _ c: UnsafeMutablePointer<Double>, _ ldc: Int
  ) -> Bool {
    signet_matmul_double(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc)
  }

  public static func convolve(
    _ shape: ConvolutionShape, _ x: UnsafePointer<Double>, _ weights: UnsafePointer<Double>,
    _ y: UnsafeMutablePointer<Double>
  ) -> Bool {
    signet_convolution_double(shape.forKernels, x, weights, y)
  }

  public static func convolveForWeights(
    _ shape: ConvolutionShape, rows: Range<Int>, _ x: UnsafePointer<Double>, _ dy: UnsafePointer<Double>,
    _ dWeights: UnsafeMutablePointer<Double>
  ) -> Bool {
    signet_convolution_weights_double(shape.forKernels, rows.lowerBound, rows.count, x, dy, dWeights)
  }

  public static func apply(
    _ function: ElementaryFunction, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    switch function {
    case .exp: signet_exp_double(x, y, count)
    case .log: signet_log_double(x, y, count)
    case .log1p: signet_log1p_double(x, y, count)
    case .erf: signet_erf_double(x, y, count)
    case .erfc: signet_erfc_double(x, y, count)
    case .tanh: signet_tanh_double(x, y, count)
    case .sinpi: signet_sinpi_double(x, y, count)
    case .cospi: signet_cospi_double(x, y, count)
    case .squareRoot: signet_sqrt_double(x, y, count)
    }
  }

  public static func draw(
    _ deviate: Deviate, key: SIMD2<UInt32>, from counter: SIMD4<UInt32>, _ y: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    let first = signet_philox(key: key, counter: counter)
    switch deviate {
    case .uniform: signet_uniform_double(first, y, count)
    case .logistic: signet_logistic_double(first, y, count)
    case .normal: signet_normal_double(first, y, count)
    }
  }

  public static func run(
    _ pass: PassOperands<Double>, into outputs: [UnsafeMutablePointer<Double>?], elements: Range<Int>
  ) {
    signet_pass_double(
      pass.pass, pass.inputs, pass.channels, outputs, pass.constants, pass.pixels, pass.channelCount,
      elements.lowerBound, elements.count)
  }

  public static func sum(
    _ pass: PassOperands<Double>, rows: Int, columns: Int, into sums: [UnsafeMutablePointer<Double>?], range: Range<Int>
  ) {
    signet_pass_sums_double(
      pass.pass, pass.inputs, pass.channels, pass.constants, pass.pixels, pass.channelCount, rows, columns,
      range.lowerBound, range.count, sums)
  }

  public static func run(_ pass: WindowOperands<Double>, windows: Range<Int>) {
    signet_windows_double(
      pass.pass, pass.windows, pass.numbers, pass.windowOutputs, pass.numberOutputs, pass.constants, pass.height,
      pass.width, windows.lowerBound, windows.count)
  }

  public static func probabilities(
    of weights: WeightMemory<Double>, _ p: UnsafeMutablePointer<Double>, _ range: Range<Int>
  ) {
    weights.withKernelForm { signet_weight_probabilities_double($0, p, range.lowerBound, range.count) }
  }

  public static func renewMoments(of weights: WeightMemory<Double>, _ range: Range<Int>) {
    weights.withKernelForm { signet_weight_moments_double($0, range.lowerBound, range.count) }
  }

  public static func divergence(
    of weights: WeightMemory<Double>, _ divergence: UnsafeMutablePointer<Double>, _ range: Range<Int>
  ) {
    weights.withKernelForm { signet_weight_divergence_double($0, divergence, range.lowerBound, range.count) }
  }

  public static func gradient(
    of weights: WeightMemory<Double>, mean: UnsafePointer<Double>, variance: UnsafePointer<Double>,
    _ gradient: UnsafeMutablePointer<Double>, _ range: Range<Int>
  ) {
    weights.withKernelForm {
      signet_weight_gradient_double($0, mean, variance, gradient, range.lowerBound, range.count)
    }
  }

  public static func step(
    of weights: WeightMemory<Double>, mean: UnsafePointer<Double>, variance: UnsafePointer<Double>,
    _ step: AdamStep<Double>,
    _ first: UnsafeMutablePointer<Double>, _ second: UnsafeMutablePointer<Double>, limit: Double, _ range: Range<Int>
  ) {
    weights.withKernelForm {
      signet_weight_step_double(
        $0, mean, variance, first, second, step.kernelForm, limit, range.lowerBound, range.count)
    }
  }

  public static func clip(_ parameters: UnsafeMutablePointer<Double>, to limit: Double, count: Int) {
    signet_clip_double(parameters, limit, count)
  }

  public static func adam(
    _ parameters: UnsafeMutablePointer<Double>, _ gradients: UnsafePointer<Double>,
    _ first: UnsafeMutablePointer<Double>, _ second: UnsafeMutablePointer<Double>, count: Int, step: AdamStep<Double>
  ) {
    signet_adam_double(parameters, gradients, first, second, count, step.kernelForm)
  }

  public var bits: UInt64 { bitPattern }
  public static var byteWidth: Int { 8 }
}

extension AdamStep<Double> {
  fileprivate var kernelForm: signet_adam_step_double {
    signet_adam_step_double(
      rate: rate, correction: correction, decay: decay, beta1: beta1, complement1: complement1, beta2: beta2,
      complement2: complement2, epsilon: epsilon)
  }
}

extension WeightMemory<Double> {
  fileprivate func withKernelForm(_ body: (UnsafePointer<signet_weights_double>) -> Void) {
    pass.values.withUnsafeBufferPointer { values in
      pass.logPrior.withUnsafeBufferPointer { logPrior in
        var form = signet_weights_double(
          parameterization: pass.parameterization, kinds: values.count, values: values.baseAddress,
          parameters: parameters,
          stride: stride, mean: mean, variance: variance, log_prior: logPrior.isEmpty ? nil : logPrior.baseAddress,
          divergence_weight: pass.divergenceWeight)
        body(&form)
      }
    }
  }
}
