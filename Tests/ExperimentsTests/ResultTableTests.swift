import BuiltInDatasets
import Datasets
import Experiments
import Files
import Foundation
import Networks
import TestSupport
import Testing
import Training
import WeightDistributions

/// Tables of results, held to results of which no two numbers are equal.
@Suite("Tables of results: every column, and the same in JSON")
struct ResultTableTests {
  private func result(
    _ network: NetworkKind, _ weights: String, epochs: Int, best: Int, validation: Double, test: Double,
    seconds: Double,
    digest: String
  ) -> NetworkResult {
    NetworkResult(
      network: network, weights: weights, activation: network.activation.rawValue, epochs: epochs, bestEpoch: best,
      validationError: validation, testError: test, seconds: seconds, parametersSHA256: digest)
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("reproduce: epochs with the best, validation error, then test error, seconds, digest")
  func reproduction() throws {
    let reproduction = Reproduction(.digits, data: try .digits(), seed: 11, device: .single)
    let report = ReproductionReport(
      RunRecord(reproduction, networks: [.real, .discreteSign]),
      [
        result(.real, "real", epochs: 9, best: 5, validation: 0.12, test: 0.34, seconds: 6.75, digest: "ab"),
        result(
          .discreteSign, "ternary", epochs: 8, best: 3, validation: 0.56, test: 0.07, seconds: 123.25, digest: "cd"),
      ])
    #expect(
      tableRows(report.table()) == [
        [
          "network", "weights", "activation", "epochs (best)", "validation error", "test error", "seconds",
          "SHA-256 of the parameters",
        ],
        ["real", "real", "tanh", "9 (5)", "12.00 %", "34.00 %", "6.8", "ab"],
        ["discrete-sign", "ternary", "sign", "8 (3)", "56.00 %", "7.00 %", "123.2", "cd"],
      ])
    let json = try object(report.json())
    #expect(json["seed"] as? Int == 11 && json["threads"] as? Int == 1 && json["experiment"] as? String == "digits")
    let networks = try #require(json["networks"] as? [[String: Any]])
    #expect(networks.map { $0["validationError"] as? Double } == [0.12, 0.56])
    #expect(networks.map { $0["testError"] as? Double } == [0.34, 0.07])
    #expect(networks.map { $0["epochs"] as? Int } == [9, 8] && networks.map { $0["bestEpoch"] as? Int } == [5, 3])
  }

