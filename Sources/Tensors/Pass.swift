package import Kernels

/// A formula that is computed element by element, in one pass over memory: its text is in `Kernels/Passes`, in the file that bears
/// the name of its layer.
package typealias Pass = signet_pass

/// The output of a pass, in the shape of its inputs.
///
/// - Parameters:
///   - inputs: of one shape, `(N, C)` or `(N, C, H, W)` if there are channel operands.
///   - channels: operands with a number for each channel, shape `(C)`, or for each column.
///   - constants: operands with one number in all.
/// - Precondition: the pass has so many operands of each kind, and one output.
package func elementwise<Scalar: TensorScalar>(
  _ pass: Pass, _ inputs: Tensor<Scalar>..., channels: [Tensor<Scalar>] = [], constants: [Scalar] = [],
  on device: Device
) -> Tensor<Scalar> {
  outputs(of: pass, inputs, channels: channels, constants: constants, on: device, 1)[0]
}

/// The two outputs of a pass.
package func elementwise<Scalar: TensorScalar>(
  _ pass: Pass, _ inputs: Tensor<Scalar>..., channels: [Tensor<Scalar>] = [], constants: [Scalar] = [],
  on device: Device
) -> (Tensor<Scalar>, Tensor<Scalar>) {
  let y = outputs(of: pass, inputs, channels: channels, constants: constants, on: device, 2)
  return (y[0], y[1])
}

/// The three outputs of a pass.
package func elementwise<Scalar: TensorScalar>(
  _ pass: Pass, _ inputs: Tensor<Scalar>..., channels: [Tensor<Scalar>] = [], constants: [Scalar] = [],
  on device: Device
) -> (Tensor<Scalar>, Tensor<Scalar>, Tensor<Scalar>) {
  let y = outputs(of: pass, inputs, channels: channels, constants: constants, on: device, 3)
  return (y[0], y[1], y[2])
}

/// The sums over the rows of each column of a pass's outputs, each of shape `(columns)` and in the fixed order of
/// `Tensor.columnSums(on:)`. The outputs themselves are not stored.
package func columnSums<Scalar: TensorScalar>(
  of pass: Pass, _ inputs: Tensor<Scalar>..., channels: [Tensor<Scalar>] = [], constants: [Scalar] = [],
  on device: Device
) -> [Tensor<Scalar>] {
  sums(of: pass, inputs, channels: channels, constants: constants, on: device)
}

/// `columnSums` of any number of inputs.
package func sums<Scalar: TensorScalar>(
  of pass: Pass, _ inputs: [Tensor<Scalar>], channels: [Tensor<Scalar>], constants: [Scalar], on device: Device
) -> [Tensor<Scalar>] {
  let (rows, columns) = (inputs[0].rows, inputs[0].columns)
  let layout = ChannelLayout(of: pass, inputs, channels, constants)
  if let accelerator = device.accelerator(for: Scalar.self) {
    return accelerator.columnSums(of: pass, pass.shape.outputs, inputs, channels, constants, layout)
  }
  return withOperands(of: pass, inputs, channels, constants, layout) { operands in
    tensors(pass.shape.outputs, [columns]) { sums in
      device.forEachRange(of: columns, grain: Swift.max(16, 16384 / rows)) {
        Scalar.sum(operands, rows: rows, columns: columns, into: sums, range: $0)
      }
    }
  }
}

/// A pass with its operands in memory.
public struct PassOperands<Scalar: TensorScalar> {
  let pass: Pass
  /// A number for each element.
  let inputs: [UnsafePointer<Scalar>?]
  /// A number for each channel; element `i` is in channel `i / pixels % channelCount`.
  let channels: [UnsafePointer<Scalar>?]
  let constants: [Scalar]
  let pixels, channelCount: Int
}

extension Pass {
  var shape: signet_pass_shape { signet_pass_shape(self) }
}

/// All outputs of a pass, of any number of inputs.
///
/// - Parameter expected: how many outputs the caller expects, if it knows.
package func outputs<Scalar: TensorScalar>(
  of pass: Pass, _ inputs: [Tensor<Scalar>], channels: [Tensor<Scalar>], constants: [Scalar], on device: Device,
  _ expected: Int? = nil
) -> [Tensor<Scalar>] {
  let count = pass.shape.outputs
  precondition(expected ?? count == count, "\(pass): \(count) outputs, not \(expected ?? count)")
  let layout = ChannelLayout(of: pass, inputs, channels, constants)
  if let accelerator = device.accelerator(for: Scalar.self) {
    return accelerator.outputs(count, of: pass, inputs, channels, constants, layout)
  }
  return withOperands(of: pass, inputs, channels, constants, layout) { operands in
    tensors(count, inputs[0].shape) { outputs in
      device.forEachRange(of: inputs[0].count, grain: 4096) {
        Scalar.run(operands, into: outputs, elements: $0)
      }
    }
  }
}

/// Which channel an element is in: element `i` in channel `i / pixels % count`.
struct ChannelLayout {
  let pixels, count: Int

  /// The layout of a pass's operands, which must be as many as it has, and of shapes that agree.
  init<Scalar>(
    of pass: Pass, _ inputs: [Tensor<Scalar>], _ channels: [Tensor<Scalar>], _ constants: [Scalar]
  ) {
    let (shape, columns) = (pass.shape, inputs[0].columns)
    let count = channels.first?.count ?? 1
    precondition(
      inputs.count == shape.inputs && channels.count == shape.channels && constants.count == shape.constants,
      "\(pass): \(inputs.count) inputs, \(channels.count) channel operands, \(constants.count) constants")
    precondition(
      inputs.allSatisfy { $0.shape == inputs[0].shape } && channels.allSatisfy { $0.count == count }
        && columns % count == 0,
      "\(pass): inputs of shapes \(inputs.map(\.shape)), channel operands of shapes \(channels.map(\.shape))")
    (pixels, self.count) = (columns / count, count)
  }
}

private func withOperands<Scalar: TensorScalar, Result>(
  of pass: Pass, _ inputs: [Tensor<Scalar>], _ channels: [Tensor<Scalar>], _ constants: [Scalar],
  _ layout: ChannelLayout, _ body: (PassOperands<Scalar>) -> Result
) -> Result {
  withPointers(inputs[...], []) { inputs in
    withPointers(channels[...], []) { channels in
      body(
        PassOperands(
          pass: pass, inputs: inputs, channels: channels, constants: constants, pixels: layout.pixels,
          channelCount: layout.count))
    }
  }
}
