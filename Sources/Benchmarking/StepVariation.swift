import Files
import Networks
import Tensors
import Training
import WeightDistributions

/// An experiment with one thing changed, to see how the time of a step grows with it.
package struct StepVariation {
  /// What is changed, such as "batch 200"; the experiment's name if nothing is.
  package let name: String
  package let experiment: Experiment
  package let threads: Int

  /// The experiment itself, then other batch sizes, widths, depths, threads and, for a network whose weights are distributions, numbers of
  /// weight values (the ternary grid's neighbors).
  package static func all(of experiment: Experiment, _ kind: NetworkKind, threads: Int) -> [StepVariation] {
    func with(_ name: String, threads: Int = threads, _ change: (inout Experiment) -> Void) -> StepVariation {
      var changed = experiment
      change(&changed)
      return StepVariation(name: name, experiment: changed, threads: threads)
    }
    let batches = [experiment.batch / 4, experiment.batch / 2, experiment.batch * 2, experiment.batch * 4]
    let architectures = Self.architectures(of: experiment.architecture)
    let grids: [WeightGrid] = kind.isDiscrete ? [.binary, .ternary, .quaternarySymmetric, .quinary] : []
    return [with(experiment.name) { _ in }]
      + batches.filter { $0 > 0 }.map { batch in with("batch \(batch)") { $0.batch = batch } }
      + architectures.map { name, architecture in with("\(name): \(architecture)") { $0 = $0.with(architecture) } }
      + grids.filter { [$0] != experiment.method.grids }.map { grid in
        with("\(grid.count) weight values") { $0.method.grids = [grid] }
      }
      + sequence(first: 1, next: { 2 * $0 }).prefix { $0 < threads }.map {
        with(counted($0, "thread", "threads"), threads: $0) { _ in }
      }
  }

  /// Half and twice the hidden layers' width, and a dense hidden layer fewer and more.
  private static func architectures(of architecture: Architecture) -> [(name: String, Architecture)] {
    let elements = architecture.description.split(separator: "-").map(String.init)
    let hidden = elements.indices.dropLast()
    /// `32C5` and `512` with other numbers of outputs; pooling as it is.
    func scaled(_ factor: (Int) -> Int) -> [String] {
      elements.indices.map { index in
        let digits = elements[index].prefix { $0.isNumber }
        guard hidden.contains(index), let outputs = Int(digits) else { return elements[index] }
        return "\(factor(outputs))" + elements[index].dropFirst(digits.count)
      }
    }
    var notations = [("half the width", scaled { max(1, $0 / 2) }), ("twice the width", scaled { $0 * 2 })]
    if let last = hidden.last, Int(elements[last]) != nil {
      notations.append(("a layer fewer", Array(elements[..<last] + elements[(last + 1)...])))
      notations.append(("a layer more", Array(elements[...last] + elements[last...])))
    }
    return notations.compactMap { name, elements in
      (try? Architecture(elements.joined(separator: "-"))).map { (name, $0) }
    }
  }
}

extension Experiment {
  /// The same with other layers; the first layer keeps its dropout rate, and the others have the last layer's.
  fileprivate func with(_ architecture: Architecture) -> Experiment {
    func phase(_ phase: Phase) -> Phase {
      var phase = phase
      guard let first = phase.dropout.first, let last = phase.dropout.last else { return phase }
      phase.dropout = [first] + Array(repeating: last, count: architecture.blocks.count - 1)
      return phase
    }
    var changed = Experiment(
      name: name, title: title, data: data, architecture: architecture, batch: batch, augmentation: augmentation,
      real: phase(real), discrete: phase(discrete))
    (changed.straightThrough, changed.method) = (straightThrough.map(phase), method)
    return changed
  }
}
