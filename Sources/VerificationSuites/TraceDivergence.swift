extension Trace {
  /// Where this trace first differs from the golden one: the network, the epoch, the step, and the tensor with the
  /// number's index and distance; nil if all bits agree.
  package func firstDivergence(from golden: Trace) -> String? {
    guard what == golden.what else { return "a different trace: expected \(golden.what), found \(what)" }
    for (ours, theirs) in zip(networks, golden.networks) {
      guard ours.network == theirs.network else {
        return "expected the network \(theirs.network.rawValue), found \(ours.network.rawValue)"
      }
      if let difference = ours.firstDivergence(from: theirs) { return "\(ours.network.rawValue), \(difference)" }
    }
    return lengths("networks", networks.count, golden.networks.count)
  }
}

private func lengths(_ what: String, _ ours: Int, _ theirs: Int) -> String? {
  ours == theirs ? nil : "expected \(theirs) \(what), found \(ours)"
}

extension NetworkTrace {
  fileprivate func firstDivergence(from golden: NetworkTrace) -> String? {
    let pairs = zip(steps, golden.steps)
    if let (ours, theirs) = pairs.first(where: { $0 != $1 }) {
      let first = "epoch \(ours.epoch), step \(ours.step): \(ours.differences(from: theirs))"
      // If only the digests show the difference, add the first recorded number that differs, to show how far apart the
      // two are.
      guard ours.keptDifference(from: theirs) == nil else { return first }
      let kept = pairs.lazy.compactMap { ours, theirs in
        ours.keptDifference(from: theirs).map { "; first in a number that is kept: step \(ours.step): \($0)" }
      }.first
      return first + (kept ?? "")
    }
    if let difference = lengths("steps", steps.count, golden.steps.count) { return difference }
    for (index, (ours, theirs)) in zip(validationErrors, golden.validationErrors).enumerated() where ours != theirs {
      return "epoch \(index + 1): validation error: expected \(theirs), found \(ours)"
    }
    if let difference = lengths("epochs", validationErrors.count, golden.validationErrors.count) { return difference }
    guard parametersSHA256 != golden.parametersSHA256 else { return nil }
    return "best epoch: expected parameters \(golden.parametersSHA256), found \(parametersSHA256)"
  }
}

extension StepTrace {
  /// The loss comes first: it is computed in the forward pass, before any tensor changes.
  fileprivate func differences(from golden: StepTrace) -> String {
    guard (epoch, step) == (golden.epoch, golden.step) else {
      return "expected epoch \(golden.epoch), step \(golden.step)"
    }
    let others = zip(tensors, golden.tensors).filter { $0 != $1 }
    let inLoss = loss == golden.loss ? nil : "loss: \(distance(loss, golden.loss))"
    let inTensor = others.first.map { $0.difference(from: $1) }
    let inKept =
      loss == golden.loss && others.first.map { $0.keptDifference(from: $1) == nil } ?? false
      ? keptDifference(from: golden) : nil
    let rest = others.count > 1 ? "\(others.count) of \(tensors.count) tensors differ" : nil
    let inNumber = lengths("tensors", tensors.count, golden.tensors.count)
    return [inLoss, inTensor, inKept, rest, inNumber].compactMap { $0 }.joined(separator: "; ")
  }

  /// The first difference in a recorded number: the loss, or a number of a tensor.
  fileprivate func keptDifference(from golden: StepTrace) -> String? {
    if loss != golden.loss { return "loss: \(distance(loss, golden.loss))" }
    return zip(tensors, golden.tensors).lazy.compactMap { $0.keptDifference(from: $1) }.first
  }
}

extension TracedTensor {
  /// The first recorded number that differs.
  fileprivate func keptDifference(from golden: TracedTensor) -> String? {
    guard let (ours, theirs) = zip(numbers, golden.numbers).first(where: { $0 != $1 }) else { return nil }
    return "\(name)[\(ours.index)]: \(distance(ours.number, theirs.number))"
  }

  fileprivate func difference(from golden: TracedTensor) -> String {
    guard name == golden.name else { return "expected the tensor \(golden.name), found \(name)" }
    return keptDifference(from: golden)
      ?? "\(name): a number between those kept: expected digest \(golden.digest), found \(digest)"
  }
}

private func distance(_ ours: TracedNumber, _ theirs: TracedNumber) -> String {
  "expected \(theirs), found \(ours), \(ulps(ours.value, theirs.value)) ulps"
}

/// The distance between two floats in ulps.
private func ulps(_ a: Float, _ b: Float) -> String {
  guard !a.isNaN && !b.isNaN else { return "NaN:" }
  func rank(_ x: Float) -> Int { x.sign == .minus ? -Int(x.magnitude.bitPattern) : Int(x.bitPattern) }
  return "\(abs(rank(a) - rank(b)))"
}
