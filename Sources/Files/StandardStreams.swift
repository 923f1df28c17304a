import Foundation

/// Standard output, where results go.
package enum StandardOutput {
  /// Writes a text, without control characters, and a line break, and waits while a non-blocking pipe is full.
  ///
  /// - Throws: `FileWriteError` if not all of it could be written, for example to a full disk or a closed pipe.
  package static func print(_ text: String) throws(FileWriteError) { try put(printable(text) + "\n") }

  /// Writes lines of CSV, in which nothing stands for a control character, as they are; without control characters to a terminal.
  ///
  /// - Throws: `FileWriteError`
  package static func printCSV(_ lines: String) throws(FileWriteError) {
    try put(isatty(STDOUT_FILENO) == 1 ? printable(lines) : lines)
  }

  private static func put(_ text: String) throws(FileWriteError) {
    if let code = write(text, to: STDOUT_FILENO, patience: -1) {
      throw .cannotWrite(path: "standard output", errno: code)
    }
  }
}

extension StandardOutput {
  /// The number of columns of the terminal on standard output; nil if it is not a terminal, or does not tell its width.
  package static var columns: Int? { columnsOfTerminal(STDOUT_FILENO) }
}

/// Standard error, where progress and errors go. Text that cannot be written is dropped: nobody is there to read it, and the
/// work goes on.
package enum StandardError {
  /// Writes a text as it is, and waits up to a second while a non-blocking pipe is full.
  package static func write(_ text: String) { _ = Files.write(text, to: STDERR_FILENO, patience: 1000) }

  /// The current number of columns of the terminal on standard error; nil if it is not a terminal, or does not tell its width.
  package static var columns: Int? { columnsOfTerminal(STDERR_FILENO) }

  /// True if standard error is a terminal.
  package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

private func columnsOfTerminal(_ descriptor: Int32) -> Int? {
  var size = winsize()
  guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
  return Int(size.ws_col)
}

/// The standard streams' descriptors.
package enum StandardDescriptors {
  /// Opens `/dev/null` on those of the descriptors 0 to 2 that are closed, so that no file opened later gets their numbers, and
  /// makes writing to a pipe that nobody reads, or beyond the limit of a file's size (`ulimit -f`), an error instead of ending the
  /// process. Must be called before anything else.
  package static func secure() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // `open` returns the lowest free number, which is this one: those below it are open.
      _ = open("/dev/null", O_RDWR)
    }
    for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
  }
}

/// Writes a whole text, however few bytes the descriptor takes at a time.
///
/// - Parameter patience: how many milliseconds to wait for a non-blocking descriptor that is full; −1 means for ever.
/// - Returns: nil, or the `errno` that stopped it.
private func write(_ text: String, to descriptor: Int32, patience: Int32) -> Int32? {
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
    if count > 0 {
      rest = rest.dropFirst(count)
    } else {
      let code = count < 0 ? errno : EIO
      guard code == EINTR || code == EAGAIN && isWritable(descriptor, milliseconds: patience) else { return code }
    }
  }
  return nil
}

/// Waits until a descriptor accepts bytes or reports an error; false if the time is over before that.
private func isWritable(_ descriptor: Int32, milliseconds: Int32) -> Bool {
  var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
  return poll(&request, 1, milliseconds) > 0
}
