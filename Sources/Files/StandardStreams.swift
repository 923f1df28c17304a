import Foundation

/// Standard output, where results go.
package enum StandardOutput {
  /// Writes a text and a line's end, and waits where a non-blocking pipe is full.
  ///
  /// - Throws: `FileWriteError` if not all of it could be written, for example to a full disk or a closed pipe.
  package static func print(_ text: String) throws(FileWriteError) {
    var rest = Array((text + "\n").utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        _ = isWritable(STDOUT_FILENO, milliseconds: -1)
      } else if errno != EINTR {
        throw .cannotWrite(path: "standard output", reason: reason(ofErrno: errno))
      }
    }
  }
}

/// Standard error, where progress and errors go. A text that cannot be written is forgotten: nobody is there to read it, and the
/// work goes on.
package enum StandardError {
  /// How long a text waits for a non-blocking pipe that is full.
  private static let patience: Int32 = 1000

  /// Writes a text as it stands.
  package static func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else {
        guard count < 0, errno == EINTR || errno == EAGAIN && isWritable(STDERR_FILENO, milliseconds: patience) else {
          return
        }
      }
    }
  }

  /// The number of columns of the terminal that standard error is, as it is now; nil if it is none, or one that does not say.
  package static var columns: Int? {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// True if standard error is a terminal.
  package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// The standard streams' descriptors.
package enum StandardDescriptors {
  /// Opens closed ones of the descriptors 0 to 2 on `/dev/null`, so that no file that is opened later gets their numbers, and makes a
  /// write to a pipe that nobody reads an error instead of the process's end. To be called before anything else.
  package static func secure() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is this one: those below it are open.
      _ = open("/dev/null", O_RDWR)
    }
    signal(SIGPIPE, SIG_IGN)
  }
}

/// Waits until a descriptor takes bytes, or has an error to tell of; false if the time is over before.
private func isWritable(_ descriptor: Int32, milliseconds: Int32) -> Bool {
  var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
  return poll(&request, 1, milliseconds) > 0
}