  @Test(
    "sweep: the mean of the test errors ± their deviation, rows by grid, columns by network, and how many seeds are missing"
  )
  func sweep() throws {
    let sweep = Sweep(
      .digits, data: try .digits(), grids: [.binary, .ternary], networks: [.real, .discreteSign], seeds: [4, 5, 6],
      realEpochs: 2, discreteEpochs: 3)
    let errors: [String: [(test: Double, validation: Double)]] = [
      "real": [(0.10, 0.50), (0.12, 0.54), (0.14, 0.58)], "binary": [(0.20, 0.61), (0.24, 0.65), (0.28, 0.69)],
      "ternary": [(0.30, 0.72), (0.36, 0.76)],
    ]
    let records = sweep.jobs.flatMap { job in
      job.networks.compactMap { network -> Sweep.Record? in
        let weights = job.experiment.weights(of: network)
        guard let all = errors[weights], let place = sweep.seeds.firstIndex(of: job.seed), place < all.count else {
          return nil
        }
        let reproduction = job.reproduction(on: sweep.data, device: .single)
        return Sweep.Record(
          experiment: "digits", seed: job.seed, realEpochs: 2,
          result: result(
            network, weights, epochs: 3, best: 1, validation: all[place].validation, test: all[place].test, seconds: 1,
            digest: "\(weights)\(place)"), origin: reproduction.origin(of: network, signet: sweep.version))
      }
    }
    let cells = sweep.cells(of: records)
    #expect(
      sweep.table(of: cells) == """
        | weights | real | discrete-sign |
        | --- | --- | --- |
        | real | 12.00 ± 2.00 % |  |
        | binary |  | 24.00 ± 4.00 % |
        | ternary |  | 33.00 ± 4.24 % (2 of 3) |
        """)
    #expect(cells.map(\.runs) == [3, 3, 2])
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(encodeJSON(cells).utf8)) as? [[String: Any]])
    for (key, expected) in [("testMean", [0.12, 0.24, 0.33]), ("validationMean", [0.54, 0.65, 0.74])] {
      let means = json.map { $0[key] as? Double ?? 0 }
      #expect(means.count == 3 && zip(means, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "\(key): \(means)")
    }
    #expect(abs((cells[1].validationDeviation ?? 0) - 0.04) < 1e-12)
  }

  @Test("evaluate: the part asked for and no other, the samples of the seed, in the table and in JSON")
  func evaluation() throws {
    let digits = try Dataset.digits()
    // The test images' labels are each one too large, so that hardly one is right.
    let labels = digits.test.labels[..<60].map { ($0 + 1) % 10 }
    let wrong = LabelledImages(
      pixels: (0..<60).flatMap { digits.test.withPixels(of: $0) { Array($0) } }, labels: Array(labels), channels: 1,
      height: digits.test.height, width: digits.test.width, classes: 10, pixelMaximum: digits.test.pixelMaximum)
    let data = Dataset(
      name: "parts", train: digits.train[0..<400], validation: digits.validation[0..<50], test: wrong)
    let experiment = Experiment.custom("12-10", on: .digits)
    var trainings = try Reproduction(
      experiment, data: data, realEpochs: 4, discreteEpochs: 4, seed: 3, device: .single
    )
    .trainings(of: [.discreteSign])
    var saved: [SavedNetwork] = []
    while var run = try trainings.next() {
      let network = try run.finish().network
      let result = trainings.finish(run)
      #expect(result.testError != result.validationError)
      saved.append(SavedNetwork(network, of: experiment, seed: 3, result: result))
    }
    func report(_ part: EvaluationReport.Part, seed: UInt64 = 9) -> EvaluationReport {
      EvaluationReport(saved, on: data, part, batch: 7, ensemble: 3, seed: seed, device: .single) { _, _, _ in }
    }
    let (test, validation) = (report(.test), report(.validation))
    #expect(test.networks.map(\.mostProbable) == saved.map(\.result.testError) && test.images == 60)
    #expect(validation.networks.map(\.mostProbable) == saved.map(\.result.validationError) && validation.images == 50)
    for (report, images) in [(test, data.test), (validation, data.validation)] {
      let points = Evaluation(of: saved[1].network, on: images, device: .single).ensemble(members: 3, seed: 9) {
        _, _, _ in
      }
      #expect(report.networks.map(\.ensemble) == [[], points])
      #expect(
        tableRows(report.table()) == [
          ["network", "weights", "most probable", "1 sample", "2 samples", "3 samples"],
          ["real", "real", percent(report.networks[0].mostProbable)],
          ["discrete-sign", "ternary", percent(report.networks[1].mostProbable)] + points.map { percent($0.error) },
        ])
    }
    #expect((1...5).contains { report(.validation, seed: $0).networks[1].ensemble != validation.networks[1].ensemble })
    let json = try object(encodeJSON(validation))
    #expect(json["part"] as? String == "validation" && json["images"] as? Int == 50 && json["seed"] as? Int == 9)
    let plain = EvaluationReport(saved, on: data, .test, batch: 7, ensemble: 0, seed: 9, device: .single) { _, _, _ in }
    #expect(try object(encodeJSON(plain))["seed"] == nil, "nothing is sampled")
  }

  @Test("a confusion matrix has labels as rows and classes as columns, and each class's own error")
  func confusion() {
    let matrix = ConfusionMatrix(
      network: .discreteSign, part: "test", labels: [0, 0, 0, 0, 1, 1, 2, 2, 2, 2],
      classes: [0, 0, 0, 1, 1, 2, 2, 2, 1, 1],
      classCount: 4)
    #expect(
      tableRows(matrix.text)
        == [
          ["label", "0", "1", "2", "3", "error"], ["0", "3", "1", "0", "0", "25.00 %"],
          ["1", "0", "1", "1", "0", "50.00 %"],
          ["2", "0", "2", "2", "0", "50.00 %"], ["3", "0", "0", "0", "0", "no images"],
          ["discrete-sign: 4 of 10 test images are wrong, 40.00 %"],
        ].map { $0 })
  }
}
