import Files
import Foundation
import Training

/// Shows a training on standard error: one line that is renewed on a terminal; elsewhere a line each half minute, at the end of an
/// epoch each ten seconds, and at the end of each network.
final class Progress {
  private let line: ProgressLine
  private let clock = ContinuousClock()
  private var network: NetworkKind?
  private var begin: ContinuousClock.Instant

  init(isQuiet: Bool) {
    line = ProgressLine(isQuiet: isQuiet)
    begin = clock.now
  }

  func show(_ event: TrainingEvent) {
    switch event {
    case .step(let step):
      if step.network != network { (network, begin) = (step.network, clock.now) }
      let position = Double(step.epoch - 1) + Double(step.step) / Double(step.steps)
      line.update(
        "\(prefix(step.network, step.epoch, step.epochs))  step \(step.step)/\(step.steps)  "
          + timeLeft(position, of: step.epochs)
          + "  loss \(fixed(step.loss, places: 4))  training error \(percent(step.trainingError))")
    case .epoch(let epoch):
      let text =
        "\(prefix(epoch.network, epoch.epoch, epoch.epochs))  "
        + (epoch.epoch < epoch.epochs ? timeLeft(Double(epoch.epoch), of: epoch.epochs) + "  " : "")
        + "validation error \(percent(epoch.validationError))\(epoch.isBest ? " (best)" : "")  "
        + "loss \(fixed(epoch.loss, places: 4))  training error \(percent(epoch.trainingError))"
      epoch.epoch == epoch.epochs ? line.tellInOneRow(text) : line.update(every: .seconds(10), text)
    }
  }

  /// Clears the renewed line.
  func finish() { line.clear() }

  private func prefix(_ network: NetworkKind, _ epoch: Int, _ epochs: Int) -> String {
    "\(network.rawValue)  epoch \(epoch)/\(epochs)"
  }

  /// How long the network's remaining epochs take if they go on as the epochs so far.
  private func timeLeft(_ done: Double, of epochs: Int) -> String {
    Files.timeLeft((clock.now - begin).seconds * (Double(epochs) - done) / done)
  }
}
