import Tensors

/// A function of named tensors, and the gradients that go back through it.
///
/// The check takes closures and knows no layer. It is in Double, by the full Jacobian, so for small shapes.
package struct GradientCheck {
  package struct Variable {
    package let name: String
    package let tensor: Tensor<Double>

    package init(_ name: String, _ tensor: Tensor<Double>) {
      self.name = name
      self.tensor = tensor
    }
  }

  package typealias Tensors = [Tensor<Double>]

  package var what: String
  package var variables: [Variable]
  /// Outputs, of the variables' values.
  package var function: (Tensors) -> Tensors
  /// Gradients with respect to the variables, of their values and the gradients with respect to the outputs.
  package var pullback: (Tensors, Tensors) -> Tensors
  /// The difference quotient's step.
  package var step = 1e-3

  package init(
    _ what: String, _ variables: [Variable], function: @escaping (Tensors) -> Tensors,
    pullback: @escaping (Tensors, Tensors) -> Tensors
  ) {
    self.what = what
    self.variables = variables
    self.function = function
    self.pullback = pullback
  }

  /// What is wrong with the gradients; nil if nothing is.
  package func fault(within tolerance: Tolerance = .gradient) -> GradientFault? {
    let values = variables.map(\.tensor)
    let outputs = function(values)
    let zeros = outputs.map { Tensor($0.shape, repeating: 0.0) }
    if let fault = wellFormed(pullback(values, zeros)) ?? zeroFault(pullback(values, zeros)) { return fault }

    // A row for each output: the gradients for the cotangent that is 1 there and 0 elsewhere.
    var rows: [Tensors] = []
    for (which, output) in outputs.enumerated() {
      for i in 0..<output.count {
        var cotangents = zeros
        cotangents[which] = Tensor(output.shape, (0..<output.count).map { $0 == i ? 1 : 0 })
        let row = pullback(values, cotangents)
        if let fault = wellFormed(row) ?? repetitionFault(row, pullback(values, cotangents)) { return fault }
        rows.append(row)
      }
    }
    return jacobianFault(rows, values, within: tolerance) ?? linearityFault(rows, values, outputs)
  }

  private func jacobianFault(_ rows: [Tensors], _ values: Tensors, within tolerance: Tolerance) -> GradientFault? {
    for (which, variable) in variables.enumerated() {
      let columns = (0..<variable.tensor.count).map { differences(values, which, $0) }
      let largest = columns.joined().reduce(0) { max($0, abs($1)) }
      let floor = max(tolerance.floor * largest, .leastNormalMagnitude)
      var worst = (error: 0.0, output: 0, index: 0)
      for (index, column) in columns.enumerated() {
        for (output, numeric) in column.enumerated() {
          let error = relativeError(rows[output][which].scalars[index], numeric, floor: floor)
          if !(error <= worst.error) { worst = (error, output, index) }
        }
      }
      guard worst.error <= tolerance.relative else {
        let (analytic, numeric) = (
          rows[worst.output][which].scalars[worst.index], columns[worst.index][worst.output]
        )
        return GradientFault(
          .value,
          "\(what), ∂output[\(worst.output)]/∂\(variable.name)[\(worst.index)]: analytic \(analytic), "
            + "numeric \(numeric), relative error \(worst.error), allowed \(tolerance.relative), step \(step)")
      }
    }
    return nil
  }

  /// `∂outputs/∂variable[index]` by central differences of fourth order:
  /// `(f(x − 2h) − 8 f(x − h) + 8 f(x + h) − f(x + 2h)) / 12h`.
  private func differences(_ values: Tensors, _ which: Int, _ index: Int) -> [Double] {
    let samples = [-2.0, -1, 1, 2].map { multiple -> [Double] in
      var (moved, scalars) = (values, values[which].scalars)
      scalars[index] += multiple * step
      moved[which] = Tensor(values[which].shape, scalars)
      return function(moved).flatMap(\.scalars)
    }
    return samples[0].indices.map {
      (samples[0][$0] - samples[3][$0] + 8 * (samples[2][$0] - samples[1][$0])) / (12 * step)
    }
  }

  /// Gradients of several outputs together are the sums of each output's.
  private func linearityFault(_ rows: [Tensors], _ values: Tensors, _ outputs: Tensors) -> GradientFault? {
    var numbers = TestNumbers(seed: 1)
    let flat: Tensor<Double> = numbers.tensor(rows.count)
    var start = 0
    let cotangents = outputs.map { output in
      defer { start += output.count }
      return Tensor(output.shape, Array(flat.scalars[start..<start + output.count]))
    }
    let together = pullback(values, cotangents)
    if let fault = wellFormed(together) { return fault }
    for (which, variable) in variables.enumerated() {
      for index in 0..<variable.tensor.count {
        let terms = rows.indices.map { flat.scalars[$0] * rows[$0][which].scalars[index] }
        let size = terms.reduce(0) { $0 + abs($1) }
        let (sum, actual) = (terms.reduce(0, +), together[which].scalars[index])
        guard abs(actual - sum) <= 1e-10 * size else {
          return GradientFault(
            .linearity,
            "\(what), \(variable.name)[\(index)]: \(actual) for all outputs together, \(sum) for each summed")
        }
      }
    }
    return nil
  }

  private func wellFormed(_ gradients: Tensors) -> GradientFault? {
    guard gradients.count == variables.count else {
      return GradientFault(.shape, "\(what): \(gradients.count) gradients for \(variables.count) variables")
    }
    for (gradient, variable) in zip(gradients, variables) {
      guard gradient.shape == variable.tensor.shape else {
        return GradientFault(
          .shape, "\(what), \(variable.name): a gradient of shape \(gradient.shape) for \(variable.tensor.shape)")
      }
      if let index = gradient.scalars.firstIndex(where: { !$0.isFinite }) {
        return GradientFault(.notFinite, "\(what), \(variable.name)[\(index)]: \(gradient.scalars[index])")
      }
    }
    return nil
  }

  private func zeroFault(_ gradients: Tensors) -> GradientFault? {
    for (gradient, variable) in zip(gradients, variables) {
      if let index = gradient.scalars.firstIndex(where: { $0 != 0 }) {
        return GradientFault(
          .notZero, "\(what), \(variable.name)[\(index)]: \(gradient.scalars[index]) for cotangents 0")
      }
    }
    return nil
  }

  private func repetitionFault(_ first: Tensors, _ second: Tensors) -> GradientFault? {
    for (which, variable) in variables.enumerated() {
      guard
        let index = first[which].scalars.indices.first(where: {
          first[which].scalars[$0].bitPattern != second[which].scalars[$0].bitPattern
        })
      else { continue }
      return GradientFault(
        .notRepeatable,
        "\(what), \(variable.name)[\(index)]: \(first[which].scalars[index]), then \(second[which].scalars[index])")
    }
    return nil
  }
}

/// What a gradient check found.
package struct GradientFault: Error, CustomStringConvertible {
  package enum Kind: Sendable { case shape, notFinite, notZero, notRepeatable, value, linearity }
  package let kind: Kind
  package let description: String

  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
