import Foundation
import Training

/// Shows a training on standard error: one line that is renewed on a terminal, elsewhere a line an epoch, and in long
/// epochs one every half minute.
final class Progress {
  private let isQuiet: Bool
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let clock = ContinuousClock()
  private var network: NetworkKind?
  private var begin: ContinuousClock.Instant
  private var lastShown: ContinuousClock.Instant

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
    begin = clock.now
    lastShown = begin
  }

  func show(_ event: TrainingEvent) {
    guard !isQuiet else { return }
    switch event {
    case .step(let step):
      if step.network != network { (network, begin, lastShown) = (step.network, clock.now, clock.now) }
      guard clock.now - lastShown > (isTerminal ? .milliseconds(100) : .seconds(30)) else { return }
      let position = Double(step.epoch - 1) + Double(step.step) / Double(step.steps)
      write(
        "\(prefix(step.network, step.epoch, step.epochs))  step \(step.step)/\(step.steps)  "
          + "loss \(fixed(step.loss, places: 4))  training error \(percent(step.trainingError))  "
          + timeLeft(position, of: step.epochs), isLasting: !isTerminal)
    case .epoch(let epoch):
      write(
        "\(prefix(epoch.network, epoch.epoch, epoch.epochs))  loss \(fixed(epoch.loss, places: 4))  "
          + "training error \(percent(epoch.trainingError))  validation error \(percent(epoch.validationError))"
          + "\(epoch.isBest ? " (best)" : "")  " + timeLeft(Double(epoch.epoch), of: epoch.epochs),
        isLasting: !isTerminal || epoch.epoch == epoch.epochs)
    }
  }

  /// Clears the renewed line.
  func finish() {
    if !isQuiet && isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
  }

  private func prefix(_ network: NetworkKind, _ epoch: Int, _ epochs: Int) -> String {
    "\(network.rawValue)  epoch \(epoch)/\(epochs)"
  }

  /// How long the network's remaining epochs take if they go on as the epochs so far.
  private func timeLeft(_ done: Double, of epochs: Int) -> String {
    signet.timeLeft((clock.now - begin).seconds * (Double(epochs) - done) / done)
  }

  private func write(_ line: String, isLasting: Bool) {
    lastShown = clock.now
    let text = (isTerminal ? "\r\u{1B}[K" : "") + line + (isLasting ? "\n" : "")
    FileHandle.standardError.write(Data(text.utf8))
  }
}
