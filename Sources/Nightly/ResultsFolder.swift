import Benchmarking
import BuildInformation
import Experiments
import Files
import Foundation
import Tensors

/// The directory in which the nights keep their history:
///
///     nights/<name>/night.json          what a night found (`Night`), written from its start on
///     nights/<name>/runs/<run>/         its trainings, as `signet reproduce --out` keeps them; only for the newest nights
///     nights/<name>/report.html, .md    the report as of that night
///     report.html, report.md            the newest report
package struct ResultsFolder: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  /// The directory of a night.
  package func directory(of night: String) -> String { "\(path)/nights/\(night)" }

  /// Creates a new directory for a night that begins at `date`. A second night of the same second has `-2` in its name.
  ///
  /// - Returns: the name.
  /// - Throws: `FileWriteError`
  package func makeNight(at date: Date) throws(FileWriteError) -> String {
    try AtomicFile.makeDirectory("\(path)/nights")
    let second = date.formatted(.iso8601).replacing(":", with: "-")
    var (name, count) = (second, 1)
    while mkdir(directory(of: name), 0o777) != 0 {
      guard errno == EEXIST else {
        throw .cannotWrite(path: directory(of: name), errno: errno)
      }
      count += 1
      name = "\(second)-\(count)"
    }
    return name
  }

  /// All nights in order, including those that were cut short. Damaged records are left out, but listed. A directory in which no night
  /// has begun has none.
  ///
  /// - Throws: `ResultsFolderError` if the directory is missing or cannot be read.
  package var history: NightHistory {
    get throws(ResultsFolderError) {
      var (nights, damaged) = ([Night](), [MeasurementFileError]())
      for name in try names() {
        do { nights.append(try night(name)) } catch { damaged.append(error) }
      }
      return NightHistory(nights, damaged: damaged)
    }
  }

  private func names() throws(ResultsFolderError) -> [String] {
    let nights = "\(path)/nights"
    let hasBegun = FileManager.default.fileExists(atPath: nights)
    do {
      let names = try FileManager.default.contentsOfDirectory(atPath: hasBegun ? nights : path)
      return hasBegun ? names.sorted().filter { FileManager.default.fileExists(atPath: file($0)) } : []
    } catch {
      throw ResultsFolderError(path: hasBegun ? nights : path, found: reason(of: error))
    }
  }

  /// The night with this name.
  ///
  /// - Throws: `MeasurementFileError`
  package func night(_ name: String) throws(MeasurementFileError) -> Night {
    struct Head: Decodable { let version: Int }
    let data: Data
    do {
      data = try Data(contentsOf: URL(plainPath: file(name)))
    } catch {
      let found = systemErrorNumber(of: error) == ENOENT ? "none" : reason(of: error)
      throw MeasurementFileError(path: file(name), expected: "a night's record", found: found, isInputOutput: true)
    }
    if let head = try? JSONDecoder().decode(Head.self, from: data), head.version != Night.version {
      throw MeasurementFileError(
        path: file(name), expected: "version \(Night.version)", found: "version \(head.version)")
    }
    let night: Night
    do {
      night = try JSONDecoder().decode(Night.self, from: data)
    } catch {
      throw MeasurementFileError(path: file(name), expected: "a night's record", found: whatDoesNotDecode(error))
    }
    guard night.name == name else {
      throw MeasurementFileError(path: file(name), expected: "the record of \(name)", found: "that of \(night.name)")
    }
    return night
  }

  /// Writes a night's record, whole or not at all.
  ///
  /// - Throws: `FileWriteError`; `EncodingError` for a number that is not finite.
  package func write(_ night: Night) throws {
    try AtomicFile.write(Array("\(encodeLine(night))\n".utf8), to: file(night.name), makingDirectories: true)
  }

  /// Removes the runs' directories (networks and logs, some 100 MB per night) of all but the newest nights. Records and
  /// reports stay.
  package func removeRuns(keeping count: Int) {
    for night in ((try? history)?.nights ?? []).dropLast(count) {
      try? FileManager.default.removeItem(atPath: "\(directory(of: night.name))/runs")
    }
  }

  /// The path of a night's record.
  package func file(_ name: String) -> String { "\(directory(of: name))/night.json" }

  /// The night to run: a new one, or the newest one to resume.
  ///
  /// - Parameters:
  ///   - history: all nights of the directory.
  ///   - isResuming: whether to resume the newest night if it is unfinished, and of this commit and program: what it
  ///     found of another program says nothing of this one.
  /// - Throws: `FileWriteError`
  package func nextNight(
    after history: NightHistory, isResuming: Bool, commit: String?, isModified: Bool, program: ProgramIdentity,
    command: String
  ) throws -> Night {
    if isResuming, var last = history.nights.last, !last.isFinished,
      (last.commit, last.isModified) == (commit, isModified), program.sha256 != nil, last.program == program
    {
      last.number = last.number ?? history.nextNumber
      return last
    }
    let host = RunRecord.Host(.single)
    return Night(
      name: try makeNight(at: .now), number: history.nextNumber, signet: BuildInformation.version, commit: commit,
      isModified: isModified, program: program,
      host: .init(system: host.system, processor: host.processor, cores: host.cores, kernels: host.kernels),
      command: command)
  }

  /// Accepts a night's alarms as the new baseline.
  ///
  /// - Throws: `MeasurementFileError` for a night that is unfinished, not verified, accepted already or has nothing to
  ///   accept; `FileWriteError`.
  package func accept(_ name: String, reason: String) throws {
    var night = try night(name)
    func refuse(_ expected: String, _ found: String) -> MeasurementFileError {
      MeasurementFileError(path: file(name), expected: expected, found: found)
    }
    guard night.isFinished else { throw refuse("a finished night", "an unfinished one") }
    guard night.isVerified else { throw refuse("a verified night", night.headline) }
    if let first = night.accepted {
      throw refuse("a night that nobody has accepted", "one accepted with the reason: \(oneLine(first))")
    }
    guard !night.alarms.isEmpty else {
      throw refuse("something worse or vanished to accept", "nothing (\(night.headline))")
    }
    night.accepted = reason
    try write(night)
  }
}

/// The directory of the nights' history cannot be read.
package struct ResultsFolderError: Error, Equatable, CustomStringConvertible {
  package let path, found: String

  package var description: String { oneLine("\(path): expected a readable directory, found \(found)") }
}
