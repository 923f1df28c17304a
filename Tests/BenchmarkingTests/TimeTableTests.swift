import Benchmarking
import Foundation
import Tensors
import Testing
import Training

@Suite("Tables of times: medians, minima, rates, in their units")
struct TimeTableTests {
  private func object(_ value: some Encodable) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: JSONEncoder().encode(value)) as? [String: Any])
  }

  @Test("a step's median and minimum, and its products', in the table and in JSON")
  func steps() throws {
    let samples = StepBenchmark.Samples(step: [12, 7, 9, 30, 8], products: [4, 6, 3, 5, 20], productOperations: 7e9)
    let times = StepTimes(samples, of: .digits, .discreteSign, steps: 5, on: .single)
    #expect(
      times.table().split(separator: "\n").map { $0.split(separator: #/  +/#).map(String.init) }
        == [
          ["median", "minimum"].map { $0 }, ["step", "9.00 ms", "7.00 ms"],
          ["its products and convolutions", "5.00 ms", "3.00 ms"],
        ].map { $0 })
    let json = try object(times)
    #expect(json["step_ms_median"] as? Double == 9 && json["step_ms_minimum"] as? Double == 7)
    #expect(json["matmul_ms_median"] as? Double == 5 && json["matmul_ms_minimum"] as? Double == 3)
    #expect(json["matmul_gflop"] as? Double == 7 && json["steps"] as? Int == 5 && json["batch"] as? Int == 50)
    #expect(json["experiment"] as? String == "digits" && json["network"] as? String == "discrete-sign")
  }

  @Test("packed inference: times of a batch and of an image, the rate of each product and its share of the ceiling")
  func predictions() throws {
    var samples = PredictionBenchmark.Samples()
    // Ratios 8, 2.5, 20: their median is 8, the medians' ratio 5.
    (samples.float, samples.packed) = ([8, 10, 40], [1, 4, 2])
    samples.stages = [
      .packing: [0.25], .bytes: [1, 2, 7], .bits: [0.5, 0.75, 3], .thresholds: [0.125, 0.375, 4], .pooling: [0.0625],
    ]
    samples.stageMultiplyAdds = [.bytes: 300_000_000, .bits: 60_000_000]
    samples.ceilings = [.bytes: [3e9], .bits: [0]]
    (samples.multiplyAdds, samples.zeros) = (12345, 0.375)
    let times = PredictionTimes(samples, of: .digits, .discreteSign, images: "nine threes", batch: 10, rounds: 3)
    let lines = times.table().split(separator: "\n").map { $0.split(separator: #/  +/#).map(String.init) }
    #expect(
      lines.prefix(8) == [
        ["a batch of 10", "an image", "multiply-adds", "of the ceiling"], ["in Float", "10.0000 ms", "1000.00 µs"],
        ["packed", "2.0000 ms", "200.00 µs"], ["packing", "0.2500 ms", "25.00 µs"],
        ["byte product", "2.0000 ms", "200.00 µs", "1500 G/s", "50 %"],
        ["bit product", "0.7500 ms", "75.00 µs", "800 G/s"], ["thresholds", "0.3750 ms", "37.50 µs"],
        ["pooling", "0.0625 ms", "6.25 µs"],
      ])
    #expect(lines.last?.joined().hasPrefix("Packed is 8.0 times as fast (one thread, ") == true)
    #expect(
      lines.last?.joined().hasSuffix(
        "12345 multiply-adds an image. Images: nine threes; 37.5 % of the pixels are 0.") == true)
    let json = try object(times)
    #expect(json["floatMs"] as? Double == 10 && json["packedMs"] as? Double == 2 && json["speedUp"] as? Double == 8)
    let stages = try #require(json["stagesMs"] as? [String: Double])
    #expect(stages["byte product"] == 2 && stages["packing"] == 0.25 && stages["thresholds"] == 0.375)
  }
}
