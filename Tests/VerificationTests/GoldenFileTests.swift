import Foundation
import Golden
import TestSupport
import Testing
import Verification

@Suite("Golden files: bits and decimals must agree")
struct GoldenFileTests {
  struct Case: Decodable, Sendable {
    let name: String
    let outputs: [String: GoldenTensor]
  }

  private func load(bits: String, scalars: String = "1.5, -0.1", shape: String = "2", count: Int = 1) throws -> [Case] {
    let text = """
      {"what": "", "generator": "", "date": "", "source": "", "inputsSHA256": "", "versions": {}, "count": \(count), "cases": [
      {"name": "small", "outputs": {"mean": {"bits": "\(bits)", "scalars": [\(scalars)], "shape": [\(shape)]}}}]}
      """
    return try GoldenFile<Case>.decode(Data(text.utf8), named: "file.json").cases
  }

  @Test("a tensor whose bits are its decimals' is read")
  func agreement() throws {
    let cases = try load(bits: "3ff8000000000000 bfb999999999999a")
    #expect(cases.map { $0.outputs["mean"]?.scalars } == [[1.5, -0.1]])
  }

  @Test("a golden file without cases is refused")
  func empty() {
    let text = """
      {"what": "", "generator": "", "date": "", "source": "", "inputsSHA256": "", "versions": {}, "count": 0, "cases": []}
      """
    let error = #expect(throws: GoldenError.self) {
      try GoldenFile<Case>.decode(Data(text.utf8), named: "file.json")
    }
    #expect(error?.description == "file.json: cases: expected at least one, found none")
  }

  @Test("a golden file that cannot be read is named, with the system's own words")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("folder.json"), withIntermediateDirectories: true)
    for (name, found) in [("none.json", "No such file or directory"), ("folder.json", "Is a directory")] {
      let error = #expect(throws: GoldenError.self) {
        try Case.decode(name, from: GoldenFolder(directory: folder.path))
      }
      #expect(error?.description == "\(folder.file(name)): expected a readable file, found \(found)")
    }
  }

  struct Fault: Sendable, CustomStringConvertible {
    let description, bits, error: String
    var scalars = "1.5, -0.1"
    var shape = "2"
    var count = 1
  }

  @Test(
    "a wrong tensor is refused with file, case, tensor and index",
    arguments: [
      Fault(
        description: "another last bit", bits: "3ff8000000000000 bfb999999999999b",
        error: "file.json: case small, mean[1]: expected the bits of -0.1, found bfb999999999999b"),
      Fault(
        description: "another sign of zero", bits: "0000000000000000 8000000000000000",
        error: "file.json: case small, mean[1]: expected the bits of 0.0, found 8000000000000000", scalars: "0.0, 0.0"),
      Fault(
        description: "too few digits", bits: "3ff8 bfb999999999999a",
        error: "file.json: case small, mean[0]: expected the bits of 1.5, found 3ff8"),
      Fault(
        description: "a number missing", bits: "3ff8000000000000",
        error: "file.json: case small, mean: expected as many decimals and bits as shape [2] has, found 2 and 1"),
      Fault(
        description: "another shape", bits: "3ff8000000000000 bfb999999999999a",
        error: "file.json: case small, mean: expected as many decimals and bits as shape [3] has, found 2 and 2",
        shape: "3"),
      Fault(
        description: "a shape beyond all memory", bits: "3ff8000000000000 bfb999999999999a",
        error:
          "file.json: case small, mean: expected as many decimals and bits as shape [4294967296, 4294967296, 2] has, "
          + "found 2 and 2", shape: "4294967296, 4294967296, 2"),
      Fault(
        description: "negative sizes", bits: "3ff8000000000000 bfb999999999999a",
        error: "file.json: case small, mean: expected as many decimals and bits as shape [-1, -2] has, found 2 and 2",
        shape: "-1, -2"),
      Fault(
        description: "no sizes", bits: "3ff8000000000000",
        error: "file.json: case small, mean: expected as many decimals and bits as shape [] has, found 1 and 1",
        scalars: "1.5", shape: ""),
      Fault(
        description: "a case missing", bits: "3ff8000000000000 bfb999999999999a",
        error: "file.json: cases: expected 2, found 1", count: 2),
    ])
  func disagreement(_ fault: Fault) {
    let error = #expect(throws: GoldenError.self) {
      try load(bits: fault.bits, scalars: fault.scalars, shape: fault.shape, count: fault.count)
    }
    #expect(error?.description == fault.error)
  }
}
