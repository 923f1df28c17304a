import Fetching
import Files
import Foundation
import Training

/// Shows a download on standard error: one line that is renewed on a terminal, elsewhere a line every half minute.
final class FetchProgress {
  private let line: ProgressLine
  private let clock = ContinuousClock()
  private var name: String?
  private var begin: ContinuousClock.Instant

  init(isQuiet: Bool) {
    line = ProgressLine(isQuiet: isQuiet)
    begin = clock.now
  }

  func show(_ event: FetchEvent) {
    switch event {
    case .receiving(let file, let resumedAt, let received):
      if name != file.name || received == resumedAt { (name, begin) = (file.name, clock.now) }
      let rate = Double(received - resumedAt) / (clock.now - begin).seconds
      line.update(
        "\(file.name)  \(Self.megabytes(received))/\(Self.megabytes(file.bytes)) MB  "
          + "\(percent(Double(received) / Double(file.bytes)))  \(Self.megabytes(rate)) MB/s  "
          + timeLeft(Double(file.bytes - received) / max(rate, 1)))
    case .checking(let file):
      line.show("\(file.name)  checking \(file.digest.algorithm)")
    case .addressFailed(let error): line.tell("\(error); trying the next address")
    }
  }

  /// Clears the renewed line.
  func finish() { line.clear() }

  private static func megabytes(_ bytes: some BinaryInteger) -> String { megabytes(Double(bytes)) }
  private static func megabytes(_ bytes: Double) -> String { fixed(bytes / 1e6, places: 1) }
}
