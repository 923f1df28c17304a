import Foundation
import Tensors
import TestSupport
import Testing
import Training
import Verification

@Suite("Signals that stop a run, and those that do not")
struct SignalTests {
  @Test(
    "SIGTERM, SIGINT and SIGHUP write a checkpoint and end with 143, 130 and 129",
    arguments: [(SIGTERM, Int32(143)), (SIGINT, Int32(130)), (SIGHUP, Int32(129))])
  func stopped(number: Int32, code: Int32) throws {
    let directory = try TemporaryFolder()
    let arguments = [
      "reproduce", "digits", "--networks", "real", "--real-epochs", "100000", "--quiet", "--out", directory.file("run"),
    ]
    let run = directory.file("run")
    let ended = try SignetProgram.interrupted(
      arguments, by: number, when: { _ in SignetProgram.hasCheckpoint(run) })
    #expect(ended == code && SignetProgram.hasCheckpoint(run))
  }

  @Test("a signal within an epoch keeps the steps that were taken in it", .enabled(if: isLinux))
  func withinEpoch() throws {
    let directory = try TemporaryFolder()
    let run = directory.file("run")
    // Some hundred steps an epoch, which take seconds; the signal comes in the first one, as soon as it is handled.
    let ended = try SignetProgram.interrupted(
      [
        "train", "--architecture", "1200-1200-10", "--networks", "real", "--batch", "2", "--real-epochs", "1000",
        "--quiet", "--out", run,
      ], by: SIGTERM, when: { process in try SignetProgram.isCaught(SIGTERM, by: process) })
    #expect(ended == 143)
    #expect(try Checkpoint(reading: "\(run)/checkpoint.safetensors", on: .single).step > 0)
  }

  @Test("the training of a sweep that is killed ends soon, even if no process waits for the sweep")
  func killedSweep() throws {
    let directory = try TemporaryFolder()
    /// The run directory, once it has a checkpoint.
    func run() -> String? {
      ((try? FileManager.default.contentsOfDirectory(atPath: directory.file("runs"))) ?? [])
        .map { directory.file("runs/\($0)") }.first(where: SignetProgram.hasCheckpoint)
    }
    // The shell becomes a program that waits for no other.
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c", #""$@" & echo $! > "$0"; exec sleep 600"#, directory.file("number"), SignetProgram.path, "sweep", "digits",
      "--networks", "real", "--seeds", "1", "--real-epochs", "100000", "--quiet", "--out", directory.file("runs"),
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer {
      process.terminate()
      process.waitUntilExit()
    }
    while process.isRunning && run() == nil { Thread.sleep(forTimeInterval: 0.002) }
    let path = try #require(run())
    let number = String(decoding: try directory.bytes(of: "number"), as: UTF8.self)
    let sweep = try #require(pid_t(number.trimmingCharacters(in: .whitespacesAndNewlines)))
    try #require(kill(sweep, SIGKILL) == 0)
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    try #require(descriptor >= 0)
    // A training holds its directory's lock.
    let deadline = ContinuousClock.now + .seconds(30)
    var isOver = false
    while !isOver && ContinuousClock.now < deadline {
      isOver = flock(descriptor, LOCK_EX | LOCK_NB) == 0
      if !isOver { Thread.sleep(forTimeInterval: 0.02) }
    }
    #expect(isOver)
    // A training whose directory has another name ends.
    if !isOver { try FileManager.default.moveItem(atPath: path, toPath: "\(path)-moved") }
    #expect(kill(sweep, 0) == 0, "the sweep's number is in use as long as nobody has waited for it")
  }

  @Test(
    "a training ends with the process that began it for its run directory, and with no other",
    arguments: [("run", Int32(143)), ("other", 0)])
  func beginner(name: String, code: Int32) throws {
    let directory = try TemporaryFolder()
    let run = directory.file("run")
    let outcome = try SignetProgram.run(
      "train", "--architecture", "10", "--networks", "real", "--real-epochs", "2", "--quiet", "--out", run,
      // No process has this number.
      environment: ["SIGNET_PARENT": "\(Int32.max) \(directory.file(name))"])
    #expect(outcome.code == code && SignetProgram.hasCheckpoint(run) == (code != 0), "\(outcome.errors)")
    let words = "stopped because the process that began this one has ended; the same command with --resume continues"
    #expect(outcome.errors == (code == 0 ? "" : "signet: \(words)\n"))
  }

  @Test(
    "a SIGHUP that the run was started to ignore stops nothing, but the other signals do, each by its name",
    arguments: [("HUP", Int32(0)), ("TERM", 143), ("INT", 130)])
  func ignored(signal: String, code: Int32) throws {
    let directory = try TemporaryFolder()
    let outcome = try SignetProgram.run(
      [
        "-c",
        #"trap "" $SIGNAL; "$0" "$@" & until [ -e "$RUN/checkpoint.safetensors" ]; do sleep 0.01; done; kill -$SIGNAL $!; wait $!"#,
        SignetProgram.path,
      ] + [
        "reproduce", "digits", "--networks", "real", "--real-epochs", "\(Extent.of(60, debug: 5))", "--quiet", "--out",
        directory.file("run"),
      ],
      environment: ["RUN": directory.file("run"), "SIGNAL": signal], program: "/bin/bash")
    #expect(outcome.code == code, "\(outcome.errors)")
    let isTold = outcome.errors.contains("stopped by SIG\(signal); the same command with --resume continues")
    #expect(isTold == (code != 0), "\(outcome.errors)")
  }
}
