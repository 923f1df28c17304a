package import Kernels

/// A formula over windows of 2×2 pixels: its text is in `Kernels/Passes`.
package typealias WindowPass = signet_window_pass

/// The outputs of a pass over the windows of images: those with a window of pixels for each window, in the images' shape, and those with
/// one number for each.
///
/// - Parameters:
///   - images: the shape `(N, C, H, W)`, `H` and `W` at least 2.
///   - windows: operands of that shape.
///   - numbers: operands with one number for each window, shape `(N, C, ⌊H/2⌋, ⌊W/2⌋)`.
/// - Precondition: the pass has so many operands of each kind.
package func overWindows<Scalar: TensorScalar>(
  _ pass: WindowPass, images: Shape, windows: [Tensor<Scalar>], numbers: [Tensor<Scalar>] = [],
  constants: [Scalar] = [], on device: Device
) -> (windows: [Tensor<Scalar>], numbers: [Tensor<Scalar>]) {
  let shape = signet_window_shape(pass)
  let (height, width) = (images[2], images[3])
  let output = [images[0], images[1], height / 2, width / 2]
  precondition(
    windows.count == shape.windows && numbers.count == shape.numbers && constants.count == shape.constants
      && windows.allSatisfy { $0.shape == images } && numbers.allSatisfy { $0.shape == output },
    "\(pass): windows of shapes \(windows.map(\.shape)), numbers of shapes \(numbers.map(\.shape)), \(constants.count) "
      + "constants for images \(images)")
  if let accelerator = device.accelerator(for: Scalar.self) {
    return accelerator.overWindows(pass, images: images, windows, numbers, constants)
  }
  var numberOutputs: [Tensor<Scalar>] = []
  let windowOutputs = withPointers(windows[...], []) { windows in
    withPointers(numbers[...], []) { numbers in
      tensors(shape.window_outputs, images) { windowOutputs in
        numberOutputs = tensors(shape.number_outputs, output) { numberOutputs in
          device.forEachRange(of: output.reduce(1, *), grain: 512) {
            Scalar.run(
              WindowOperands(
                pass: pass, windows: windows, numbers: numbers, constants: constants, windowOutputs: windowOutputs,
                numberOutputs: numberOutputs, height: height, width: width), windows: $0)
          }
        }
      }
    }
  }
  return (windowOutputs, numberOutputs)
}

/// A window pass with its operands in memory.
public struct WindowOperands<Scalar: TensorScalar> {
  let pass: WindowPass
  let windows, numbers: [UnsafePointer<Scalar>?]
  let constants: [Scalar]
  let windowOutputs, numberOutputs: [UnsafeMutablePointer<Scalar>?]
  let height, width: Int
}
