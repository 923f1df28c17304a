import Foundation

/// Progress on standard error: a line that is renewed on a terminal, and lines that stay.
struct ProgressLine {
  /// True if nothing is to be told at all.
  let isQuiet: Bool
  let isTerminal = isatty(STDERR_FILENO) == 1

  private static let clearing = "\r\u{1B}[K"

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  /// Renews the line, on a terminal only.
  func show(_ line: String) {
    if isTerminal { write(Self.clearing + line.prefix(120)) }
  }

  /// Writes a line that stays.
  func tell(_ line: String) { write((isTerminal ? Self.clearing : "") + line + "\n") }

  /// Clears the renewed line.
  func clear() {
    if isTerminal { write(Self.clearing) }
  }

  private func write(_ text: String) {
    if !isQuiet { FileHandle.standardError.write(Data(text.utf8)) }
  }
}
