import Benchmarking
import Experiments
import Foundation
import Nightly
import TestSupport
import Testing

@Suite("The nights' history on disk")
struct ResultsFolderTests {
  private func inTemporaryFolder(_ body: (ResultsFolder) throws -> Void) throws {
    let folder = try TemporaryFolder()
    try body(ResultsFolder(path: folder.path))
  }

  private func night(_ name: String, isFinished: Bool = true, verdict: ChangeVerdict = .same) -> Night {
    var night = Night(
      name: name, signet: "0", commit: "c", isModified: false,
      host: .init(system: "Linux", processor: "any", cores: 2, kernels: "plain"), command: "ci/nightly")
    night.verification = [.init(suite: "ops", cases: 3, failures: [], seconds: 1)]
    night.benchmarks = [.init(name: "it", rounds: [1, 2])]
    night.changes = [
      Change(
        measure: .time, subject: "it", against: "base", before: [1], after: [2], p: 0.5, correctedP: 1, estimate: 2,
        low: nil, high: nil, verdict: verdict, reason: "why")
    ]
    night.isFinished = isFinished
    return night
  }

  @Test("what was written is read back in the order of the numbers, whatever the clock said")
  func history() throws {
    try inTemporaryFolder { folder in
      #expect(try folder.history.nights.isEmpty)
      var nights = [night("2026-01-02"), night("2031-01-01"), night("2026-01-01")]
      for index in nights.indices { nights[index].number = index + 1 }
      // An older version's record has no number.
      nights.insert(night("2026-05-05"), at: 0)
      for night in nights.reversed() { try folder.write(night) }
      #expect(try folder.history.nights == nights)
      #expect(try folder.history.nextNumber == 4)
      #expect(try folder.history.before(nights[2]).nights == Array(nights.prefix(2)))
    }
  }

  @Test("a directory without nights has an empty history; one that is missing or no directory is an error")
  func unreadable() throws {
    try inTemporaryFolder { folder in
      #expect(try folder.history.nights.isEmpty)
      try Data([1]).write(to: URL(filePath: "\(folder.path)/file"))
      for (name, found) in [("none", "No such file or directory"), ("file", "Not a directory")] {
        let place = ResultsFolder(path: "\(folder.path)/\(name)")
        let error = #expect(throws: ResultsFolderError.self) { try place.history }
        #expect(error.map { "\($0)" } == "\(place.path): expected a readable directory, found \(found)")
      }
      try Data([1]).write(to: URL(filePath: "\(folder.path)/nights"))
      let error = #expect(throws: ResultsFolderError.self) { try folder.history }
      #expect(error?.path == "\(folder.path)/nights")
    }
  }

  @Test("nights that begin in the same second have different names")
  func names() throws {
    try inTemporaryFolder { folder in
      let begin = Date(timeIntervalSince1970: 1_795_400_998)
      let names = try (1...3).map { _ in try folder.makeNight(at: begin) }
      #expect(names == ["2026-11-23T02-29-58Z", "2026-11-23T02-29-58Z-2", "2026-11-23T02-29-58Z-3"])
      #expect(try folder.history.nights.isEmpty, "a directory without a record is no night")
    }
  }

  private func program(_ sha256: String?, traces: String = "t") -> ProgramIdentity {
    ProgramIdentity(signet: "0", commit: "c", isModified: true, sha256: sha256, traces: traces)
  }

  @Test(
    "an unfinished night is resumed by the program that began it; any other begins a new night",
    arguments: [
      ("a", "a", "t", true), ("a", "b", "t", false), ("a", "a", "other", false), (nil, nil, "t", false),
      ("a", nil, "t", false),
    ] as [(String?, String?, String, Bool)])
  func resumed(first: String?, second: String?, traces: String, isSame: Bool) throws {
    try inTemporaryFolder { folder in
      func next(_ program: ProgramIdentity, isResuming: Bool = true) throws -> Night {
        try folder.nextNight(
          after: folder.history, isResuming: isResuming, commit: nil, isModified: false, program: program, command: "")
      }
      var begun = try next(program(first))
      begun.verification = [.init(suite: "ops", cases: 3, failures: [], seconds: 1)]
      try folder.write(begun)
      let night = try next(program(second, traces: traces))
      #expect((night == begun) == isSame && night.verification.isEmpty == !isSame)
      #expect(night.program == program(second, traces: traces))
      #expect(try next(program(first), isResuming: false).name != begun.name)
    }
  }

  @Test(
    "a night of another commit, or of the same one with other changes, is not resumed",
    arguments: [("c", false, true), ("c", true, false), ("d", false, false), (nil, false, false)]
      as [(String?, Bool, Bool)])
  func otherCommit(commit: String?, isModified: Bool, isSame: Bool) throws {
    try inTemporaryFolder { folder in
      func next(_ commit: String?, isModified: Bool) throws -> Night {
        try folder.nextNight(
          after: folder.history, isResuming: true, commit: commit, isModified: isModified, program: program("a"),
          command: "")
      }
      let begun = try next("c", isModified: false)
      try folder.write(begun)
      let night = try next(commit, isModified: isModified)
      #expect((night == begun) == isSame)
      #expect(night.commit == commit && night.isModified == isModified)
    }
  }

