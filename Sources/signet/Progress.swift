import Experiments
import Fetching
import Files
import Training

/// Shows a training or a download on standard error: one line that is renewed on a terminal; elsewhere a line each half minute, of a
/// training also at the end of an epoch each ten seconds, and at the end of each network.
final class Progress {
  private let line: ProgressLine
  private let clock = ContinuousClock()
  /// The network or file whose time is taken, and since when.
  private var subject: String?
  private var begin: ContinuousClock.Instant

  init(isQuiet: Bool) {
    line = ProgressLine(isQuiet: isQuiet)
    begin = clock.now
  }

  func show(_ step: StepReport) {
    if step.network.rawValue != subject { (subject, begin) = (step.network.rawValue, clock.now) }
    line.update(step.text(after: seconds))
  }

  func show(_ epoch: EpochReport) {
    let text = epoch.text(after: seconds)
    epoch.epoch == epoch.epochs ? line.tellInOneRow(text) : line.update(every: .seconds(10), text)
  }

  func show(_ event: FetchEvent) {
    switch event {
    case .receiving(let file, let resumedAt, let received):
      if file.name != subject || received == resumedAt { (subject, begin) = (file.name, clock.now) }
      line.update(event.text(after: seconds))
    case .checking: line.show(event.text(after: seconds))
    case .addressFailed: line.tell(event.text(after: seconds))
    }
  }

  /// Clears the renewed line.
  func finish() { line.clear() }

  /// The time since the network's training, or the receiving of the file, began or went on.
  private var seconds: Double { (clock.now - begin).seconds }
}
