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
  outputs(1, of: pass, inputs, channels, constants, on: device)[0]
}

/// The two outputs of a pass.
package func elementwise<Scalar: TensorScalar>(
  _ pass: Pass, _ inputs: Tensor<Scalar>..., channels: [Tensor<Scalar>] = [], constants: [Scalar] = [],
  on device: Device
) -> (Tensor<Scalar>, Tensor<Scalar>) {
  let y = outputs(2, of: pass, inputs, channels, constants, on: device)
  return (y[0], y[1])
}

/// The three outputs of a pass.
package func elementwise<Scalar: TensorScalar>(
  _ pass: Pass, _ inputs: Tensor<Scalar>..., channels: [Tensor<Scalar>] = [], constants: [Scalar] = [],
  on device: Device
) -> (Tensor<Scalar>, Tensor<Scalar>, Tensor<Scalar>) {
  let y = outputs(3, of: pass, inputs, channels, constants, on: device)
  return (y[0], y[1], y[2])
}

/// The sums over the rows of each column of a pass's outputs, each of shape `(columns)` and in the fixed order of
/// `Tensor.columnSums(on:)`. The outputs themselves are not stored.
package func columnSums<Scalar: TensorScalar>(
  of pass: Pass, _ inputs: Tensor<Scalar>..., channels: [Tensor<Scalar>] = [], constants: [Scalar] = [],
  on device: Device
) -> [Tensor<Scalar>] {
  let (rows, columns) = (inputs[0].rows, inputs[0].columns)
  return withOperands(of: pass, inputs, channels, constants) { operands in
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
  fileprivate var shape: signet_pass_shape { signet_pass_shape(self) }
}

private func outputs<Scalar: TensorScalar>(
  _ count: Int, of pass: Pass, _ inputs: [Tensor<Scalar>], _ channels: [Tensor<Scalar>], _ constants: [Scalar],
  on device: Device
) -> [Tensor<Scalar>] {
  precondition(count == pass.shape.outputs, "\(pass): \(pass.shape.outputs) outputs, not \(count)")
  return withOperands(of: pass, inputs, channels, constants) { operands in
    tensors(count, inputs[0].shape) { outputs in
      device.forEachRange(of: inputs[0].count, grain: 4096) {
        Scalar.run(operands, into: outputs, elements: $0)
      }
    }
  }
}

private func withOperands<Scalar: TensorScalar, Result>(
  of pass: Pass, _ inputs: [Tensor<Scalar>], _ channels: [Tensor<Scalar>], _ constants: [Scalar],
  _ body: (PassOperands<Scalar>) -> Result
) -> Result {
  let (shape, columns) = (pass.shape, inputs[0].columns)
  let channelCount = channels.first?.count ?? 1
  precondition(
    inputs.count == shape.inputs && channels.count == shape.channels && constants.count == shape.constants,
    "\(pass): \(inputs.count) inputs, \(channels.count) channel operands, \(constants.count) constants")
  precondition(
    inputs.allSatisfy { $0.shape == inputs[0].shape } && channels.allSatisfy { $0.count == channelCount }
      && columns % channelCount == 0,
    "\(pass): inputs of shapes \(inputs.map(\.shape)), channel operands of shapes \(channels.map(\.shape))")
  return withPointers(inputs[...], []) { inputs in
    withPointers(channels[...], []) { channels in
      body(
        PassOperands(
          pass: pass, inputs: inputs, channels: channels, constants: constants, pixels: columns / channelCount,
          channelCount: channelCount))
    }
  }
}
