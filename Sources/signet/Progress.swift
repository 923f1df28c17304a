import Foundation
import Training

/// Shows a training on standard error: one line that is renewed on a terminal, elsewhere a line an epoch, and in long
/// epochs one every half minute.
final class Progress {
  private let line: ProgressLine
  private let clock = ContinuousClock()
  private var network: NetworkKind?
  private var begin: ContinuousClock.Instant
  private var lastShown: ContinuousClock.Instant

  init(isQuiet: Bool) {
    line = ProgressLine(isQuiet: isQuiet)
    begin = clock.now
    lastShown = begin
  }

  func show(_ event: TrainingEvent) {
    switch event {
    case .step(let step):
      if step.network != network { (network, begin, lastShown) = (step.network, clock.now, clock.now) }
      guard clock.now - lastShown > (line.isTerminal ? .milliseconds(100) : .seconds(30)) else { return }
      let position = Double(step.epoch - 1) + Double(step.step) / Double(step.steps)
      write(
        "\(prefix(step.network, step.epoch, step.epochs))  step \(step.step)/\(step.steps)  "
          + "loss \(fixed(step.loss, places: 4))  training error \(percent(step.trainingError))  "
          + timeLeft(position, of: step.epochs), isLasting: !line.isTerminal)
    case .epoch(let epoch):
      write(
        "\(prefix(epoch.network, epoch.epoch, epoch.epochs))  loss \(fixed(epoch.loss, places: 4))  "
          + "training error \(percent(epoch.trainingError))  validation error \(percent(epoch.validationError))"
          + "\(epoch.isBest ? " (best)" : "")  " + timeLeft(Double(epoch.epoch), of: epoch.epochs),
        isLasting: !line.isTerminal || epoch.epoch == epoch.epochs)
    }
  }

  /// Clears the renewed line.
  func finish() { line.clear() }

  private func prefix(_ network: NetworkKind, _ epoch: Int, _ epochs: Int) -> String {
    "\(network.rawValue)  epoch \(epoch)/\(epochs)"
  }

  /// How long the network's remaining epochs take if they go on as the epochs so far.
  private func timeLeft(_ done: Double, of epochs: Int) -> String {
    signet.timeLeft((clock.now - begin).seconds * (Double(epochs) - done) / done)
  }

  private func write(_ text: String, isLasting: Bool) {
    lastShown = clock.now
    isLasting ? line.tell(text) : line.show(text)
  }
}
