import Datasets
import Files
import Foundation

/// Why a file could not be fetched.
package indirect enum FetchError: Error, Equatable, Sendable {
  /// Not an address of http or https with a host.
  case unusableAddress(String)
  /// A file's name that would lead out of the directory.
  case unusableName(String)

  /// No connection, or none that lasted to the first byte; `reason` in the system's words.
  case unreachable(address: String, reason: String)
  /// The connection ended early; what came is kept.
  case cutOff(address: String, expected: Int, actual: Int)
  /// Nothing came for so many seconds.
  case stalled(address: String, seconds: Double)
  /// An answer other than the file.
  case status(address: String, code: Int)
  case tooManyRedirections(address: String, limit: Int)
  /// A redirection to what is not http or https, or from https to http.
  case refusedRedirection(address: String, target: String)
  /// The server encodes the file on the way in a form other than gzip.
  case encoded(address: String, encoding: String)

  /// `isAtLeast` if more came and was not counted.
  case wrongLength(address: String, expected: Int, actual: Int, isAtLeast: Bool)
  case wrongDigest(address: String, algorithm: String, expected: String, actual: String)
  /// A file of that name stands there with other contents, and was left as it is.
  case wrongContents(path: String, expected: String, actual: String)

  /// The system refused; `reason` in its own words.
  case cannotWrite(path: String, reason: String)
  /// Another process fetches the same file.
  case inUse(path: String)

  /// What went wrong at each of several addresses, in order.
  case everyAddress([FetchError])

  package enum Kind: Sendable, Equatable { case usage, network, contents, inputOutput }

  /// The error's kind; of several addresses' errors, wrong contents come first, since these do not mend themselves.
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
  /// One line: `ADDRESS: expected X, found Y`; of several addresses, joined by semicolons.
  package var description: String {
    if case .everyAddress(let errors) = self { return errors.map(\.description).joined(separator: "; ") }
    let (place, expected, found) = wording
    return oneLine("\(place): expected \(expected), found \(found)")
  }

  private var wording: (place: String, expected: String, found: String) {
    switch self {
    case .unusableAddress(let text): (text, "an address of http or https", "another")
    case .unusableName(let name): (name, "a file's name without a folder", "another")
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
    case .inUse(let path): (path, "a file of its own", "another process that writes it")
    case .everyAddress: ("", "", "")
    }
  }
}
