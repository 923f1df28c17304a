import Foundation
import TestSupport
import Testing
import Verification

/// A call in a shell with standard streams that are closed or broken.
struct RedirectedCall: CustomTestStringConvertible {
  let name: String
  /// As the shell has it.
  let redirections: String
  let code: Int32
  var testDescription: String { name }
}

@Suite("Standard streams: closed, full, broken and non-blocking ones", .enabled(if: isLinux))
struct StandardStreamTests {
  private static let training = ["reproduce", "digits", "--networks", "real", "--real-epochs", "2", "-t", "1"]

  static let calls = [
    RedirectedCall(name: "all closed", redirections: "<&- >&- 2>&-", code: 0),
    RedirectedCall(name: "input and errors closed", redirections: "<&- 2>&- >/dev/null", code: 0),
    RedirectedCall(name: "errors on a full disk", redirections: "2>/dev/full >/dev/null", code: 0),
    RedirectedCall(name: "output on a full disk", redirections: ">/dev/full", code: 74),
    RedirectedCall(name: "both on a full disk", redirections: ">/dev/full 2>&1", code: 74),
    RedirectedCall(name: "output that is open for reading only", redirections: "1</dev/null", code: 74),
  ]

  /// Runs the program in a shell that redirects its standard streams.
  private func run(_ arguments: [String], redirected: String) throws -> SignetProgram.Outcome {
    try SignetProgram.run(
      ["-c", "\"$0\" \"$@\" \(redirected)", SignetProgram.path] + arguments, program: "/bin/sh")
  }

  @Test(
    "training continues, only lost results are an error, and no file of the run gets a standard stream's number",
    arguments: calls)
  func redirected(_ call: RedirectedCall) throws {
    let folder = try TemporaryFolder()
    let outcome = try run(Self.training + ["--out", folder.file("run")], redirected: call.redirections)
    #expect(outcome.code == call.code, "\(outcome.errors)")
    let shown = try SignetProgram.run("show", folder.file("run"), "--json")
    #expect(shown.code == 0, "\(shown.errors)")
    let log = String(decoding: try folder.bytes(of: "run/log.jsonl"), as: UTF8.self)
    #expect(log.split(separator: "\n", omittingEmptySubsequences: false).dropLast().allSatisfy { $0.hasPrefix("{") })
  }

