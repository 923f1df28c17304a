import Layers
import Tensors
import Verification

/// A loss as a function of the outputs.
package struct LossProbe: GradientProbe {
  package enum Loss: String, CaseIterable, Sendable { case crossEntropy, secondOrderCrossEntropy, squaredHinge }

  package let loss: Loss
  package let (samples, classes): (Int, Int)

  package init(_ loss: Loss, _ samples: Int, _ classes: Int) {
    (self.loss, self.samples, self.classes) = (loss, samples, classes)
  }

  package static let all = Loss.allCases.flatMap { loss in
    [(1, 1), (3, 4), (2, 7)].map { LossProbe(loss, $0, $1) }
  }

  package var name: String { "\(loss.rawValue) \(samples)×\(classes)" }
  package var subject: String { loss.rawValue }

  package var labels: [Int] { (0..<samples).map { ($0 * 3 + 1) % classes } }

  private var variables: [GradientCheck.Variable] {
    let shape = [samples, classes]
    switch loss {
    case .crossEntropy: return [.init("outputs", probeNumbers(shape), hint: "(softmax − [c = label]) / N")]
    case .secondOrderCrossEntropy:
      return [
        .init(
          "mean", probeNumbers(shape),
          hint: "(s_k − [k = label] + ½ s_k ((1 − 2 s_k) v_k − Σ_c s_c (1 − 2 s_c) v_c)) / N, Method.md §3"),
        .init("variance", probeNumbers(shape, in: 0.2...2, seed: 4), hint: "½ s_k (1 − s_k) / N, Method.md §3"),
      ]
    // No margin is within two steps of the hinge.
    case .squaredHinge: return [.init("outputs", distinctNumbers(shape), hint: "−2 t max(0, 1 − t x) / N")]
    }
  }

  /// The loss and its gradients.
  package func evaluate(_ x: [Tensor<Double>]) -> (loss: Double, gradients: [Tensor<Double>]) {
    switch loss {
    case .crossEntropy:
      let loss = SoftmaxCrossEntropy(outputs: x[0], labels: labels, on: .single)
      return (loss.loss, [loss.gradient])
    case .secondOrderCrossEntropy:
      let loss = SecondOrderCrossEntropy(mean: x[0], variance: x[1], labels: labels, on: .single)
      return (loss.loss, [loss.meanGradient, loss.varianceGradient])
    case .squaredHinge:
      let loss = SquaredHinge(outputs: x[0], labels: labels, on: .single)
      return (loss.loss, [loss.gradient])
    }
  }

  package func check() -> GradientCheck {
    GradientCheck(
      name, variables, function: { [Tensor([1], [evaluate($0).loss])] },
      pullback: { values, cotangents in
        let factor = cotangents[0].scalars[0]
        return evaluate(values).gradients.map { $0.map(on: .single) { $0 * factor } }
      })
  }
}
