import Tensors

// The two passes, each run twice.

extension GradientCheck {
  /// The outputs.
  ///
  /// - Throws: `GradientFault` if outputs are not finite, have different bits the second time, or an input has changed.
  func forward(_ values: Tensors) throws(GradientFault) -> Tensors {
    let before = bits(values)
    let (first, second) = (function(values), function(values))
    try requireUnchanged(values, before, by: "the forward pass")
    for (which, output) in first.enumerated() {
      if let index = output.scalars.firstIndex(where: { !$0.isFinite }) {
        throw GradientFault(.notFinite, "\(what), output \(which)[\(index)]: \(output.scalars[index])")
      }
    }
    guard bits(first) == bits(second) else {
      throw GradientFault(.notRepeatable, "\(what), outputs: \(first.map(\.scalars)), then \(second.map(\.scalars))")
    }
    return first
  }

  /// The gradients for the given cotangents.
  ///
  /// - Throws: `GradientFault` if gradients have wrong shapes, are not finite, have different bits the second time, or
  ///   an input has changed.
  func backward(_ values: Tensors, _ cotangents: Tensors) throws(GradientFault) -> Tensors {
    let before = (bits(values), bits(cotangents))
    let (first, second) = (pullback(values, cotangents), pullback(values, cotangents))
    try requireUnchanged(values, before.0, by: "the backward pass")
    guard bits(cotangents) == before.1 else {
      throw GradientFault(.inputChanged, "\(what): the backward pass changes its cotangents")
    }
    try requireWellFormed(first)
    for (which, variable) in variables.enumerated() where bits([first[which]]) != bits([second[which]]) {
      let (a, b) = (first[which].scalars, second[which].scalars)
      let index = a.indices.first { a[$0].bitPattern != b[$0].bitPattern } ?? 0
      throw GradientFault(.notRepeatable, "\(what), \(variable.name)[\(index)]: \(a[index]), then \(b[index])")
    }
    return first
  }

  private func bits(_ tensors: Tensors) -> [[UInt64]] { tensors.map { $0.scalars.map(\.bitPattern) } }

  private func requireUnchanged(_ values: Tensors, _ before: [[UInt64]], by pass: String) throws(GradientFault) {
    let after = bits(values)
    for (which, variable) in variables.enumerated() {
      if let index = after[which].indices.first(where: { after[which][$0] != before[which][$0] }) {
        throw GradientFault(
          .inputChanged,
          "\(what), \(variable.name)[\(index)]: \(Double(bitPattern: before[which][index])) before \(pass), "
            + "\(Double(bitPattern: after[which][index])) after it")
      }
    }
  }

  private func requireWellFormed(_ gradients: Tensors) throws(GradientFault) {
    guard gradients.count == variables.count else {
      throw GradientFault(.shape, "\(what): \(gradients.count) gradients for \(variables.count) variables")
    }
    for (gradient, variable) in zip(gradients, variables) {
      guard gradient.shape == variable.tensor.shape else {
        throw GradientFault(
          .shape, "\(what), \(variable.name): a gradient of shape \(gradient.shape) for \(variable.tensor.shape)")
      }
      if let index = gradient.scalars.firstIndex(where: { !$0.isFinite }) {
        throw GradientFault(.notFinite, "\(what), \(variable.name)[\(index)]: \(gradient.scalars[index])")
      }
    }
  }

  func requireZero(_ gradients: Tensors) throws(GradientFault) {
    for (gradient, variable) in zip(gradients, variables) {
      if let index = gradient.scalars.firstIndex(where: { $0 != 0 }) {
        throw GradientFault(
          .notZero, "\(what), \(variable.name)[\(index)]: \(gradient.scalars[index]) for cotangents 0")
      }
    }
  }
}
