import Files
import Foundation
import Testing

@Suite("Numbers and tables as text")
struct TextTests {
  @Test("the time that is left has hours only if there are any, and ends somewhere")
  func times() {
    for (seconds, text) in [
      (0, "0:00 left"), (59.4, "0:59 left"), (59.6, "1:00 left"), (3599, "59:59 left"), (3723, "1:02:03 left"),
      (172_805, "48:00:05 left"), (.infinity, "277777:46:40 left"),
    ] as [(Double, String)] { #expect(timeLeft(seconds) == text) }
  }

  @Test("columns are two spaces apart, right-aligned where that is asked for, and no line ends with spaces")
  func tables() {
    #expect(
      alignedTable([["name", "count", "note"], ["a", "1", ""], ["longer", "1234567", "x"]], rightAligned: [1])
        == "name      count  note\na             1\nlonger  1234567  x")
  }

  @Test("a row is one line, whatever its cells say; for control characters, shown text has the escapes of JSON")
  func controlCharacters() throws {
    #expect(alignedTable([["a\u{1b}[31m\nb", "c"]], rightAligned: []) == #"a\u{1b}[31m\u{a}b  c"#)
    #expect(printable("é\u{1b}b\n\tc\u{9b}\u{2028}") == #"é\u001bb"# + "\n\tc" + #"\u009b\u2028"#)
    let texts = ["a\u{1b}[31m\u{7f}\t", "\u{9b}31m\u{2029}"]
    let json = printable(try encodeJSON(texts))
    #expect(try JSONDecoder().decode([String].self, from: Data(json.utf8)) == texts)
    #expect(json.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
  }

  @Test("a number of things, a percentage, a system's error, a list")
  func words() {
    #expect([0, 1, 2].map { counted($0, "thread", "threads") } == ["0 threads", "1 thread", "2 threads"])
    #expect(percent(0.03014) == "3.01 %" && percent(1) == "100.00 %")
    #expect(FileReadError.words(for: 2) == "the system's error 2, No such file or directory")
    #expect(commaSeparated("1,2") { Int($0) } == [1, 2] && commaSeparated("1,,2") { Int($0) } == nil)
  }

  @Test("a shell splits a command line into the words that it was made of, empty ones too; plain words have no quotes")
  func commandLine() throws {
    let plain = ["signet", "--data", "a/b_c.d", "x=1,2:+@%"]
    #expect(shellCommand(plain) == plain.joined(separator: " "))
    let words = ["printf", "<%s>", "", "a b", "it's", "$HOME `x` \\ \"*\"", "é", ";", "~", ""]
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", shellCommand(words)]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(String(decoding: output, as: UTF8.self) == words.dropFirst(2).map { "<\($0)>" }.joined())
  }

  @Test("a line is updated in place only on a terminal, and neither on a dumb one nor where plain text is asked for")
  func renewal() {
    func isRenewed(_ environment: [String: String]) -> Bool {
      ProgressLine(isQuiet: false, environment: environment).isRenewed
    }
    // These tests' standard error is a file or a pipe, or else the terminal of whoever runs them.
    #expect(isRenewed(["TERM": "xterm"]) == StandardError.isTerminal)
    #expect(isRenewed(["TERM": "xterm", "NO_COLOR": ""]) == StandardError.isTerminal)
    let plain: [[String: String]] = [[:], ["TERM": ""], ["TERM": "dumb"], ["TERM": "xterm", "NO_COLOR": "1"]]
    #expect(plain.map(isRenewed) == [false, false, false, false])
  }

  @Test("a subject's seconds begin when it is first named, and again when another is or it is named anew")
  func seconds() {
    let line = ProgressLine(isQuiet: true)
    let clock = ContinuousClock()
    let begin = clock.now
    func since(_ begin: ContinuousClock.Instant) -> Double { (clock.now - begin) / .seconds(1) }
    #expect(line.seconds(of: "a") <= since(begin))
    while since(begin) < 0.02 {}
    let first = line.seconds(of: "a")
    #expect(first > 0.01 && first <= since(begin))
    let middle = clock.now
    #expect(line.seconds(of: "b") <= since(middle))
    let anew = clock.now
    #expect(line.seconds(of: "b", anew: true) <= since(anew))
  }
}
