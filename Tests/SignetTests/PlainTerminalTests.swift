import Foundation
import TestSupport
import Testing

@Suite("A terminal that asks for plain text", .enabled(if: isLinux))
struct PlainTerminalTests {
  @Test(
    "a terminal that is dumb, or whose user wants no colours, gets whole lines and no control characters",
    arguments: [["TERM": "xterm", "NO_COLOR": "1"], ["TERM": "dumb", "NO_COLOR": ""]])
  func plain(environment: [String: String]) throws {
    // As in the tests of standard streams: TIOCSPTLCK unlocks the terminal, TIOCGPTN tells its number.
    let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var (lock, number): (Int32, UInt32) = (0, 0)
    try #require(
      terminal >= 0 && ioctl(terminal, 0x4004_5431, &lock) == 0 && ioctl(terminal, 0x8004_5430, &number) == 0)
    let handle = FileHandle(fileDescriptor: terminal, closeOnDealloc: true)
    // Narrower than the line of an epoch, which would be cut if it could be updated in place.
    var size = winsize(ws_row: 5, ws_col: 20, ws_xpixel: 0, ws_ypixel: 0)
    try #require(ioctl(terminal, UInt(TIOCSWINSZ), &size) == 0)
    let shown = try #require(FileHandle(forUpdatingAtPath: "/dev/pts/\(number)"))
    let process = Process()
    process.executableURL = URL(filePath: SignetProgram.path)
    process.arguments = ["reproduce", "digits", "--networks", "real", "--real-epochs", "1"]
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = shown
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    var (bytes, text) = (Data(), "")
    var state = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
    while !(text.contains("epoch 1/1") && text.hasSuffix("\r\n")) && poll(&state, 1, 10_000) > 0 {
      bytes += handle.availableData
      text = String(decoding: bytes, as: UTF8.self)
    }
    withExtendedLifetime(shown) {}
    // The terminal itself ends each line with a carriage return and a line feed, which are one character.
    #expect(!text.contains { $0 == "\u{1B}" || $0 == "\r" }, "\(text)")
    let last = try #require(text.split(separator: "\r\n").last)
    #expect(last.hasPrefix("real  epoch 1/1  validation error ") && last.contains("  training error "), "\(text)")
  }
}
