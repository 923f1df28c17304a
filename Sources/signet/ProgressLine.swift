import Foundation

/// One line on standard error that is renewed, on a terminal only.
struct ProgressLine {
  private let isShown: Bool

  init(isQuiet: Bool) { isShown = !isQuiet && isatty(STDERR_FILENO) == 1 }

  func show(_ line: String) { write("\r\u{1B}[K" + line.prefix(100)) }

  /// Clears the line.
  func clear() { write("\r\u{1B}[K") }

  private func write(_ text: String) {
    if isShown { FileHandle.standardError.write(Data(text.utf8)) }
  }
}
