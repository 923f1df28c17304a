import Files
import Networks
import Training

extension StepReport {
  /// One line with the training's progress, the time left at the present speed, the loss and the error.
  ///
  /// - Parameter seconds: how long the training took so far.
  package func text(after seconds: Double) -> String {
    let position = Double(epoch - 1) + Double(step) / Double(steps)
    return "\(place(network, epoch, epochs))  step \(step)/\(steps)  "
      + timeLeft(position, of: epochs, after: seconds)
      + "  loss \(fixed(loss, places: 4))  training error \(percent(trainingError))"
  }
}

extension EpochReport {
  /// One line like that of a step, with the deployed network's validation error.
  ///
  /// - Parameter seconds: how long the training took so far.
  package func text(after seconds: Double) -> String {
    "\(place(network, epoch, epochs))  "
      + (epoch < epochs ? timeLeft(Double(epoch), of: epochs, after: seconds) + "  " : "")
      + "validation error \(percent(validationError))\(isBest ? " (best)" : "")  "
      + "loss \(fixed(loss, places: 4))  training error \(percent(trainingError))"
  }
}

extension ProgressLine {
  /// Shows the progress of training: on a terminal, a single line that is updated; elsewhere, a line every half minute,
  /// at the end of an epoch every ten seconds, and at the end of each network.
  func show(_ step: StepReport) { update(step.text(after: seconds(of: step.network.rawValue))) }

  func show(_ epoch: EpochReport) {
    let text = epoch.text(after: seconds(of: epoch.network.rawValue))
    epoch.epoch == epoch.epochs ? tellInOneRow(text) : update(every: .seconds(10), text)
  }
}

private func place(_ network: NetworkKind, _ epoch: Int, _ epochs: Int) -> String {
  "\(network.rawValue)  epoch \(epoch)/\(epochs)"
}

/// The time that the network's remaining epochs will take at the speed of the epochs so far.
private func timeLeft(_ done: Double, of epochs: Int, after seconds: Double) -> String {
  Files.timeLeft(seconds * (Double(epochs) - done) / done)
}
