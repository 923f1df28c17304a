import Layers
import Tensors
import Verification

extension GoldenCase {
  /// The loss and its gradients; nil if the case is about something else.
  func lossFields<Scalar: TensorScalar>() throws -> [ComputedField<Scalar>]? {
    switch operation {
    case "crossEntropy":
      let loss = SoftmaxCrossEntropy<Scalar>(
        outputs: try input("outputs"), labels: try classes(of: "outputs"), on: .single)
      return [("loss", Tensor([1], [loss.loss])), ("∂outputs", loss.gradient)]
    case "squaredHinge":
      let loss = SquaredHinge<Scalar>(outputs: try input("outputs"), labels: try classes(of: "outputs"), on: .single)
      return [("loss", Tensor([1], [loss.loss])), ("∂outputs", loss.gradient)]
    case "secondOrderCrossEntropy":
      let loss = SecondOrderCrossEntropy<Scalar>(
        mean: try input("mean"), variance: try input("variance"), labels: try classes(of: "mean"), on: .single)
      return [
        ("loss", Tensor([1], [loss.loss])), ("∂mean", loss.meanGradient), ("∂variance", loss.varianceGradient),
      ]
    default: return nil
    }
  }

  /// The labels, one for each row of the input with this name, each of one of its columns.
  private func classes(of name: String) throws -> [Int] {
    let (labels, scores) = (try classes(), try input(name) as Tensor<Double>)
    guard labels.count == scores.rows, labels.allSatisfy((0..<scores.columns).contains) else {
      throw unfit("\(scores.rows) labels below \(scores.columns)", "\(labels)")
    }
    return labels
  }
}
