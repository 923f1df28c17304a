import Layers
import Networks
import RandomStreams
import Tensors
import WeightDistributions

/// What a block of a deployed network reads.
package enum DeployedInput {
  /// Real numbers; the block is evaluated in `Scalar` as it is.
  case real
  /// Integers `2p − M` of pixels `p` from 0 to `M`.
  case pixels(maximum: Int)
  /// ±1.
  case signs
}

extension Block {
  /// The block's steps in the deployed network, with the most probable weights or, given a stream, with sampled weights.
  ///
  /// With real inputs each layer is a step of its own. With integers (**ours**; `Method.md` §6) the steps are an integer sum, pooling of it,
  /// and one multiplication, followed by batch normalization and sign or, in the last block, by the bias.
  package func deployed(
    reading input: DeployedInput, sampledFrom stream: RandomStream?, on device: Device
  ) -> [PredictionStep<Scalar>] {
    guard let weights = linear.discreteWeights(sampledFrom: stream, on: device) else {
      return stages.compactMap { $0.layer.prediction(on: device) }
    }
    // A discrete network has a bias in its last layer, and divides there.
    let divisor: Double = linear.bias == nil ? 1 : outputDivisor(fanIn: weights.shape[0])
    let range: Int
    switch input {
    case .real:
      return stages.compactMap { stage in
        guard stage.role == .linear else { return stage.layer.prediction(on: device) }
        return .linear(
          linear.map, weights: weights.values(on: device), bias: linear.bias, divisor: Scalar(divisor))
      }
    case .pixels(let maximum): range = maximum
    case .signs: range = 1
    }
    var steps: [PredictionStep<Scalar>] = [.integerLinear(linear.map, weights, integers: weights.integers(on: device))]
    if let pooling { steps.append(.pool(pooling.ofIntegers)) }
    let constant = Scalar(deployedConstant(grid: weights.grid, range: range, divisor: divisor))
    if let bias = linear.bias {
      steps.append(.multiplyAdd(constant, bias.map(on: .single) { Scalar(Double($0) / divisor) }))
    } else {
      steps.append(.multiply(constant))
    }
    return steps + [Role.normalization, .activation].compactMap { self[$0]?.prediction(on: device) }
  }

  /// The constant that multiplies the integer sum, in Double: the grid's scale, dropout's factor, `1/M` for pixels, 1/4 for
  /// average pooling and, in a last block, `1/√(I + 1)`.
  ///
  ///     (1 − p) / (denominator · M · w · d),   w = 4 for average pooling, else 1
  private func deployedConstant(grid: WeightGrid, range: Int, divisor: Double) -> Double {
    let window = pooling == .average ? 4 : 1
    return (1 - dropout) / (Double(grid.denominator * range * window) * divisor)
  }
}
