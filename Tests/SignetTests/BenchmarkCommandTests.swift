import Foundation
import TestSupport
import Testing

/// What options of `benchmark layers` and `benchmark predict` change, whatever the times are.
@Suite("Commands by outcome: benchmark layers and predict")
struct BenchmarkCommandTests {
  @Test("layers times the network that is asked for, so often, on so many threads, as a table, in Markdown or in JSON")
  func layers() throws {
    let arguments = [
      "benchmark", "layers", "--experiment", "digits", "--network", "real", "--rounds", "2", "--threads", "2",
      "--quiet",
    ]
    let head = ["layer", "product", "GFLOP", "time", "GFLOP/s", "of the peak"]
    let text = try SignetProgram.run(arguments).done()
    let markdown = try SignetProgram.run(arguments + ["--markdown"]).done()
    // Two products of the first layer, three of the others, and a line that explains.
    #expect(text.rows.first == head && text.rows.count == 1 + 2 + 3 + 3 + 1, "\(text.output)")
    #expect(markdown.lines.first == "| \(head.joined(separator: " | ")) |")
    #expect(markdown.lines.count == text.rows.count + 1)
    for outcome in [text, markdown] {
      #expect(outcome.errors.isEmpty)
      #expect(outcome.output.contains("\n\nMedians of 2 rounds; digits, real, batch 50, on 2 threads, "), "\(outcome)")
    }
    let json = try SignetProgram.object(SignetProgram.run(arguments + ["--json"]).done().output)
    #expect(json["network"] as? String == "real" && json["experiment"] as? String == "digits")
    #expect(json["rounds"] as? Int == 2 && json["threads"] as? Int == 2 && json["batch"] as? Int == 50)
    #expect((json["products"] as? [[String: Any]])?.map { $0["layer"] as? Int } == [1, 1, 2, 2, 2, 3, 3, 3])
  }

  @Test("predict takes random pixels only if the images are not at hand; --data says where they are")
  func images() throws {
    let arguments = ["benchmark", "predict", "--experiment", "mnist-pi", "--batch", "4", "--rounds", "1"]
    let random = try SignetProgram.object(SignetProgram.run(arguments + ["--json"]).done().output)
    #expect(random["images"] as? String == "random pixels" && random["experiment"] as? String == "mnist-pi")
    // One of 256 values is 0.
    #expect(try #require(random["zeroPixels"] as? Double) < 0.05)
    try SignetProgram.run(arguments + ["--data", "/nonexistent"]).expectFailure(74, ["/nonexistent: expected"])
    try SignetProgram.run(arguments + ["--network", "discrete-tanh"]).expectFailure(
      64, ["--network: expected a network with sign activations, found discrete-tanh"])
  }
}
