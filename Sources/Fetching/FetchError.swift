import Datasets
import Files
import Foundation

/// Why a file could not be fetched.
package indirect enum FetchError: Error, Equatable, Sendable {
  /// The address is not an http or https address with a host.
  case unusableAddress(String)
  /// A file name that would lead out of the directory.
  case unusableName(String)

  /// There was no connection, or it ended before the first byte; `reason` is the system's description.
  case unreachable(address: String, reason: String)
  /// The connection ended early; the bytes received so far are kept.
  case cutOff(address: String, expected: Int, actual: Int)
  /// Nothing was received for this number of seconds.
  case stalled(address: String, seconds: Double)
  /// The server's answer was not the file.
  case status(address: String, code: Int)
  case tooManyRedirections(address: String, limit: Int)
  /// A redirection to something other than http or https, or from https to http.
  case refusedRedirection(address: String, target: String)
  /// The server sends the file in a content encoding other than gzip.
  case encoded(address: String, encoding: String)

  /// The length is wrong; `isAtLeast` if more bytes came and were not counted.
  case wrongLength(address: String, expected: Int, actual: Int, isAtLeast: Bool)
  case wrongDigest(address: String, algorithm: String, expected: String, actual: String)
  /// A file with this name but other contents exists, and was left as it is.
  case wrongContents(path: String, expected: String, actual: String)

  /// The system refused; `reason` is the system's own description.
  case cannotWrite(path: String, reason: String)
  /// Another process is fetching the same file.
  case inUse(path: String)

  /// The errors of several addresses, in order.
  case everyAddress([FetchError])

  package enum Kind: Sendable, Equatable { case usage, network, contents, inputOutput }

  /// The error's kind; among several addresses' errors, wrong contents take precedence, since retrying does not help.
  package var kind: Kind {
    switch self {
    case .unusableAddress, .unusableName: .usage
    case .unreachable, .cutOff, .stalled, .status, .tooManyRedirections, .refusedRedirection, .encoded: .network
    case .wrongLength, .wrongDigest, .wrongContents: .contents
    case .cannotWrite, .inUse: .inputOutput
    case .everyAddress(let errors): errors.contains { $0.kind == .contents } ? .contents : errors.last?.kind ?? .usage
    }
  }

  static func cannotWrite(path: String, errno: Int32) -> FetchError {
    .cannotWrite(path: path, reason: reason(ofErrno: errno))
  }
}

extension FetchError: CustomStringConvertible {
  /// One line: `ADDRESS: expected X, found Y`; for several addresses, joined by semicolons.
  package var description: String {
    if case .everyAddress(let errors) = self { return errors.map(\.description).joined(separator: "; ") }
    let (place, expected, found) = wording
    return oneLine("\(place): expected \(expected), found \(found)")
  }

  private var wording: (place: String, expected: String, found: String) {
    switch self {
    case .unusableAddress(let text): (text, "an http or https address", "another")
    case .unusableName(let name): (name, "a file name without a folder", "another")
    case .unreachable(let address, let reason): (address, "an answer", reason)
    case .cutOff(let address, let expected, let actual):
      (address, "\(expected) bytes", "the connection's end after \(actual) bytes")
    case .stalled(let address, let seconds):
      (address, "bytes", "none for \(seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)") seconds")
    case .status(let address, let code): (address, "status 200", "status \(code)")
    case .tooManyRedirections(let address, let limit): (address, "at most \(limit) redirections", "more")
    case .refusedRedirection(let address, let target):
      (address, "no redirection away from \(address.hasPrefix("https") ? "https" : "http")", target)
    case .encoded(let address, let encoding): (address, "the file as it is or gzip", "content encoding \(encoding)")
    case .wrongLength(let address, let expected, let actual, let isAtLeast):
      (address, "\(expected) bytes", "\(isAtLeast ? "at least " : "")\(actual)")
    case .wrongDigest(let address, let algorithm, let expected, let actual):
      (address, "\(algorithm) \(expected)", actual)
    case .wrongContents(let path, let expected, let actual): (path, expected, "\(actual) (--force replaces the file)")
    case .cannotWrite(let path, let reason): (path, "to write", reason)
    case .inUse(let path): (path, "a file that no other process is writing", "one that is being written")
    case .everyAddress: ("", "", "")
    }
  }
}
