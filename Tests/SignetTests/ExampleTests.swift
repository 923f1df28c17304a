import TestSupport
import Testing

@Suite("Examples")
struct ExampleTests {
  @Test("the training loop of the example and that of the program train the same network, to the bit")
  func trainDigits() throws {
    let lines = try output(of: "TrainDigits")
    #expect(lines.count == 5 + 10 + 2 && lines[0].hasPrefix("real 1 of 5 validation error "))
    let digest = try #require(lines.last?.split(separator: " ").last)
    let program = try SignetProgram.run(
      "reproduce", "digits", "--networks", "discrete-sign", "--real-epochs", "5", "--discrete-epochs", "10", "--set",
      "discrete.learning-rate=0.02", "--set", "discrete.dropout=0,0.2,0.2", "--quiet")
    #expect(program.code == 0 && program.output.contains(digest), "\(program.output)\(program.errors)")
  }

  @Test("a custom layer's gradient agrees with difference quotients, and training with it lowers the loss")
  func customLayer() throws {
    let lines = try output(of: "CustomLayer")
    try #require(lines.count == 6 && lines[0].hasPrefix("relative error of the gradient "), "\(lines)")
    let numbers = lines.compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
    try #require(numbers.count == 6)
    #expect(numbers[0] < 1e-7)
    #expect(numbers[5] < numbers[1] / 4, "\(lines)")
  }

  @Test("custom grids train from one real network, and each gives a different network")
  func customGrid() throws {
    let rows = try output(of: "CustomGrid").map { $0.split(separator: "\t") }
    try #require(rows.allSatisfy { $0.count == 4 }, "\(rows)")
    #expect(rows.dropFirst().map(\.[0]) == ["binary", "ternary", "-1,-1/2,0,1/4,1", "-1,0,3"])
    #expect(rows.dropFirst().allSatisfy { row in Double(row[2]).map { $0 < 0.2 } ?? false }, "\(rows)")
    #expect(Set(rows.dropFirst().map(\.[3])).count == 4)
  }

  /// The lines that an example prints. It is built next to the program.
  private func output(of example: String) throws -> [Substring] {
    let outcome = try SignetProgram.run(
      [], program: buildFolder.appending(path: example).path)
    try #require(outcome.code == 0, "\(outcome.errors)")
    return outcome.output.split(separator: "\n")
  }
}
