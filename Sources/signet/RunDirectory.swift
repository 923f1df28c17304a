import Foundation
import Training

/// The directory of one run: `log.jsonl`, a line an epoch, and at the end `result.json`.
final class RunDirectory {
  private let path: String
  private let logFile: FileHandle

  /// Makes the directory if it is missing.
  ///
  /// - Throws: `RunDirectoryError` if it cannot be made or written to, or holds a run already.
  init(creating path: String) throws {
    self.path = path
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw RunDirectoryError.cannotWrite(path: path, reason: reason(of: error))
    }
    let log = path + "/log.jsonl"
    let descriptor = open(log, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, 0o644)
    guard descriptor >= 0 else {
      if errno == EEXIST { throw RunDirectoryError.holdsRun(path: log) }
      throw RunDirectoryError.cannotWrite(path: log, reason: String(cString: strerror(errno)))
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
      throw RunDirectoryError.cannotWrite(path: path + "/log.jsonl", reason: reason(of: error))
    }
  }

  /// Writes a file that appears whole or not at all: to a temporary name, flushed, then renamed.
  func write(_ text: String, to name: String) throws {
    let (temporary, final) = ("\(path)/.\(name).partial", "\(path)/\(name)")
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else {
      throw RunDirectoryError.cannotWrite(path: temporary, reason: String(cString: strerror(errno)))
    }
    do {
      let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      try file.write(contentsOf: Data((text + "\n").utf8))
      try file.synchronize()
      try file.close()
    } catch {
      unlink(temporary)
      throw RunDirectoryError.cannotWrite(path: temporary, reason: reason(of: error))
    }
    guard rename(temporary, final) == 0 else {
      throw RunDirectoryError.cannotWrite(path: final, reason: String(cString: strerror(errno)))
    }
  }
}

/// Why a run's directory could not be used.
enum RunDirectoryError: Error, CustomStringConvertible {
  case cannotWrite(path: String, reason: String)
  case holdsRun(path: String)

  var description: String {
    switch self {
    case .cannotWrite(let path, let reason): "\(path): expected to write, found: \(reason)"
    case .holdsRun(let path): "\(path): expected a directory without a run, found one"
    }
  }
}

/// The system's words for a file error.
private func reason(of error: any Error) -> String {
  let error = error as NSError
  let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
  return underlying.domain == NSPOSIXErrorDomain
    ? String(cString: strerror(Int32(underlying.code))) : "\(error.localizedDescription)"
}
