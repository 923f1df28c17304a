import Experiments
import Files
import Foundation
import Networks
import TestSupport
import Testing
import Training

@Suite("Results files that several processes use")
struct ResultsFileTests {
  @Test("a record is added only when no one else reads the file any more")
  func lock() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("results.jsonl")
    let record = Sweep.Record(
      experiment: "digits", seed: 1, realEpochs: 2,
      result: NetworkResult(
        network: .real, weights: "real", activation: "tanh", epochs: 2, bestEpoch: 1, validationError: 0.25,
        testError: 0.125, seconds: 1, parametersSHA256: "ab"))
    try ResultsFile(path: path).prepare()
    let reader = open(path, O_RDONLY | O_CLOEXEC)
    defer { close(reader) }
    try #require(reader >= 0 && flock(reader, LOCK_SH) == 0)
    let isAdded = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      _ = try? ResultsFile(path: path).append(record)
      isAdded.signal()
    }
    let result = isAdded.wait(timeout: .now() + 0.2)
    #expect(try folder.bytes(of: "results.jsonl").isEmpty)
    try #require(flock(reader, LOCK_UN) == 0)
    if result == .timedOut { isAdded.wait() }
    #expect(try ResultsFile(path: path).records() == [record])
  }

  @Test("a file that another process keeps locked is an error after a while for who reads it, and before a training")
  func locked() throws {
    let folder = try TemporaryFolder()
    let file = ResultsFile(path: folder.file("results.jsonl"), patience: .milliseconds(50))
    let one = try record(seed: 1)
    try file.append(one)
    let other = open(file.path, O_RDONLY | O_CLOEXEC)
    defer { close(other) }
    try #require(other >= 0 && takeLock(on: other))
    for (expected, use) in [
      ("to read", { _ = try file.records() }), ("to read and write", { try file.prepare() }),
    ] as [(String, () throws -> Void)] {
      let error = #expect(throws: ResultsFileError.self) { try use() }
      #expect(
        error?.description == "\(file.path): expected \(expected), found: another process keeps it locked")
      #expect(error?.isInputOutput == true)
    }
    releaseLock(on: other)
    #expect(try file.records() == [one])
  }

  @Test("who adds a record waits for the lock however long it takes, which is told once, unless the process is to stop")
  func waiting() throws {
    let folder = try TemporaryFolder()
    let one = try record(seed: 1)
    let path = try folder.write([], to: "results.jsonl")
    let other = open(path, O_RDONLY | O_CLOEXEC)
    defer { close(other) }
    var told: [String] = []
    let file = ResultsFile(path: path, patience: .milliseconds(20)) { line in
      told.append(line)
      Thread.detachNewThread {
        Thread.sleep(forTimeInterval: 0.05)
        releaseLock(on: other)
      }
    }
    for wait in [{ _ = try file.append(one) }, { _ = try file.records(waiting: true) }] as [() throws -> Void] {
      told = []
      try #require(flock(other, LOCK_EX) == 0)
      try wait()
      #expect(told == ["\(path): another process keeps it locked; this one waits until it is free"])
    }
    try #require(flock(other, LOCK_EX) == 0)
    // No process has this number.
    let interruption = Interruption(endingWith: Int32.max)
    let two = try record(seed: 2)
    #expect(throws: InterruptionError.self) { try file.append(two, until: interruption) }
    releaseLock(on: other)
    #expect(try file.append(two, until: interruption), "nothing had to be waited for")
    #expect(try ResultsFile(path: path).records() == [one, two])
  }

  /// A record of a real network, which says what it depends on.
  private func record(
    _ experiment: String = "one", seed: UInt64, on digest: String = "a1", parameters: String = "ab",
    testError: Double = 0.125
  ) throws -> Sweep.Record {
    let result = NetworkResult(
      network: .real, weights: "real", activation: "tanh", epochs: 1, bestEpoch: 1, validationError: 0.25,
      testError: testError, seconds: 1, parametersSHA256: parameters)
    let reproduction = try SmallTraining.reproduction(seed: seed, digest: digest)
    return Sweep.Record(
      experiment: experiment, seed: seed, realEpochs: 1, result: result,
      origin: reproduction.origin(of: .real, signet: ProgramIdentity.this.signet))
  }

  @Test("a last line without its end, as an editor may leave it, keeps its record when another one is added")
  func withoutEnd() throws {
    let folder = try TemporaryFolder()
    let (one, other) = (try record(seed: 1), try record(seed: 2))
    let file = ResultsFile(path: try folder.write(Array(encodeLine(one).utf8), to: "results.jsonl"))
    #expect(try file.records() == [one])
    #expect(try file.append(other))
    #expect(try file.records() == [one, other])
  }

  @Test("a last line without its end is replaced if it is unfinished; one that is whole, but no record, is an error")
  func unfinished() throws {
    let folder = try TemporaryFolder()
    let (one, other) = (try record(seed: 1), try record(seed: 2))
    let line = try encodeLine(one)
    func write(_ last: String) throws -> ResultsFile {
      ResultsFile(path: try folder.write(Array((try encodeLine(other) + "\n" + last).utf8), to: "results.jsonl"))
    }
    for count in [1, 20, line.utf8.count - 1] {
      let file = try write(String(line.prefix(count)))
      #expect(try file.records() == [other])
      #expect(try file.append(one))
      #expect(try file.records() == [other, one])
    }
    let changed = line.replacing(#""validationError":0.25"#, with: #""validationError":25"#)
    try #require(changed != line)
    let file = try write(changed)
    let bytes = try folder.bytes(of: "results.jsonl")
    for use in [{ _ = try file.records() }, { _ = try file.append(one) }] as [() throws -> Void] {
      let error = #expect(throws: ResultsFileError.self) { try use() }
      #expect(
        error?.description == "\(file.path), line 2: expected a complete record of a sweep, found something else")
    }
    #expect(try folder.bytes(of: "results.jsonl") == bytes)
  }

  @Test("a result that is another one than the file's is told with its source, and by what differs")
  func otherResult() throws {
    let folder = try TemporaryFolder()
    let one = try record(seed: 1)
    let file = ResultsFile(path: try folder.write(Array((try encodeLine(one) + "\n").utf8), to: "results.jsonl"))
    func error(_ record: Sweep.Record) -> String? {
      #expect(throws: ResultsFileError.self) { try file.append(record, from: "runs/a") }?.description
    }
    let beginning = "\(file.path), line 1, and runs/a: expected the same result for the same network, found "
    #expect(try error(record(seed: 1, parameters: "cd")) == beginning + "ab… and cd…")
    #expect(
      try error(record(seed: 1, testError: 0.5))
        == beginning + "test error 0.125, validation error 0.25 in epoch 1 and "
        + "test error 0.5, validation error 0.25 in epoch 1")
    #expect(try file.records() == [one])
  }

  @Test("records are added to regular files only: a pipe would never end, and a device keeps nothing")
  func notRegular() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.file("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
    let record = try record(seed: 1)
    for file in ["/dev/null", pipe, folder.path].map({ ResultsFile(path: $0) }) {
      #expect(throws: FileWriteError.notRegular(path: file.path)) { try file.prepare() }
      #expect(throws: FileWriteError.notRegular(path: file.path)) { _ = try file.isThere() }
    }
    #expect(throws: FileWriteError.notRegular(path: "/dev/null")) {
      try ResultsFile(path: "/dev/null").append(record)
    }
    #expect(try ResultsFile(path: "/dev/null").records().isEmpty)
    #expect(try !ResultsFile(path: folder.file("none")).isThere())
  }

  @Test("lines are numbered as an editor numbers them, empty ones, too")
  func numbers() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("results.jsonl")
    func error(_ lines: [String]) throws -> String? {
      try folder.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: "results.jsonl")
      return #expect(throws: ResultsFileError.self) { try ResultsFile(path: path).records() }?.description
    }
    let one = try encodeLine(record(seed: 1))
    let changed = try encodeLine(record(seed: 1, parameters: "cd"))
    #expect(
      try error(["", one, "", "", changed])
        == "\(path), lines 2 and 5: expected the same result for the same network, found ab… and cd…")
    #expect(
      try error([one, "", "nothing"]) == "\(path), line 3: expected a complete record of a sweep, found something else")
  }

  @Test("a report shows experiments on different data side by side, but leaves out one that has several data sets")
  func dataSets() throws {
    let folder = try TemporaryFolder()
    let file = ResultsFile(path: folder.file("results.jsonl"))
    let version = ProgramIdentity.this.signet
    let records = try [
      record("one", seed: 1, on: "a1"), record("one", seed: 2, on: "a1"), record("two", seed: 1, on: "b2"),
    ]
    for record in records { try file.append(record) }
    let whole = try ReportedResults(file.path)
    #expect(whole.records == records && whole.remark == nil)
    try file.append(record("one", seed: 3, on: "c3"))
    let mixed = try ReportedResults(file.path)
    #expect(mixed.records == [records[2]])
    #expect(
      mixed.remark
        == "\(file.path): expected results of signet \(version) on one data set, found several data sets of one; "
        + "they are left out")
  }
}
