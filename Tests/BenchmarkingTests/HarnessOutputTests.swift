import Benchmarking
import Foundation
import Testing

@Suite("The harness's results")
struct HarnessOutputTests {
  @Test(
    "the harness's times are read in nanoseconds, names with their spaces and points",
    arguments: [("step_mnist-pi", "step mnist-pi"), ("erf_of_0.5_and_1.5", "erf of 0.5 and 1.5")])
  func harness(written: String, name: String) throws {
    let metric = #"{"scoreUnit": "μs", "rawData": [[2.5, 3]], "score": 0}"#
    let json =
      #"[{"benchmark": "package.benchmark.SignetBenchmarks.\#(written)", "secondaryMetrics": {"Time (wall clock)": "#
      + metric + "}}]"
    let output = try HarnessOutput(Data(json.utf8), path: "a")
    #expect(output.samples.map(\.name) == [name])
    #expect(output.samples.first?.nanoseconds == [2500, 3000])
  }

  @Test(
    "results without times are refused",
    arguments: [
      "", "{}", #"[{"benchmark": "a", "secondaryMetrics": {}}]"#,
      #"[{"benchmark": "a", "secondaryMetrics": {"Time (wall clock)": {"scoreUnit": "μs", "rawData": [[]]}}}]"#,
      #"[{"benchmark": "a", "secondaryMetrics": {"Time (wall clock)": {"scoreUnit": "s", "rawData": [[1]]}}}]"#,
    ])
  func badHarness(_ text: String) {
    let error = #expect(throws: MeasurementFileError.self) { try HarnessOutput(Data(text.utf8), path: "file.json") }
    #expect(error?.path == "file.json")
  }
}