  @Test("a night is resumed until it is finished; then the next one begins")
  func finished() throws {
    try inTemporaryFolder { folder in
      func next() throws -> Night {
        try folder.nextNight(
          after: folder.history, isResuming: true, commit: nil, isModified: false, program: program("a"), command: "")
      }
      var night = try next()
      try folder.write(night)
      #expect(try next() == night)
      night.isFinished = true
      try folder.write(night)
      let second = try next()
      #expect(second.name != night.name && second.number == 2 && !second.isFinished)
    }
  }

  @Test("a record that does not tell the program is not resumed")
  func unknownProgram() throws {
    try inTemporaryFolder { folder in
      let old = night("2026-01-01", isFinished: false)
      try folder.write(old)
      let next = try folder.nextNight(
        after: folder.history, isResuming: true, commit: old.commit, isModified: old.isModified, program: program("a"),
        command: "")
      #expect(next.name != old.name && next.verification.isEmpty && next.number == 1)
    }
  }

  @Test("a second night on a directory learns who holds the lock, and gets it afterwards")
  func lock() throws {
    try inTemporaryFolder { folder in
      // What an earlier holder with a longer name left.
      try String(repeating: "process 1 on a host ", count: 40).write(
        toFile: "\(folder.path)/lock", atomically: true, encoding: .utf8)
      do {
        let lock = try ResultsLock(folder, at: Date(timeIntervalSince1970: 1_795_400_998))
        let error = #expect(throws: ResultsLockError.self) { try ResultsLock(folder, at: .now) }
        let process = ProcessInfo.processInfo
        #expect(
          error?.holder == "process \(process.processIdentifier) on \(process.hostName) since 2026-11-23T02:29:58Z")
        withExtendedLifetime(lock) {}
      }
      #expect(throws: Never.self) { try ResultsLock(folder, at: .now) }
    }
  }

  @Test("the runs of the newest nights and the records of all nights are kept")
  func runs() throws {
    try inTemporaryFolder { folder in
      for name in ["1", "2", "3"] {
        try folder.write(night(name))
        try FileManager.default.createDirectory(
          atPath: "\(folder.directory(of: name))/runs/a", withIntermediateDirectories: true)
      }
      folder.removeRuns(keeping: 2)
      #expect(try folder.history.nights.map(\.name) == ["1", "2", "3"])
      let kept = ["1", "2", "3"].filter { FileManager.default.fileExists(atPath: "\(folder.directory(of: $0))/runs") }
      #expect(kept == ["2", "3"])
    }
  }

  @Test(
    "a damaged record, or one of a newer format, is left out, and its file is named",
    arguments: [
      ("{\"version\": 1}", "a night's record"), ("{\"version\": 2}", "version 1"), ("", "a night's record"),
      ("[]", "a night's record"),
    ])
  func damaged(text: String, expected: String) throws {
    try inTemporaryFolder { folder in
      try folder.write(night("2026-01-01"))
      let file = "\(folder.path)/nights/2026-01-01/night.json"
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      try folder.write(night("2026-01-02"))
      #expect(try folder.history.nights.map(\.name) == ["2026-01-02"], "the others are read")
      let error = try #require(try folder.history.damaged.first)
      #expect(error.path == file)
      #expect(error.expected == expected)
    }
  }

  @Test(
    "of a record with a value that is invalid or missing, the value is named, with its whole place",
    arguments: [
      (#""cases":3"#, #""cases":"three""#, "an invalid value for verification[0].cases"),
      (#""cores":2"#, #""cores":null"#, "an invalid value for host.cores"),
      (#""command":"ci/nightly","#, "", "no command"),
    ])
  func invalid(old: String, new: String, found: String) throws {
    try inTemporaryFolder { folder in
      try folder.write(night("2026-01-01"))
      let file = folder.file("2026-01-01")
      let text = try String(contentsOfFile: file, encoding: .utf8)
      try text.replacing(old, with: new).write(toFile: file, atomically: true, encoding: .utf8)
      #expect(try folder.history.damaged.map { "\($0)" } == ["\(file): expected a night's record, found \(found)"])
    }
  }

  @Test("of a record that cannot be read, the system's reason is told, and of a missing one that there is none")
  func unreadableRecord() throws {
    try inTemporaryFolder { folder in
      let file = folder.file("2026-01-01")
      try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: true)
      #expect(
        try folder.history.damaged.map { "\($0)" } == ["\(file): expected a night's record, found Is a directory"])
      let missing = #expect(throws: MeasurementFileError.self) { try folder.night("none") }
      #expect(missing?.found == "none" && missing?.isInputOutput == true)
    }
  }

  @Test("a record that lies in another night's directory is left out, and whose it is is told")
  func misplaced() throws {
    try inTemporaryFolder { folder in
      for name in ["2026-01-01", "2026-01-02"] { try folder.write(night(name)) }
      let file = folder.file("2026-01-01")
      try Data(contentsOf: URL(filePath: folder.file("2026-01-02"))).write(to: URL(filePath: file))
      #expect(try folder.history.nights == [night("2026-01-02")])
      #expect(
        try folder.history.damaged.map { "\($0)" } == [
          "\(file): expected the record of 2026-01-01, found that of 2026-01-02"
        ])
    }
  }
}
