import Foundation

/// How fetching goes.
package enum FetchEvent: Sendable {
  /// `received` bytes of the file are there, `resumedAt` of which were there before.
  case receiving(RemoteFile, resumedAt: Int, received: Int)
  /// All bytes are there, the digest is taken.
  case checking(RemoteFile)
  /// The next address is tried.
  case addressFailed(FetchError)
}

/// How it ended.
package enum FetchOutcome: Equatable, Sendable {
  /// It was there already, with the right contents.
  case present
  case fetched(address: URL, resumedAt: Int)
}
