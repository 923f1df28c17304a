import Tensors

/// Checks the gradients of a function of named tensors.
///
/// The check takes closures, knows nothing of layers, and runs in Double. It compares gradients with difference
/// quotients: the full Jacobian for small shapes, seeded random directions for larger ones. It also requires that both
/// passes give the same bits when run again and change no input, that a cotangent of 0 gives exactly 0, and that
/// gradients are linear in the cotangent.
package struct GradientCheck {
  package struct Variable: Sendable {
    package let name: String
    package let tensor: Tensor<Double>
    /// The terms to look at if this variable's gradient is wrong.
    package let hint: String

    package init(_ name: String, _ tensor: Tensor<Double>, hint: String = "") {
      (self.name, self.tensor, self.hint) = (name, tensor, hint)
    }
  }

  /// The result of comparing a variable's gradient.
  package struct Result: Sendable {
    package let variable: String
    /// The largest error, relative to the number or to the tolerance's share of the largest number.
    package let error: Double
    /// The step of the difference quotients.
    package let step: Double
    package let comparisons: Int
  }

  package typealias Tensors = [Tensor<Double>]

  package var what: String
  package var variables: [Variable]
  /// Computes the outputs from the variables' values.
  package var function: (Tensors) -> Tensors
  /// Computes the gradients with respect to the variables from their values and the gradients with respect to the outputs.
  package var pullback: (Tensors, Tensors) -> Tensors
  /// The largest step to try, in units of a variable's magnitude; kinks must be at least twice as far away.
  package var largestStep = 0x1p-6
  /// The number of entries above which a Jacobian is checked along random directions.
  package var largestJacobian = 20_000
  /// The seed of the random directions.
  package var seed: UInt64 = 1
  /// The number of random directions of each variable and of the outputs; if there are no more axes than that, all axes
  /// are used.
  package static let directions = Extent.of(8, debug: 2)

  package init(
    _ what: String, _ variables: [Variable], function: @escaping (Tensors) -> Tensors,
    pullback: @escaping (Tensors, Tensors) -> Tensors
  ) {
    self.what = what
    self.variables = variables
    self.function = function
    self.pullback = pullback
  }

  /// The first fault of the gradients; nil if there is none.
  package func fault(within tolerance: Tolerance = .gradient) -> GradientFault? {
    do {
      _ = try results(within: tolerance)
      return nil
    } catch {
      return error
    }
  }

  /// The errors of all gradients, one result per variable.
  ///
  /// - Throws: the first fault, if there is one.
  package func results(within tolerance: Tolerance = .gradient) throws(GradientFault) -> [Result] {
    let values = variables.map(\.tensor)
    let outputs = try forward(values)
    try requireZero(backward(values, outputs.map { Tensor($0.shape, repeating: 0) }))
    let (outputCount, entries) = (outputs.reduce(0) { $0 + $1.count }, values.reduce(0) { $0 + $1.count })
    let isFull = outputCount * entries <= largestJacobian
    var numbers = TestNumbers(seed: seed)
    func directions(_ count: Int) -> [Direction] {
      isFull || count <= Self.directions
        ? (0..<count).map { .axis($0) } : (0..<Self.directions).map { .along(numbers.numbers(count), $0) }
    }

    let cotangents = directions(outputCount)
    var rows: [Tensors] = []
    for cotangent in cotangents { rows.append(try backward(values, cotangent.tensors(like: outputs))) }
    var results: [Result] = []
    for which in variables.indices {
      results.append(
        try compare(
          which, values, rows, cotangents, directions(variables[which].tensor.count), within: tolerance))
    }
    try requireLinearity(values, outputs, rows, cotangents)
    return results
  }

  /// Compares the pullback's rows with difference quotients along `directions` of one variable.
  private func compare(
    _ which: Int, _ values: Tensors, _ rows: [Tensors], _ cotangents: [Direction], _ directions: [Direction],
    within tolerance: Tolerance
  ) throws(GradientFault) -> Result {
    let step = step(values, which)
    let entries = directions.map { direction in
      let quotients = quotients(values, which, direction, step: step)
      return zip(rows, cotangents).map { row, cotangent in
        (analytic: direction.component(of: row[which].scalars), numeric: cotangent.component(of: quotients))
      }
    }
    let largest = entries.joined().reduce(0) { max($0, abs($1.numeric)) }
    let floor = max(tolerance.floor * largest, .leastNormalMagnitude)
    var worst = (error: 0.0, direction: 0, cotangent: 0)
    for (direction, column) in entries.enumerated() {
      for (cotangent, entry) in column.enumerated() {
        let error = relativeError(entry.analytic, entry.numeric, floor: floor)
        if !(error <= worst.error) { worst = (error, direction, cotangent) }
      }
    }
    guard worst.error <= tolerance.relative else {
      let (variable, entry) = (variables[which], entries[worst.direction][worst.cotangent])
      throw GradientFault(
        .value,
        "\(what), ∂output\(cotangents[worst.cotangent])/∂\(variable.name)\(directions[worst.direction]): "
          + "analytic \(entry.analytic), numeric \(entry.numeric), relative error \(worst.error), "
          + "allowed \(tolerance.relative) of max(|numeric|, \(floor)), step \(step), seed \(seed)"
          + (variable.hint.isEmpty ? "" : "; see \(variable.hint)"))
    }
    return Result(
      variable: variables[which].name, error: worst.error, step: step, comparisons: rows.count * directions.count)
  }

  /// Requires that the gradients for several outputs together are the sums of those for each output.
  private func requireLinearity(
    _ values: Tensors, _ outputs: Tensors, _ rows: [Tensors], _ cotangents: [Direction]
  ) throws(GradientFault) {
    var numbers = TestNumbers(seed: seed &+ 1)
    let factors = numbers.numbers(rows.count)
    var sum = Array(repeating: 0.0, count: outputs.reduce(0) { $0 + $1.count })
    for (factor, cotangent) in zip(factors, cotangents) { sum = cotangent.move(sum, by: factor) }
    let together = try backward(values, Direction.along(sum, 0).tensors(like: outputs))
    for (which, variable) in variables.enumerated() {
      for index in 0..<variable.tensor.count {
        let terms: [Double] = rows.indices.map { factors[$0] * rows[$0][which].scalars[index] }
        let size: Double = terms.reduce(0) { $0 + abs($1) }
        let (sum, actual): (Double, Double) = (terms.reduce(0, +), together[which].scalars[index])
        guard abs(actual - sum) <= 1e-10 * size else {
          throw GradientFault(
            .linearity,
            "\(what), \(variable.name)[\(index)]: \(actual) for all outputs together, \(sum) for each summed")
        }
      }
    }
  }
}

/// A fault that a gradient check found.
package struct GradientFault: Error, CustomStringConvertible {
  package enum Kind: Sendable { case shape, notFinite, notZero, notRepeatable, inputChanged, value, linearity }
  package let kind: Kind
  package let description: String

  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// This fault as a comparison's deviation.
  package var deviation: Deviation {
    let kinds: [Kind: Deviation.Kind] = [
      .shape: .shape, .notFinite: .nan, .notRepeatable: .bits, .inputChanged: .bits,
    ]
    return Deviation(kind: kinds[kind] ?? .size, description: description)
  }
}
