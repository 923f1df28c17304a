import Foundation
import TestSupport
import Testing
import Verification

/// The first thing that a visitor runs: the program behind `ci/demo`, and the table that the README promises.
@Suite("The demonstration")
struct DemoTests {
  private static let demo = buildFolder.appending(path: "Demo").path

  /// The README's table.
  private func promised() throws -> [[String]] {
    let readme = try String(contentsOf: SignetProgram.root.appending(path: "README.md"), encoding: .utf8)
    let lines = readme.split(separator: "\n").map(String.init)
    let table = lines.drop { !$0.hasPrefix("network ") }.prefix { $0 != "```" }
    try #require(table.count == 5, "the table of ci/demo: a head and four networks")
    return withoutSeconds(table.map { tableCells($0) })
  }

  private func withoutSeconds(_ rows: [[String]]) -> [[String]] {
    rows.map { Array($0.prefix(6) + $0.dropFirst(7)) }
  }

  /// The lines of progress at each network's end; slow programs tell of more epochs.
  private func ends(_ progress: String) -> [String] {
    progress.split(separator: "\n").map(String.init).filter { line in
      line.firstMatch(of: #/epoch (\d+)/(\d+)\b/#).map { $0.1 == $0.2 } ?? false
    }
  }

  @Test("Demo prints the README's table, and so does signet reproduce digits; a debug build trains some epochs")
  func table() throws { try Extent.of(wholeTable, debug: firstEpochs)() }

  private func wholeTable() throws {
    let demo = try SignetProgram.run([], program: Self.demo).done()
    let program = try SignetProgram.run("reproduce", "digits").done()
    let promised = try promised()
    #expect(withoutSeconds(demo.rows) == promised && withoutSeconds(program.rows) == promised)
    let seconds = demo.rows.map { $0[6] }
    #expect(seconds[0] == "seconds" && seconds.dropFirst().allSatisfy { $0.contains(/^\d+\.\d$/) })
    #expect(ends(demo.errors) == ends(program.errors) && ends(demo.errors).count == 4)
  }

  private func firstEpochs() throws {
    let process = Process()
    process.executableURL = URL(filePath: Self.demo)
    let progress = Pipe()
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, progress)
    try process.run()
    defer {
      process.terminate()
      process.waitUntilExit()
    }
    let line = #/real  epoch (\d+)/\d+ .*(validation error .*)\n/#
    var text = ""
    while text.firstMatch(of: line) == nil {
      let bytes = progress.fileHandleForReading.availableData
      try #require(!bytes.isEmpty, "Demo ended after: \(text)")
      text += String(decoding: bytes, as: UTF8.self)
    }
    let first = try #require(text.firstMatch(of: line))
    let program = try SignetProgram.run(
      "reproduce", "digits", "--networks", "real", "--real-epochs", String(first.1)
    ).done()
    #expect(program.errors.matches(of: line).last.map { [$0.1, $0.2] } == [first.1, first.2])
  }

  @Test("without its data beside it, Demo ends with 1 and one line, even if nobody reads it")
  func alone() throws {
    let folder = try TemporaryFolder()
    let copy = folder.file("Demo")
    // Copied by another process: a test that starts a program meanwhile would keep a file open that this one is writing, and a file
    // that is open for writing cannot be run.
    _ = try SignetProgram.run([Self.demo, copy], program: "/bin/cp").done()
    try SignetProgram.run([], program: copy).expectFailure(1, ["Demo: ", "digits: expected "])
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    let process = Process()
    process.executableURL = URL(filePath: copy)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 1)
  }

  @Test("ci/demo and Demo refuse arguments, and Demo an unknown variant of the kernels, with 64")
  func refused() throws {
    let script = SignetProgram.root.appending(path: "ci/demo").path
    for (name, program) in [("ci/demo", script), ("Demo", Self.demo)] {
      try SignetProgram.run(["--threads", "2"], program: program).expectFailure(
        64, ["\(name): expected no arguments, found --threads", "signet reproduce"])
    }
    try SignetProgram.run([], environment: ["SIGNET_KERNELS": "abacus"], program: Self.demo).expectFailure(
      64, ["Demo: SIGNET_KERNELS: unknown variant; expected plain, avx2, avx512 or avx512vpopcntdq"])
  }
}
