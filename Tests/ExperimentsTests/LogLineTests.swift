import Experiments
import Foundation
import Testing
import Training

@Suite("Lines of a run's log")
struct LogLineTests {
  @Test("a resumption's line says where the training went on, and reads back")
  func resumed() throws {
    let line = try JSONEncoder().encode(LogLine.resumed(network: .discreteSign, epoch: 7, step: 3))
    let object = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
    #expect(object["type"] as? String == "resumed" && object["network"] as? String == "discrete-sign")
    #expect(object["epoch"] as? Int == 7 && object["step"] as? Int == 3 && object["version"] as? Int == 1)
    #expect(object.count == 5)
    guard case .resumed(.discreteSign, 7, 3) = try JSONDecoder().decode(LogLine.self, from: line) else {
      Issue.record("\(String(decoding: line, as: UTF8.self)) reads back as something else")
      return
    }
  }

  @Test("a line of another version is refused with both versions")
  func version() {
    let line = Data(#"{"type": "resumed", "version": 2, "network": "real", "epoch": 1, "step": 0}"#.utf8)
    #expect {
      _ = try JSONDecoder().decode(LogLine.self, from: line)
    } throws: { error in
      guard case DecodingError.dataCorrupted(let context) = error else { return false }
      return context.debugDescription == "expected version 1, found 2"
    }
  }

  /// The lines of a network and of an epoch, whose numbers a training can have.
  private static let network = #"""
    {"version":1,"type":"network","result":{"network":"real","weights":"real","activation":"tanh","epochs":3,\#
    "bestEpoch":2,"validationError":0,"testError":1,"seconds":7,"parametersSHA256":""}}
    """#
  private static let epoch = #"""
    {"version":1,"type":"epoch","epoch":{"report":{"network":"real","epoch":3,"epochs":3,"loss":1,"trainingError":0,\#
    "validationError":1,"isBest":true,"stepScale":1,"lossBits":""},"parametersSHA256":"","seconds":7,\#
    "certainty":[{"counts":[5],"values":[2,3]}]}}
    """#

  @Test(
    "a number that no training can have is refused",
    arguments: [
      (network, #""epochs":3"#, #""epochs":9223372036854775807"#), (network, #""epochs":3"#, #""epochs":-1"#),
      (network, #""bestEpoch":2"#, #""bestEpoch":-9223372036854775808"#),
      (network, #""bestEpoch":2"#, #""bestEpoch":4"#), (network, #""validationError":0"#, #""validationError":-0.5"#),
      (network, #""testError":1"#, #""testError":1.5"#), (network, #""seconds":7"#, #""seconds":1e300"#),
      (network, #""seconds":7"#, #""seconds":-7"#),
      (epoch, #""epoch":3"#, #""epoch":4"#), (epoch, #""epoch":3"#, #""epoch":0"#),
      (epoch, #""epochs":3"#, #""epochs":9223372036854775807"#), (epoch, #""trainingError":0"#, #""trainingError":2"#),
      (epoch, #""validationError":1"#, #""validationError":2"#), (epoch, #""stepScale":1"#, #""stepScale":-1"#),
      (epoch, #""seconds":7"#, #""seconds":1e9"#), (epoch, "[5]", "[9223372036854775807]"), (epoch, "[2,3]", "[2,-3]"),
    ])
  func impossible(line: String, whole: String, changed: String) throws {
    _ = try JSONDecoder().decode(LogLine.self, from: Data(line.utf8))
    let other = line.replacing(whole, with: changed)
    try #require(other != line)
    #expect(throws: DecodingError.self) { _ = try JSONDecoder().decode(LogLine.self, from: Data(other.utf8)) }
  }
}
