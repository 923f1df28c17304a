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
}
