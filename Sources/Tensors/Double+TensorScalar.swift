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

  public static func uniform(
    key: SIMD2<UInt32>, from counter: SIMD4<UInt32>, _ y: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    signet_uniform_double(
      signet_philox(key: (key.x, key.y), index: counter.x, rest: (counter.y, counter.z, counter.w)), y, count)
  }

  public static func logistic(
    key: SIMD2<UInt32>, from counter: SIMD4<UInt32>, _ y: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    signet_logistic_double(
      signet_philox(key: (key.x, key.y), index: counter.x, rest: (counter.y, counter.z, counter.w)), y, count)
  }

  public static func normal(
    key: SIMD2<UInt32>, from counter: SIMD4<UInt32>, _ y: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    signet_normal_double(
      signet_philox(key: (key.x, key.y), index: counter.x, rest: (counter.y, counter.z, counter.w)), y, count)
  }

  public static func run(
    pass: UInt32, _ operands: PassOperands<Double>, into outputs: [UnsafeMutablePointer<Double>?], elements: Range<Int>
  ) {
    guard let pass = signet_pass(rawValue: pass) else { preconditionFailure("no pass \(pass)") }
    signet_pass_double(
      pass, operands.inputs, operands.channels, outputs, operands.constants, operands.pixels, operands.channelCount,
      elements.lowerBound, elements.count)
  }

  public static func sum(
    pass: UInt32, _ operands: PassOperands<Double>, rows: Int, columns: Int, into sums: [UnsafeMutablePointer<Double>?],
    range: Range<Int>
  ) {
    guard let pass = signet_pass(rawValue: pass) else { preconditionFailure("no pass \(pass)") }
    signet_pass_sums_double(
      pass, operands.inputs, operands.channels, operands.constants, operands.pixels, operands.channelCount, rows,
      columns, range.lowerBound, range.count, sums)
  }

  public static func run(windowPass: UInt32, _ operands: WindowOperands<Double>, windows: Range<Int>) {
    guard let pass = signet_window_pass(rawValue: windowPass) else {
      preconditionFailure("no window pass \(windowPass)")
    }
    signet_windows_double(
      pass, operands.windows, operands.numbers, operands.windowOutputs, operands.numberOutputs, operands.constants,
      operands.height, operands.width, windows.lowerBound, windows.count)
  }

  public static func softmax(
    _ logits: UnsafePointer<Double>, stride: Int, _ p: UnsafeMutablePointer<Double>, stride pStride: Int, kinds: Int,
    count: Int
  ) {
    signet_softmax_double(logits, stride, p, pStride, kinds, count)
  }

  public static func moments(
    _ p: UnsafePointer<Double>, stride: Int, values: [Double], mean: UnsafeMutablePointer<Double>,
    variance: UnsafeMutablePointer<Double>, count: Int
  ) {
    signet_moments_double(p, stride, values, values.count, mean, variance, count)
  }

  public static func softmaxGradient(
    _ p: UnsafeMutablePointer<Double>, stride: Int, values: [Double], mean: UnsafePointer<Double>,
    variance: UnsafePointer<Double>, dMean: UnsafePointer<Double>, dVariance: UnsafePointer<Double>, count: Int
  ) {
    signet_softmax_gradient_double(p, stride, values, values.count, mean, variance, dMean, dVariance, count)
  }

  public static func clip(_ parameters: UnsafeMutablePointer<Double>, to limit: Double, count: Int) {
    signet_clip_double(parameters, limit, count)
  }

  public static func adam(
    _ parameters: UnsafeMutablePointer<Double>, _ gradients: UnsafePointer<Double>,
    _ first: UnsafeMutablePointer<Double>, _ second: UnsafeMutablePointer<Double>, count: Int, step: AdamStep<Double>
  ) {
    signet_adam_double(
      parameters, gradients, first, second, count,
      signet_adam_step_double(
        rate: step.rate, correction: step.correction, decay: step.decay, beta1: step.beta1,
        complement1: step.complement1, beta2: step.beta2, complement2: step.complement2, epsilon: step.epsilon))
  }

  public var littleEndianBits: UInt64 { bitPattern }
  public static var byteWidth: Int { 8 }
}
