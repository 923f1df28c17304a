import Files
import Foundation
import Training

/// The lock of a results directory, which only one night at a time can hold; it is released when the process ends.
package final class ResultsLock {
  private let descriptor: Int32

  /// Takes the lock, and writes its holder into the lock's file.
  ///
  /// - Throws: `ResultsLockError` if another night holds it; `FileWriteError`.
  package init(_ folder: ResultsFolder, at date: Date) throws {
    try AtomicFile.makeDirectory(folder.path)
    let path = "\(folder.path)/lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw FileWriteError.cannotWrite(path: path, errno: errno)
    }
    guard takeLock(on: descriptor) else {
      let holder = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
      throw ResultsLockError(path: folder.path, holder: holder.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    let process = ProcessInfo.processInfo
    let holder = "process \(process.processIdentifier) on \(process.hostName) since \(date.formatted(.iso8601))\n"
    let isWritten =
      ftruncate(descriptor, 0) == 0 && pwrite(descriptor, holder, holder.utf8.count, 0) == holder.utf8.count
    guard isWritten else {
      throw FileWriteError.cannotWrite(path: path, errno: errno)
    }
  }

  deinit {
    releaseLock(on: descriptor)
    close(descriptor)
  }
}

/// Another night uses the results directory.
package struct ResultsLockError: Error, Equatable, CustomStringConvertible {
  package let path, holder: String

  package var description: String {
    "\(path): expected a directory that no other night uses, found one in use by \(holder.isEmpty ? "a night" : holder)"
  }
}
