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

  public static func uniform(
    key: SIMD2<UInt32>, from counter: SIMD4<UInt32>, _ y: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    signet_uniform_float(
      signet_philox(key: (key.x, key.y), index: counter.x, rest: (counter.y, counter.z, counter.w)), y, count)
  }

  public static func logistic(
    key: SIMD2<UInt32>, from counter: SIMD4<UInt32>, _ y: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    signet_logistic_float(
      signet_philox(key: (key.x, key.y), index: counter.x, rest: (counter.y, counter.z, counter.w)), y, count)
  }

  public static func normal(
    key: SIMD2<UInt32>, from counter: SIMD4<UInt32>, _ y: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    signet_normal_float(
      signet_philox(key: (key.x, key.y), index: counter.x, rest: (counter.y, counter.z, counter.w)), y, count)
  }

  public static func run(
    pass: UInt32, _ operands: PassOperands<Float>, into outputs: [UnsafeMutablePointer<Float>?], elements: Range<Int>
  ) {
    guard let pass = signet_pass(rawValue: pass) else { preconditionFailure("no pass \(pass)") }
    signet_pass_float(
      pass, operands.inputs, operands.channels, outputs, operands.constants, operands.pixels, operands.channelCount,
      elements.lowerBound, elements.count)
  }

  public static func sum(
    pass: UInt32, _ operands: PassOperands<Float>, rows: Int, columns: Int, into sums: [UnsafeMutablePointer<Float>?],
    range: Range<Int>
  ) {
    guard let pass = signet_pass(rawValue: pass) else { preconditionFailure("no pass \(pass)") }
    signet_pass_sums_float(
      pass, operands.inputs, operands.channels, operands.constants, operands.pixels, operands.channelCount, rows,
      columns, range.lowerBound, range.count, sums)
  }

  public static func run(windowPass: UInt32, _ operands: WindowOperands<Float>, windows: Range<Int>) {
    guard let pass = signet_window_pass(rawValue: windowPass) else {
      preconditionFailure("no window pass \(windowPass)")
    }
    signet_windows_float(
      pass, operands.windows, operands.numbers, operands.windowOutputs, operands.numberOutputs, operands.constants,
      operands.height, operands.width, windows.lowerBound, windows.count)
  }

  public static func softmax(
    _ logits: UnsafePointer<Float>, stride: Int, _ p: UnsafeMutablePointer<Float>, stride pStride: Int, kinds: Int,
    count: Int
  ) {
    signet_softmax_float(logits, stride, p, pStride, kinds, count)
  }

  public static func moments(
    _ p: UnsafePointer<Float>, stride: Int, values: [Float], mean: UnsafeMutablePointer<Float>,
    variance: UnsafeMutablePointer<Float>, count: Int
  ) {
    signet_moments_float(p, stride, values, values.count, mean, variance, count)
  }

  public static func softmaxGradient(
    _ p: UnsafeMutablePointer<Float>, stride: Int, values: [Float], mean: UnsafePointer<Float>,
    variance: UnsafePointer<Float>, dMean: UnsafePointer<Float>, dVariance: UnsafePointer<Float>, count: Int
  ) {
    signet_softmax_gradient_float(p, stride, values, values.count, mean, variance, dMean, dVariance, count)
  }

  public static func clip(_ parameters: UnsafeMutablePointer<Float>, to limit: Float, count: Int) {
    signet_clip_float(parameters, limit, count)
  }

  public static func adam(
    _ parameters: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>,
    _ first: UnsafeMutablePointer<Float>, _ second: UnsafeMutablePointer<Float>, count: Int, step: AdamStep<Float>
  ) {
    signet_adam_float(
      parameters, gradients, first, second, count,
      signet_adam_step_float(
        rate: step.rate, correction: step.correction, decay: step.decay, beta1: step.beta1,
        complement1: step.complement1, beta2: step.beta2, complement2: step.complement2, epsilon: step.epsilon))
  }

  public var littleEndianBits: UInt64 { UInt64(bitPattern) }
  public static var byteWidth: Int { 4 }
}