  @Test("output that cannot be written is a one-line error", arguments: [["data", "list"], ["--help"], ["--version"]])
  func fullDisk(_ arguments: [String]) throws {
    let outcome = try run(arguments, redirected: ">/dev/full")
    #expect(outcome.code == 74)
    #expect(
      outcome.errors == "signet: standard output: expected to write, found: \(String(cString: strerror(ENOSPC)))\n")
  }

  @Test("output that cannot be written keeps no file from being written")
  func written() throws {
    let folder = try TemporaryFolder()
    func write(_ arguments: [String], _ files: [String]) throws {
      #expect(try run(arguments, redirected: ">/dev/full").code == 74)
      for file in files { #expect(FileManager.default.fileExists(atPath: folder.file(file)), "\(file)") }
    }
    try write(["fixtures", "make", folder.file("sets"), "--name", "glyphs"], ["sets/glyphs/manifest.json"])
    let example = SignetProgram.root.appending(path: "Examples/PyTorch").path
    try write(
      [
        "import", "\(example)/digits-tanh.safetensors", "--layout", "torch", "--architecture", "16C3-P2-32-10",
        "--check", "\(example)/images.npy", "\(example)/outputs.npy", "-o", folder.file("network"),
      ], ["network"])
    let goldens = ["help/signet-data.txt", "help/signet-pack.txt"]
    let options = ["--golden", folder.file("Golden")]
    try FileManager.default.createDirectory(atPath: folder.file("Golden/help"), withIntermediateDirectories: true)
    #expect(try SignetProgram.run(["golden", "pending"] + goldens + options).code == 65)
    try write(["golden", "accept", "all", "--reason", "a reason"] + options, goldens.map { "Golden/\($0)" })
  }

  @Test("what is no terminal gets no terminal's letters, whatever TERM says, and few lines")
  func noTerminal() throws {
    // Longer than the tenth of a second after which a line on a terminal is updated.
    let (epochs, begin) = ("\(Extent.of(60, debug: 5))", ContinuousClock.now)
    let outcome = try SignetProgram.run(
      "reproduce", "digits", "--networks", "real", "--real-epochs", epochs, "-t", "1",
      environment: ["TERM": "xterm", "NO_COLOR": ""])
    #expect(outcome.code == 0 && outcome.errors.contains("real  epoch \(epochs)/\(epochs)"), "\(outcome.errors)")
    #expect(!outcome.errors.contains { $0 == "\u{1B}" || $0 == "\r" })
    // A line at the end, and one for every ten seconds at most.
    #expect(outcome.errors.split(separator: "\n").count <= 1 + Int((ContinuousClock.now - begin) / .seconds(10)))
  }

  @Test("a pipe that nobody reads is an error, not a death by signal")
  func brokenPipe() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    let process = Process()
    process.executableURL = URL(filePath: SignetProgram.path)
    process.arguments = ["data", "list"]
    process.standardOutput = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 74)
  }

  @Test("a non-blocking pipe that is full for a while gets every byte")
  func nonBlockingPipe() throws {
    let whole = try SignetProgram.run("data", "list", "--json").output
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let setPipeSize: Int32 = 1031  // F_SETPIPE_SZ, which Glibc's module leaves out
    // The smallest pipe that the system makes: a page, less than the text.
    try #require(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
    let size = fcntl(ends[1], setPipeSize, 4096)
    try #require(size > 0 && Int(size) < whole.utf8.count)
    let process = Process()
    process.executableURL = URL(filePath: SignetProgram.path)
    process.arguments = ["data", "list", "--json"]
    process.standardOutput = FileHandle(fileDescriptor: ends[1], closeOnDealloc: false)
    try process.run()
    close(ends[1])
    // The reader comes late: a program that waits for a moment only would have given up.
    var waiting: Int32 = 0
    while process.isRunning && waiting < size { try #require(ioctl(ends[0], UInt(FIONREAD), &waiting) == 0) }
    Thread.sleep(forTimeInterval: 0.1)
    let read = try FileHandle(fileDescriptor: ends[0], closeOnDealloc: true).readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(String(decoding: read, as: UTF8.self) == whole)
  }

  /// What a call's progress shows on a terminal: each row that took the place of the one before.
  ///
  /// - Parameter count: how many rows are expected, of which the last is empty.
  private func rows(_ count: Int, of arguments: [String], columns: UInt16 = 0) throws -> [String] {
    func rows(_ text: String) -> [String] { text.components(separatedBy: "\r\u{1B}[J") }
    return rows(try SignetProgram.sent(by: arguments, columns: columns) { rows($0).count >= count })
  }

  @Test("on a terminal, progress is one row that is updated in place, cut to less than its width, and gone at the end")
  func renewedRow() throws {
    let folder = try TemporaryFolder()
    let run = folder.file("run")
    let trained = try SignetProgram.run(
      "train", "--architecture", "10", "--networks", "discrete-sign", "--real-epochs", "1", "--discrete-epochs", "1",
      "--quiet", "--out", run)
    try #require(trained.code == 0, "\(trained.errors)")
    for columns: UInt16 in [0, 24] {
      let rows = try rows(
        4, of: ["evaluate", run, "--networks", "discrete-sign", "--ensemble", "3"], columns: columns)
      #expect(rows.count == 4 && rows[3].isEmpty, "\(rows)")
      for (member, row) in rows.dropLast().enumerated() {
        let begin = "discrete-sign  member \(member + 1)/3  "
        #expect(columns == 24 ? row == begin.prefix(23) : row.hasPrefix(begin) && !row.contains("\n"), "\(rows)")
      }
    }
    #expect(
      try rows(5, of: ["predict", run, "--network", "discrete-sign"])
        == (1...4).map { "\($0)00 of 400 images" } + [""])
  }

  @Test("on a terminal, progress is gone before an error that ends the command is told")
  func beforeError() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("Golden/reports"), withIntermediateDirectories: true)
    let nights = try folder.write([1], to: "Golden/reports/nights.json")
    let stopping = try folder.stoppingBenchmarks("stopping")
    for (arguments, code, row, words) in [
      (
        ["golden", "pending", "reports/night.md", "--golden", folder.file("Golden")], 65, "1/1  reports/night.md",
        "\(nights): expected a golden file, found something else"
      ),
      (
        ["benchmark", "compare", stopping, stopping], 143, "comparison 1/1  round 1/10  program 1 of 2",
        "stopped by SIGTERM"
      ),
      (
        [
          "night", "run", "--results", folder.file("results"), "--suite", "sign", "--no-training", "--benchmarks",
          stopping,
        ], 143, "benchmarks  round 1  program 1 of 1", "stopped by SIGTERM; the same command with --resume continues"
      ),
    ] as [([String], Int32, String, String)] {
      func text(_ options: [String]) throws -> String {
        try SignetProgram.sent(by: arguments + options, columns: 0, code: code) {
          $0.contains("signet: ") && $0.hasSuffix("\r\n")
        }
      }
      let shown = try text([])
      #expect(shown.hasSuffix("\(row)\r\u{1B}[Jsignet: \(words)\r\n"), "\(shown)")
      #expect(try text(["--quiet"]) == "signet: \(words)\r\n")
    }
  }

  @Test("on a terminal, an epoch's line that stays is cut to less than its width")
  func stayingRow() throws {
    let arguments = ["reproduce", "digits", "--networks", "real", "--real-epochs", "1"]
    for columns: UInt16 in [0, 20] {
      let text = try SignetProgram.sent(by: arguments, columns: columns) {
        $0.contains("epoch 1/1") && $0.hasSuffix("\r\n")
      }
      let last = try #require(text.split(separator: "\r\n").last { $0.contains("epoch 1/1") })
      let line = last.components(separatedBy: "\u{1B}[J").last ?? ""
      #expect(columns == 20 ? line == "real  epoch 1/1  va" : line.count > 40, "\(text)")
    }
  }

  @Test("the charts of signet show are as wide as the terminal that they are shown on")
  func charts() throws {
    let folder = try TemporaryFolder()
    let run = folder.file("run")
    _ = try SignetProgram.run(
      "train", "--architecture", "10", "--networks", "real", "--real-epochs", "12", "--quiet", "--out", run
    ).done()
    /// The bars of the two charts, as their axes have it.
    func bars(_ text: String) -> [Int] {
      text.split(whereSeparator: \.isNewline).filter { $0.hasSuffix("-") }.map { $0.count { $0 == "-" } }
    }
    // Up to four bars an epoch, if there is room beside the numbers.
    #expect(try bars(SignetProgram.run("show", run).done().output) == [48, 48])
    for (columns, count) in [(40, 12), (60, 36)] as [(UInt16, Int)] {
      let text = try SignetProgram.sent(by: ["show", run], columns: columns, to: \.standardOutput) {
        bars($0).count == 2 && $0.hasSuffix("\r\n")
      }
      #expect(bars(text) == [count, count], "\(text)")
    }
  }

  @Test("on a terminal that has become narrower, all rows that progress then takes are cleared")
  func narrower() throws {
    let folder = try TemporaryFolder()
    // Commands in the place of Slurm's: a task is done when it is looked for, and meanwhile the terminal becomes narrower.
    // The first look at the tasks comes late enough for the line to be shown.
    try folder.script(
      "sleep 0.2; for word; do cp \"$word\" '\(folder.file("task"))' 2> /dev/null; done; echo 7", to: "bin/sbatch")
    try folder.script(
      """
      [ -e '\(folder.file("task"))' ] || exit 0
      stty cols 20 < /proc/$PPID/fd/2
      SLURM_ARRAY_TASK_ID=0 sh '\(folder.file("task"))'
      """, to: "bin/squeue")
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let arguments = [
      "sweep", "digits", "--networks", "real", "--seeds", "1", "--real-epochs", "1", "--interval", "1", "--runner",
      "slurm", "--out", folder.file("runs"),
    ]
    let text = try SignetProgram.sent(
      by: arguments, columns: 80, environment: ["PATH": "\(folder.file("bin")):\(path)"]
    ) { $0.hasSuffix("\u{1B}[J") }
    // Of 54 characters, the last stands in the third row of 20.
    #expect(text == "trainings  0/1  0 waiting or running as tasks of Slurm\r\u{1B}[2A\u{1B}[J")
  }

  @Test("a signal does not end a program that waits for its output's reader, and a second one does at once")
  func secondSignal() throws {
    let folder = try TemporaryFolder()
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    // The pipe is full, and whoever writes to it waits.
    try #require(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0)
    let page = [UInt8](repeating: 0, count: 4096)
    while write(ends[1], page, page.count) > 0 {}
    try #require(errno == EAGAIN && fcntl(ends[1], F_SETFL, 0) == 0)
    let process = Process()
    process.executableURL = URL(filePath: SignetProgram.path)
    process.arguments = [
      "train", "--architecture", "10", "--networks", "real", "--real-epochs", "1", "--quiet", "--out",
      folder.file("run"),
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(fileDescriptor: ends[1], closeOnDealloc: false)
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
    let deadline = ContinuousClock.now + .seconds(120)
    func wait(until isTime: () throws -> Bool) throws {
      while try !isTime() {
        try #require(process.isRunning && ContinuousClock.now < deadline)
        Thread.sleep(forTimeInterval: 0.002)
      }
    }
    // Its results are written, then printed.
    try wait { FileManager.default.fileExists(atPath: folder.file("run/result.json")) }
    #expect(try SignetProgram.isCaught(SIGTERM, by: process))
    kill(process.processIdentifier, SIGTERM)
    try wait { try !SignetProgram.isCaught(SIGTERM, by: process) }
    #expect(process.isRunning)
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGTERM)
  }
}
