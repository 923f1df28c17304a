import Foundation
import Testing

extension SignetProgram {
  /// What a terminal of so many columns is sent of a call's progress, if it comes to be whole. 0 columns are those of a terminal that does
  /// not tell.
  ///
  /// - Parameters:
  ///   - stream: the standard stream that is the terminal; the other one leads nowhere.
  ///   - code: the exit code that is expected.
  static func sent(
    by arguments: [String], columns: UInt16, to stream: ReferenceWritableKeyPath<Process, Any?> = \.standardError,
    environment: [String: String] = [:], code: Int32 = 0, isWhole: (String) -> Bool
  ) throws -> String {
    // posix_openpt and its kin are not in Glibc's module: TIOCSPTLCK unlocks the terminal, TIOCGPTN tells its number.
    let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var (lock, number): (Int32, UInt32) = (0, 0)
    try #require(
      terminal >= 0 && ioctl(terminal, 0x4004_5431, &lock) == 0 && ioctl(terminal, 0x8004_5430, &number) == 0)
    var size = winsize(ws_row: 5, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    try #require(ioctl(terminal, UInt(TIOCSWINSZ), &size) == 0)
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(["TERM": "xterm", "NO_COLOR": ""]) { $1 }
      .merging(environment) { $1 }
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    let shown = try #require(FileHandle(forUpdatingAtPath: "/dev/pts/\(number)"))
    process[keyPath: stream] = shown
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == code)
    // What the terminal was sent is less than it holds; closed, it would lose it. It may give it piece by piece.
    let handle = FileHandle(fileDescriptor: terminal, closeOnDealloc: true)
    var (bytes, text) = (Data(), "")
    var state = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
    while !isWhole(text) && poll(&state, 1, 10_000) > 0 {
      bytes += handle.availableData
      text = String(decoding: bytes, as: UTF8.self)
    }
    withExtendedLifetime(shown) {}
    return text
  }
}
