import Exchange
import Layers
import Networks
import PackedInference
import Tensors
import TestSupport
import Testing
import Verification
import WeightDistributions

@Suite("ONNX and QONNX files, evaluated")
struct GraphTests {
  /// A packed network in whose hidden layers a sign is +1 above a threshold, +1 below it, always +1 and always −1, channel by channel.
  private func everySign(_ architecture: Architecture, pixelMaximum: Int) throws -> PackedNetwork<Float> {
    var own = try network(architecture, .discreteSign, pixelMaximum: pixelMaximum)
    let normalization: [String: [Float]] = [
      "normalization.scale": [1, -1, 0, 0], "normalization.shift": [0.25, 0.25, 1, -1],
      "normalization.runningMean": [0.5, -0.125, 0, 0],
    ]
    for index in own.blocks.indices.dropLast() {
      let parameters = own.blocks[index].parameters.map { parameter -> Tensor<Float> in
        guard let four = normalization[parameter.name] else { return parameter.tensor }
        return Tensor(parameter.tensor.shape, (0..<parameter.tensor.count).map { four[$0 % 4] })
      }
      own.blocks[index].setParameters(parameters, on: .single)
    }
    let last = own.blocks.count - 1
    own.blocks[last].setParameters(
      own.blocks[last].parameters.map { parameter in
        parameter.name == "linear.bias" ? Tensor([10], (0..<10).map { Float($0) / 3 }) : parameter.tensor
      }, on: .single)
    let packed = try PackedNetwork(own, on: .single)
    for layer in packed.integerLayers.dropLast() {
      guard case .signs(let thresholds, let flips) = layer.rule else { preconditionFailure("a hidden layer has signs") }
      #expect(Array(flips[..<4]) == [false, true, false, true])
      #expect(thresholds[..<4].map { $0 == .min } == [false, false, true, true])
    }
    return packed
  }

  @Test(
    "the nodes of a file give every hidden sign and every score's bits, of pixels up to an odd and an even number",
    arguments: [
      "10", "8-6-10", "8C3-P2-4C3-A2-6-10", "8C3-A2-4C3-P2-6-10", "8C3-S2-10", "8C3V-A2-6-10", "4C5V-10",
    ] as [Architecture], [255, 16, 3])
  func values(architecture: Architecture, pixelMaximum: Int) throws {
    let network = try everySign(architecture, pixelMaximum: pixelMaximum)
    let (count, size) = (3, 2 * 6 * 7)
    var numbers = TestNumbers(seed: 21)
    let pixels = numbers.bytes(count * size, below: pixelMaximum + 1)
    let (hidden, scores) = try pixels.withUnsafeBufferPointer { pixels in
      let base = try #require(pixels.baseAddress)
      return (network.hiddenSigns(base, count: count), network.outputs(base, count: count, on: .single))
    }
    // For −1 and +1 the signs are 0 and 2 in ONNX, and themselves in QONNX.
    for (format, bytes, zero) in try [("ONNX", network.onnx(), 1.0), ("QONNX", network.qonnx(), 0.0)] {
      let graph = try #require(try Message(bytes).messages(7).first)
      for image in 0..<count {
        let values = try GraphEvaluation(
          graph, pixels: Array(pixels[image * size..<(image + 1) * size]), shape: [2, 6, 7]
        ).values
        func own(_ tensor: Tensor<Float>) -> [Double] {
          let each = tensor.count / count
          return tensor.scalars[image * each..<(image + 1) * each].map { Double($0) }
        }
        for (index, signs) in hidden.enumerated() {
          let name = "layer\(index + 1).signs"
          expectSame(try #require(values[name]).numbers.map { $0 - zero }, own(signs), "\(format), \(name)")
        }
        #expect(values["scores"]?.numbers == own(scores), "\(format)")
      }
    }
  }
}
