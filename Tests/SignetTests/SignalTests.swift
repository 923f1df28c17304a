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
