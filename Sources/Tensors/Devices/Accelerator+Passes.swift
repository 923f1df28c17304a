internal import Kernels

// What `Pass.swift`, `WindowPass.swift` and `Elementwise.swift` do on a processor, by the kernels of Kernels/Device/PassKernels.inc.

extension Accelerator {
  func outputs<Scalar>(
    _ count: Int, of pass: Pass, _ inputs: [Tensor<Scalar>], _ channels: [Tensor<Scalar>], _ constants: [Scalar],
    _ layout: ChannelLayout
  ) -> [Tensor<Scalar>] {
    let results: [Output<Scalar>] = (0..<count).map { _ in tensor(inputs[0].shape) }
    launch(
      "run_\(String(cString: pass.shape.name))", threads: inputs[0].count,
      sizes(inputs[0].count, layout.pixels, layout.count) + operands(inputs) + operands(channels) + memories(results)
        + numbers(constants))
    return results.map(\.tensor)
  }

  func columnSums<Scalar>(
    of pass: Pass, _ count: Int, _ inputs: [Tensor<Scalar>], _ channels: [Tensor<Scalar>], _ constants: [Scalar],
    _ layout: ChannelLayout
  ) -> [Tensor<Scalar>] {
    let columns = inputs[0].columns
    let results: [Output<Scalar>] = (0..<count).map { _ in tensor([columns]) }
    launch(
      "sum_\(String(cString: pass.shape.name))", threads: columns,
      sizes(columns, inputs[0].rows, layout.pixels, layout.count) + operands(inputs) + operands(channels)
        + memories(results) + numbers(constants))
    return results.map(\.tensor)
  }

  func rowSums<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    let y: Output<Scalar> = tensor([x.rows])
    driver.launch(
      "row_sums", groups: x.rows, sizes(x.columns) + operands([x]) + memories([y]), mayOverlap: false)
    return y.tensor
  }

  func overWindows<Scalar>(
    _ pass: WindowPass, images: Shape, _ windows: [Tensor<Scalar>], _ numbers: [Tensor<Scalar>], _ constants: [Scalar]
  ) -> (windows: [Tensor<Scalar>], numbers: [Tensor<Scalar>]) {
    let shape = signet_window_shape(pass)
    let output = [images[0], images[1], images[2] / 2, images[3] / 2]
    let windowResults: [Output<Scalar>] = (0..<shape.window_outputs).map { _ in tensor(images) }
    let numberResults: [Output<Scalar>] = (0..<shape.number_outputs).map { _ in tensor(output) }
    let count = output.reduce(1, *)
    launch(
      "window_\(String(cString: shape.name))", threads: count,
      sizes(count, images[2], images[3]) + operands(windows) + operands(numbers) + memories(windowResults)
        + memories(numberResults) + self.numbers(constants))
    return (windowResults.map(\.tensor), numberResults.map(\.tensor))
  }

  func apply<Scalar>(_ function: ElementaryFunction, to x: Tensor<Scalar>) -> Tensor<Scalar> {
    let y: Output<Scalar> = tensor(x.shape)
    launch("apply_\(function)", threads: x.count, sizes(x.count) + operands([x]) + memories([y]))
    return y.tensor
  }

  /// Numbers drawn from the words of a stream, whose first block's counter is given.
  func draw<Scalar>(_ deviate: Deviate, _ shape: Shape, key: SIMD2<UInt32>, from counter: SIMD4<UInt32>) -> Tensor<
    Scalar
  > {
    let y: Output<Scalar> = tensor(shape)
    let count = shape.reduce(1, *)
    let words = [key.x, key.y, counter.x, counter.y, counter.z, counter.w]
    launch("draw_\(deviate)", threads: (count + 3) / 4, sizes(count) + [.words(words)] + memories([y]))
    return y.tensor
  }

  // MARK: - Arguments

  typealias Output<Scalar: TensorScalar> = (memory: DeviceMemory, tensor: Tensor<Scalar>)

  func sizes(_ sizes: Int...) -> [DeviceLaunch.Argument] { sizes.map { .size($0) } }

  /// Lengths as numbers of 32 bits.
  func words(_ lengths: [Int]) -> [UInt32] {
    lengths.map { length in
      guard let word = UInt32(exactly: length) else { preconditionFailure("\(label): a tensor of \(length) elements") }
      return word
    }
  }

  func operands<Scalar>(_ tensors: [Tensor<Scalar>]) -> [DeviceLaunch.Argument] {
    tensors.map { .memory(memory(of: $0)) }
  }

  func memories<Scalar>(_ results: [Output<Scalar>]) -> [DeviceLaunch.Argument] { results.map { .result($0.memory) } }

  func numbers<Scalar: TensorScalar>(_ constants: [Scalar]) -> [DeviceLaunch.Argument] {
    constants.map { .number(Float($0)) }
  }
}
