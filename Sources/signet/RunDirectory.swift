import Foundation
import Training

/// The directory of one run: `log.jsonl`, a line an epoch, a file of each trained network, and at the end `result.json`.
final class RunDirectory {
  private let path: String
  private let logFile: FileHandle

  /// Makes the directory if it is missing.
  ///
  /// - Throws: `FileWriteError` if it cannot be made or written to, `RunDirectoryError` if it holds a run already.
  init(creating path: String) throws {
    self.path = path
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw FileWriteError.cannotWrite(path: path, reason: reason(of: error))
    }
    let log = path + "/log.jsonl"
    let descriptor = open(log, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, 0o644)
    guard descriptor >= 0 else {
      if errno == EEXIST { throw RunDirectoryError.holdsRun(path: log) }
      throw FileWriteError.cannotWrite(path: log, reason: String(cString: strerror(errno)))
    }
    logFile = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Adds an epoch's line to `log.jsonl`.
  func log(_ report: EpochReport) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    do {
      try logFile.write(contentsOf: try encoder.encode(report) + Data("\n".utf8))
    } catch {
      throw FileWriteError.cannotWrite(path: path + "/log.jsonl", reason: reason(of: error))
    }
  }

  /// Writes a trained network to its own file, which appears whole or not at all.
  func save(_ network: SavedNetwork) throws {
    try network.write(to: "\(path)/\(SavedNetwork.fileName(network.result.network))")
  }

  /// Writes a text file that appears whole or not at all.
  func write(_ text: String, to name: String) throws(FileWriteError) {
    let file = try AtomicFile(path: "\(path)/\(name)")
    try file.write(Array((text + "\n").utf8))
    try file.commit()
  }
}

/// Why a run's directory could not be used.
enum RunDirectoryError: Error, CustomStringConvertible {
  case holdsRun(path: String)

  var description: String {
    switch self {
    case .holdsRun(let path): "\(path): expected a directory without a run, found one"
    }
  }
}

/// The system's words for a file error.
func reason(of error: any Error) -> String {
  let error = error as NSError
  let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
  return underlying.domain == NSPOSIXErrorDomain
    ? String(cString: strerror(Int32(underlying.code))) : "\(error.localizedDescription)"
}
