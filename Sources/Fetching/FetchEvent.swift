import Files
import Foundation

/// An event in the course of fetching.
package enum FetchEvent: Sendable {
  /// `received` bytes of the file have been received, `resumedAt` of them in an earlier call.
  case receiving(RemoteFile, resumedAt: Int, received: Int)
  /// All bytes have been received, and the digest is being computed.
  case checking(RemoteFile)
  /// An address failed, and the next one is tried.
  case addressFailed(FetchError)
}

/// How fetching a file ended.
package enum FetchOutcome: Equatable, Sendable {
  /// The file already existed, with the right contents.
  case present
  case fetched(address: URL, resumedAt: Int)
}

extension FetchEvent {
  /// The event as one line.
  ///
  /// - Parameter seconds: how long the file has been downloading.
  package func text(after seconds: Double) -> String {
    switch self {
    case .receiving(let file, let resumedAt, let received):
      // A coarse clock may not have moved yet.
      let rate = seconds > 0 ? Double(received - resumedAt) / seconds : 0
      return "\(file.name)  \(megabytes(Double(received)))/\(megabytes(Double(file.bytes))) MB  "
        + "\(percent(Double(received) / Double(file.bytes)))  \(megabytes(rate)) MB/s  "
        + timeLeft(Double(file.bytes - received) / max(rate, 1))
    case .checking(let file): return "\(file.name)  checking \(file.digest.algorithm)"
    case .addressFailed(let error): return "\(error); trying the next address"
    }
  }

  private func megabytes(_ bytes: Double) -> String { fixed(bytes / 1e6, places: 1) }
}

extension ProgressLine {
  /// Shows a download: one line that is updated on a terminal, elsewhere a line every half minute.
  package func show(_ event: FetchEvent) {
    switch event {
    case .receiving(let file, let resumedAt, let received):
      let seconds = seconds(of: file.name, anew: received == resumedAt)
      update(event.text(after: seconds))
    case .checking(let file): show(event.text(after: seconds(of: file.name)))
    case .addressFailed: tell(event.text(after: 0))
    }
  }
}
