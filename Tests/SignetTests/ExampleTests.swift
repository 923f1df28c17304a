import Foundation
import Testing

@Suite("Examples do what the program does")
struct ExampleTests {
  @Test("the training loop of the example and that of the program train the same network, to the bit")
  func trainDigits() throws {
    let example = try SignetProgram.run(
      [], program: URL(filePath: SignetProgram.path).deletingLastPathComponent().appending(path: "TrainDigits").path)
    try #require(example.code == 0, "\(example.errors)")
    let lines = example.output.split(separator: "\n")
    #expect(lines.count == 5 + 10 + 2 && lines[0].hasPrefix("real 1 of 5 validation error "))
    let digest = try #require(lines.last?.split(separator: " ").last)
    let program = try SignetProgram.run(
      "reproduce", "digits", "--networks", "discrete-sign", "--real-epochs", "5", "--discrete-epochs", "10", "--set",
      "discrete.learning-rate=0.02", "--set", "discrete.dropout=0,0.2,0.2", "--quiet")
    #expect(program.code == 0 && program.output.contains(digest), "\(program.output)\(program.errors)")
  }
}
