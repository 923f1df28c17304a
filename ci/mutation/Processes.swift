import Foundation
import Synchronization

/// The processes that are being waited for.
private let running = Mutex<Set<Int32>>([])

/// Ends the running processes, and then this program, at Ctrl-C or `kill`. What has ended stands in the results file.
func endChildrenWhenInterrupted() {
  // A thread of its own waits for the signals, so that it may take the lock.
  let numbers = [SIGINT, SIGTERM, SIGHUP]
  var signals = sigset_t()
  sigemptyset(&signals)
  for number in numbers { sigaddset(&signals, number) }
  pthread_sigmask(SIG_BLOCK, &signals, nil)
  let awaited = signals
  Thread.detachNewThread {
    var awaited = awaited
    var number: Int32 = 0
    while sigwait(&awaited, &number) != 0 {}
    running.withLock { for child in $0 { kill(child, SIGTERM) } }
    _exit(128 + number)
  }
}

/// What a process came to.
struct Outcome {
  let status: Int32
  let text: String
  let seconds: Double
  var timedOut: Bool { status == 124 || status == 137 }
  var lines: [String] { text.components(separatedBy: "\n") }
  var tail: String { lines.suffix(20).joined(separator: "\n") }
}

/// Runs a command under `timeout`, which ends all processes that the command has started.
/// - Parameter stops: a line at which the command is ended: nothing that follows matters.
func runProcess(
  _ command: [String], in folder: String, environment: [String: String] = [:], limit: Int,
  stopsAt stops: (Substring) -> Bool = { _ in false }
) throws -> Outcome {
  // A file and not a pipe: what outlives the process would keep a pipe open.
  let log = FileManager.default.currentDirectoryPath + "/.build/mutants/output-\(UUID().uuidString)"
  defer { try? FileManager.default.removeItem(atPath: log) }
  guard FileManager.default.createFile(atPath: log, contents: nil), let output = FileHandle(forWritingAtPath: log),
    let input = FileHandle(forReadingAtPath: log)
  else { throw Failure("cannot write \(log)") }
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  // The signals that are blocked here are not to be blocked there.
  process.arguments = ["--default-signal", "timeout", "-k", "5", "\(limit)"] + command
  process.currentDirectoryURL = URL(fileURLWithPath: folder)
  process.environment = ProcessInfo.processInfo.environment.merging(["NO_COLOR": "1"]) { $1 }
    .merging(environment) { $1 }
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = output
  process.standardError = output
  let start = ContinuousClock.now
  try process.run()
  running.withLock { _ = $0.insert(process.processIdentifier) }
  defer { running.withLock { _ = $0.remove(process.processIdentifier) } }
  var data = Data(), checked = 0, isStopped = false, isOver = false
  while !isOver {
    isOver = !process.isRunning
    if !isOver { usleep(20_000) }
    if data.count < 50_000_000 { data += try input.readToEnd() ?? Data() }
    if !isStopped, let end = data.lastIndex(of: 10), end > checked {
      isStopped = String(decoding: data[checked..<end], as: UTF8.self).split(separator: "\n").contains(where: stops)
      checked = end
      if isStopped { kill(process.processIdentifier, SIGTERM) }
    }
  }
  process.waitUntilExit()
  let signalled = process.terminationReason == .uncaughtSignal
  let status = signalled ? 128 + process.terminationStatus : process.terminationStatus
  return Outcome(
    status: isStopped ? 1 : status, text: String(decoding: data, as: UTF8.self),
    seconds: start.duration(to: .now) / .seconds(1))
}
