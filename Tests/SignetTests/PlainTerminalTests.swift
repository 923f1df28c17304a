import TestSupport
import Testing

@Suite("A terminal that asks for plain text", .enabled(if: isLinux))
struct PlainTerminalTests {
  @Test(
    "a terminal that is dumb, or whose user wants no colours, gets whole lines and no control characters",
    arguments: [["TERM": "xterm", "NO_COLOR": "1"], ["TERM": "dumb", "NO_COLOR": ""]])
  func plain(environment: [String: String]) throws {
    // Narrower than the line of an epoch, which would be cut if it could be updated in place.
    let text = try SignetProgram.sent(
      by: ["reproduce", "digits", "--networks", "real", "--real-epochs", "1"], columns: 20, environment: environment
    ) { $0.contains("epoch 1/1") && $0.hasSuffix("\r\n") }
    // The terminal itself ends each line with a carriage return and a line feed, which are one character.
    #expect(!text.contains { $0 == "\u{1B}" || $0 == "\r" }, "\(text)")
    let last = try #require(text.split(separator: "\r\n").last)
    #expect(last.hasPrefix("real  epoch 1/1  validation error ") && last.contains("  training error "), "\(text)")
  }
}
