import Foundation

/// Progress on standard error: on a terminal a line that is renewed in place, and lines that stay; elsewhere lines that stay alone.
package final class ProgressLine {
  /// True if nothing is to be shown at all.
  package let isQuiet: Bool
  /// True if a line can be renewed in place.
  package let isRenewed: Bool
  /// The characters of the renewed line that the terminal shows now.
  private var shown = 0
  private let clock = ContinuousClock()
  private var lastUpdate: ContinuousClock.Instant
  /// The network or file whose time is taken, and since when.
  private var subject: (name: String?, begin: ContinuousClock.Instant)

  private static let toRowsStart = "\r"
  private static let clearToScreensEnd = "\u{1B}[J"

  /// - Parameter environment: where `TERM=dumb` or a non-empty `NO_COLOR` asks for plain lines.
  package init(isQuiet: Bool, environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.isQuiet = isQuiet
    isRenewed =
      StandardError.isTerminal && !["", "dumb"].contains(environment["TERM"] ?? "")
      && (environment["NO_COLOR"] ?? "").isEmpty
    lastUpdate = clock.now
    subject = (nil, lastUpdate)
  }

  /// Seconds since the line first told of what it tells of now, or told of it anew.
  package func seconds(of name: String, anew: Bool = false) -> Double {
    if name != subject.name || anew { subject = (name, clock.now) }
    return (clock.now - subject.begin) / .seconds(1)
  }

  /// Renews the line ten times a second; where none can be renewed, writes a line that stays, once in a while.
  ///
  /// - Parameter interval: how far apart lines that stay are.
  package func update(every interval: Duration = .seconds(30), _ line: @autoclosure () -> String) {
    guard !isQuiet, clock.now - lastUpdate >= (isRenewed ? .milliseconds(100) : interval) else { return }
    isRenewed ? show(line()) : tell(line())
    lastUpdate = clock.now
  }

  /// Renews the line, cut to the terminal's width; writes nothing where no line can be renewed.
  package func show(_ line: String) {
    guard isRenewed, !isQuiet else { return }
    let columns = StandardError.columns ?? 80
    let text = line.prefix(max(1, columns - 1))
    StandardError.write(clearing(columns) + text)
    shown = text.count
  }

  /// Writes a line that stays; on a terminal one row.
  package func tellInOneRow(_ line: String) {
    tell(isRenewed ? String(line.prefix(max(1, (StandardError.columns ?? 80) - 1))) : line)
  }

  /// Writes a line that stays.
  package func tell(_ line: String) {
    guard !isQuiet else { return }
    StandardError.write(clearing(StandardError.columns ?? 80) + line + "\n")
    shown = 0
    lastUpdate = clock.now
  }

  /// Clears the renewed line.
  package func clear() {
    guard shown > 0 else { return }
    StandardError.write(clearing(StandardError.columns ?? 80))
    shown = 0
  }

  /// What clears the renewed line, all rows of it if the terminal has become narrower than it.
  private func clearing(_ columns: Int) -> String {
    guard shown > 0 else { return "" }
    let rowsAbove = (shown - 1) / columns
    return Self.toRowsStart + (rowsAbove > 0 ? "\u{1B}[\(rowsAbove)A" : "") + Self.clearToScreensEnd
  }
}
