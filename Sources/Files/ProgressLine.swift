import Foundation

/// Progress on standard error: on a terminal a line that is updated in place, and lines that stay; elsewhere only lines that stay.
package final class ProgressLine {
  /// True if nothing is to be shown at all.
  package let isQuiet: Bool
  /// True if a line can be updated in place.
  package let isRenewed: Bool
  /// The number of characters of the updated line that the terminal shows now.
  private var shown = 0
  private let clock = ContinuousClock()
  private var lastUpdate: ContinuousClock.Instant
  /// What is being timed, such as a file, and when it began.
  private var subject: (name: String?, begin: ContinuousClock.Instant)

  private static let toRowsStart = "\r"
  private static let clearToScreensEnd = "\u{1B}[J"

  /// - Parameter environment: environment variables, of which `TERM=dumb` or a non-empty `NO_COLOR` asks for plain lines.
  package init(isQuiet: Bool, environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.isQuiet = isQuiet
    isRenewed =
      StandardError.isTerminal && !["", "dumb"].contains(environment["TERM"] ?? "")
      && (environment["NO_COLOR"] ?? "").isEmpty
    lastUpdate = clock.now
    subject = (nil, lastUpdate)
  }

  /// Seconds since this subject was first named, or since it was last named with `anew`.
  package func seconds(of name: String, anew: Bool = false) -> Double {
    if name != subject.name || anew { subject = (name, clock.now) }
    return (clock.now - subject.begin) / .seconds(1)
  }

  /// Updates the line at most ten times a second; where it cannot be updated in place, writes a line that stays now and then.
  ///
  /// - Parameter interval: the time between lines that stay.
  package func update(every interval: Duration = .seconds(30), _ line: @autoclosure () -> String) {
    guard !isQuiet, clock.now - lastUpdate >= (isRenewed ? .milliseconds(100) : interval) else { return }
    isRenewed ? show(line()) : tell(line())
    lastUpdate = clock.now
  }

  /// Updates the line, cut to the terminal's width; writes nothing where no line can be updated in place.
  package func show(_ line: String) {
    guard isRenewed, !isQuiet else { return }
    let columns = StandardError.columns ?? 80
    let text = oneLine(line).prefix(max(1, columns - 1))
    StandardError.write(clearing(columns) + text)
    shown = text.count
  }

  /// Writes a line that stays, cut to one row on a terminal.
  package func tellInOneRow(_ line: String) {
    tell(isRenewed ? String(oneLine(line).prefix(max(1, (StandardError.columns ?? 80) - 1))) : line)
  }

  /// Writes a line that stays.
  package func tell(_ line: String) {
    guard !isQuiet else { return }
    StandardError.write(clearing(StandardError.columns ?? 80) + oneLine(line) + "\n")
    shown = 0
    lastUpdate = clock.now
  }

  /// Clears the updated line.
  package func clear() {
    guard shown > 0 else { return }
    StandardError.write(clearing(StandardError.columns ?? 80))
    shown = 0
  }

  /// The control text that clears the updated line, and all of its rows if the terminal has become narrower than the line.
  private func clearing(_ columns: Int) -> String {
    guard shown > 0 else { return "" }
    let rowsAbove = (shown - 1) / columns
    return Self.toRowsStart + (rowsAbove > 0 ? "\u{1B}[\(rowsAbove)A" : "") + Self.clearToScreensEnd
  }
}
