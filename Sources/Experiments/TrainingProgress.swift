import Files
import Networks
import Training

extension StepReport {
  /// One line with the training's progress, the time left at the present speed, the loss and the error.
  ///
  /// - Parameters:
  ///   - seconds: how long this process has trained the network so far.
  ///   - before: the epochs, and the part of an epoch, that were done when it began or resumed the training.
  package func text(after seconds: Double, from before: Double) -> String {
    let position = Double(epoch - 1) + Double(step) / Double(steps)
    return "\(place(network, epoch, epochs))  step \(step)/\(steps)  "
      + timeLeft(from: before, to: position, of: epochs, after: seconds)
      + "loss \(fixed(loss, places: 4))  training error \(percent(trainingError))"
  }
}

extension EpochReport {
  /// One line like that of a step, with the deployed network's validation error.
  ///
  /// - Parameters: as for a step.
  package func text(after seconds: Double, from before: Double) -> String {
    "\(place(network, epoch, epochs))  "
      + (epoch < epochs ? timeLeft(from: before, to: Double(epoch), of: epochs, after: seconds) : "")
      + "validation error \(percent(validationError))\(isBest ? " (best)" : "")  "
      + "loss \(fixed(loss, places: 4))  training error \(percent(trainingError))"
  }
}

extension ProgressLine {
  /// Shows the progress of training: on a terminal, a single line that is updated; elsewhere, a line every half minute,
  /// at the end of an epoch every ten seconds, and at the end of each network.
  func show(_ step: StepReport, of run: borrowing TrainingRun<Float>) {
    let (seconds, before) = (run.secondsHere, run.epochsBefore)
    update(step.text(after: seconds, from: before))
  }

  func show(_ epoch: EpochReport, of run: borrowing TrainingRun<Float>) {
    let text = epoch.text(after: run.secondsHere, from: run.epochsBefore)
    epoch.epoch == epoch.epochs ? tellInOneRow(text) : update(every: .seconds(10), text)
  }
}

private func place(_ network: NetworkKind, _ epoch: Int, _ epochs: Int) -> String {
  "\(network.rawValue)  epoch \(epoch)/\(epochs)"
}

/// The time that the network's remaining epochs will take at the speed of those that this process trained, and two spaces; empty if
/// it has trained none, as where it resumes just before the end of an epoch.
private func timeLeft(from before: Double, to done: Double, of epochs: Int, after seconds: Double) -> String {
  done > before ? Files.timeLeft(seconds * (Double(epochs) - done) / (done - before)) + "  " : ""
}
