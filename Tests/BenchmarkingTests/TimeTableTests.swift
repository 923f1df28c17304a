import Benchmarking
import Foundation
import Tensors
import TestSupport
import Testing
import Training

@Suite("Tables of times: medians, minima, rates, in their units")
struct TimeTableTests {
  private func object(_ value: some Encodable) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: JSONEncoder().encode(value)) as? [String: Any])
  }

  @Test("a step's median and minimum, and its products', in the table and in JSON")
  func steps() throws {
    // 7 GFLOP at 2000 GFLOP/s take 3.5 ms, 20 MB at 40 GB/s 0.5 ms.
    let samples = StepBenchmark.Samples(
      step: [12, 7, 9, 30, 8], products: [4, 6, 3, 5, 20], peak: [1e9, 2e9, 8e9], bandwidth: [40e6],
      productOperations: 7e9,
      bytes: 20e6, newPages: 12)
    let times = StepTimes(samples, of: .digits, .discreteSign, steps: 5, on: .single)
    #expect(
      tableRows(times.table())
        == [
          ["median", "minimum"], ["step", "9.00 ms", "7.00 ms"],
          ["its products and convolutions", "5.00 ms", "3.00 ms"],
          [
            "Floor: 4.00 ms = 7.00 GFLOP of products at 2000 GFLOP/s in registers + 20.0 MB of parameters and moments read "
              + "and written at 40.0 GB/s. The step takes 2.25 times as long; the products reach 70 % of the peak."
          ], ["New memory from the system: 2.4 pages a step."],
        ])
    let json = try object(times)
    #expect(json["floor_ms"] as? Double == 4 && json["matmul_share_of_peak"] as? Double == 0.7)
    #expect(json["peak_gflop_per_s"] as? Double == 2000 && json["bandwidth_gb_per_s"] as? Double == 40)
    #expect(json["read_and_written_mb"] as? Double == 20 && json["new_pages_per_step"] as? Double == 2.4)
    #expect(json["step_ms_median"] as? Double == 9 && json["step_ms_minimum"] as? Double == 7)
    #expect(json["matmul_ms_median"] as? Double == 5 && json["matmul_ms_minimum"] as? Double == 3)
    #expect(json["matmul_gflop"] as? Double == 7 && json["steps"] as? Int == 5 && json["batch"] as? Int == 50)
    #expect(json["experiment"] as? String == "digits" && json["network"] as? String == "discrete-sign")
    #expect(json["device"] as? String == "cpu")
  }

  @Test("layers: the median of each product with each tile, its rate, and the fastest tile's share of the peak")
  func layers() throws {
    let times = LayerTimes(
      [
        .init(
          layer: 1, terms: 27, outputs: [8, 4, 4], product: "outputs", operations: 0.5,
          times: [.init(tile: 128, [2, 1, 4]), .init(tile: 64, [0.5])]),
        .init(
          layer: 2, terms: 128, outputs: [10], product: "weights' gradient", operations: 0.125,
          times: [.init(tile: 128, [0.125]), .init(tile: 64, [0.25, 0.5])]),
      ], of: .cifar10, .discreteSign, rounds: 3, peak: 2000, bandwidth: 40, on: .single)
    #expect(
      tableRows(times.table()).prefix(3) == [
        ["layer", "product", "GFLOP", "tile 128", "GFLOP/s", "tile 64", "GFLOP/s", "of the peak"],
        ["1: 27 to 8×4×4", "outputs", "0.500", "2.000 ms", "250", "0.500 ms", "1000", "50 %"],
        ["2: 128 to 10", "weights' gradient", "0.125", "0.125 ms", "1000", "0.375 ms", "333", "50 %"],
      ])
    #expect(times.markdown().contains("| 2: 128 to 10 | weights' gradient | 0.125 | 0.125 ms | 1000 |"))
    for text in [times.table(), times.markdown()] {
      #expect(text.contains("Medians of 3 rounds; cifar-10, discrete-sign, batch 100, on 1 thread, "), "\(text)")
      #expect(text.contains("The peak is 2000 GFLOP/s in registers; memory is read and written at 40 GB/s."), "\(text)")
    }
    let json = try object(times)
    #expect(json["peak_gflop_per_s"] as? Double == 2000 && json["device"] as? String == "cpu")
    let products = try #require(json["products"] as? [[String: Any]])
    let first = try #require(products.first?["times"] as? [[String: Any]])
    #expect(first.map { $0["tile"] as? Int } == [128, 64] && first.map { $0["ms_minimum"] as? Double } == [1, 0.5])
    #expect(products.map { $0["gflop"] as? Double } == [0.5, 0.125] && products[1]["terms"] as? Int == 128)
  }

  @Test("growth: a row for each variation, as a multiple of the first, in text and Markdown")
  func growth() {
    func times(_ step: Double, _ products: Double, bytes: Double, steps: Int = 1, on device: Device = .single)
      -> StepTimes
    {
      StepTimes(
        StepBenchmark.Samples(
          step: [step], products: [products], peak: [1e9], bandwidth: [10e6], productOperations: 4e9, bytes: bytes),
        of: .digits, .discreteSign, steps: steps, on: device)
    }
    let growth = GrowthTimes([.init("as it is", times(8, 5, bytes: 10e6)), .init("other", times(20, 16, bytes: 60e6))])
    #expect(
      growth.markdown().split(separator: "\n").prefix(4) == [
        "|  | step | of the first | its products | of the peak | floor | step / floor | read and written |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        "| as it is | 8.00 ms | 1.00 | 5.00 ms | 80 % | 5.00 ms | 1.60 | 10.0 MB |",
        "| other | 20.0 ms | 2.50 | 16.0 ms | 25 % | 10.0 ms | 2.00 | 60.0 MB |",
      ])
    #expect(growth.table().contains(#/other +20\.0 ms +2\.50 +16\.0 ms +25 % +10\.0 ms +2\.00 +60\.0 MB/#))
    #expect(growth.table().contains("Medians of 1 step; discrete-sign, batch 50, 1 thread and "))
    let first = times(1, 1, bytes: 1, steps: 3, on: .processor(threads: 2))
    let legend = """
      Medians of 3 steps; discrete-sign, batch 50, 2 threads and \(first.kernels) where nothing else is said; Signet \
      \(first.version). The floor is the products' arithmetic at the peak that registers reach, measured beside it (1000 GFLOP/s), \
      and then each trained number and its two moments read and written once (10.0 GB/s).
      """
    for text in [GrowthTimes([.init("one", first)]).table(), GrowthTimes([.init("one", first)]).markdown()] {
      #expect(text.hasSuffix("\n\n" + legend), "\(text)")
    }
  }

  @Test("each variation changes one thing of the experiment, and can be built")
  func variations() throws {
    let all = StepVariation.all(of: .mnistPI, .discreteSign, threads: 3)
    #expect(
      all.map(\.name) == [
        "mnist-pi", "batch 25", "batch 50", "batch 200", "batch 400", "half the width: 600-600-10",
        "twice the width: 2400-2400-10", "a layer fewer: 1200-10", "a layer more: 1200-1200-1200-10", "2 weight values",
        "4 weight values", "5 weight values", "1 thread", "2 threads",
      ])
    #expect(all.map(\.experiment.batch) == [100, 25, 50, 200, 400] + Array(repeating: 100, count: 9))
    #expect(all.map(\.threads) == Array(repeating: 3, count: 12) + [1, 2])
    #expect(all.map { $0.experiment.method.grids[0].count } == Array(repeating: 3, count: 9) + [2, 4, 5, 3, 3])
    for variation in all {
      let blocks = variation.experiment.architecture.blocks.count
      #expect(
        variation.experiment.real.dropout.count == blocks && variation.experiment.discrete.dropout.count == blocks)
    }
    // A network without weight values has only the other rows.
    let others = (all[..<9] + all[12...]).map(\.name)
    #expect(StepVariation.all(of: .mnistPI, .real, threads: 3).map(\.name) == others)
    #expect(StepVariation.all(of: .mnistPI, .straightThrough, threads: 3).map(\.name) == others)
    // All else of the method stays, whatever is varied.
    var binary = Experiment.mnistPI
    binary.method.grids = [.binary]
    binary.method.temperature = 2
    let methods = StepVariation.all(of: binary, .discreteTanh, threads: 1).map(\.experiment.method)
    #expect(methods.map { $0.grids[0].count } == Array(repeating: 2, count: 9) + [3, 4, 5])
    #expect(methods.allSatisfy { $0.temperature == 2 })
    #expect(
      StepVariation.all(of: .mnist, .discreteSign, threads: 1).map(\.name).filter {
        $0.contains("width") || $0.contains("layer")
      } == [
        "half the width: 16C5-P2-32C5-P2-256-10", "twice the width: 64C5-P2-128C5-P2-1024-10",
        "a layer fewer: 32C5-P2-64C5-P2-10", "a layer more: 32C5-P2-64C5-P2-512-512-10",
      ])
  }

  @Test("packed inference: times of a batch and of an image, the rate of each product and its share of the ceiling")
  func predictions() throws {
    var samples = PredictionBenchmark.Samples(
      multiplyAdds: 12345, stageMultiplyAdds: [.bytes: 300_000_000, .bits: 60_000_000], zeros: 0.375)
    // Ratios 8, 2.5, 20: their median is 8, the medians' ratio 5.
    (samples.float, samples.packed) = ([8, 10, 40], [1, 4, 2])
    samples.stages = [
      .packing: [0.25], .bytes: [1, 2, 7], .bits: [0.5, 0.75, 3], .thresholds: [0.125, 0.375, 4], .pooling: [0.0625],
    ]
    samples.ceilings = [.bytes: [3e9], .bits: [0]]
    let times = PredictionTimes(samples, of: .digits, .discreteSign, images: "nine threes", batch: 10, rounds: 3)
    let lines = tableRows(times.table())
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
        "12345 multiply-adds an image. Images: nine threes; 37.5 % of the pixels are 0, and the products with them count as done "
          + "where they are skipped.") == true)
    let json = try object(times)
    #expect(json["floatMs"] as? Double == 10 && json["packedMs"] as? Double == 2 && json["speedUp"] as? Double == 8)
    let stages = try #require(json["stagesMs"] as? [String: Double])
    #expect(stages["byte product"] == 2 && stages["packing"] == 0.25 && stages["thresholds"] == 0.375)
  }
}
