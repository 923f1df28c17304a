import BuiltInDatasets
import Datasets
import Experiments
import Files
import Foundation
import Networks
import Testing
import Training
import WeightDistributions

@Suite("Sweep: several grids and seeds")
struct SweepTests {
  private func sweep(
    _ seeds: [UInt64], _ networks: Set<NetworkKind>, version: String = "1", realEpochs: Int = 1, sha256: String = "a",
    source: DataSource = .digits, directory: String? = nil, change: (inout Experiment) -> Void = { _ in }
  ) throws -> Sweep {
    var experiment = Experiment(
      name: "small", title: "", data: source, architecture: "4C3-P2-16-10", batch: 50, real: Experiment.digits.real,
      discrete: Experiment.digits.discrete)
    change(&experiment)
    let data = try Dataset.digits()
    return Sweep(
      experiment,
      data: Dataset(
        name: "part", train: data.train[0..<200], validation: data.validation[0..<100], test: data.test[0..<100],
        fileDigests: [("images", "same"), ("labels", sha256)]), directory: directory,
      grids: [.binary, .ternary], networks: networks, seeds: seeds, realEpochs: realEpochs, discreteEpochs: 1,
      version: version)
  }

  /// The records of all that the sweep trains, and those known before.
  private func records(_ sweep: Sweep, known: [Sweep.Record] = []) throws -> [Sweep.Record] {
    let place = JobsHere(on: sweep.data, device: .single, version: sweep.version, records: known)
    try JobRunner(place).run(sweep.jobs)
    return place.records
  }

  @Test("each network is trained once, and a stopped sweep resumes with the same results")
  func resumes() throws {
    let networks: Set<NetworkKind> = [.real, .discreteTanh, .discreteSignFromTanh, .straightThrough]
    let sweep = try sweep([1, 2], networks)
    let whole = try records(sweep)
    // Of each seed real, straight-through, and two networks of two grids.
    #expect(whole.count == 2 * (2 + 4))
    #expect(Set(whole.map(\.result.parametersSHA256)).count == whole.count)

    func digests(_ records: [Sweep.Record]) -> [String] {
      records.map { "\($0.seed) \($0.result.network) \($0.result.weights) \($0.result.parametersSHA256)" }.sorted()
    }
    for count in [1, 4, 7] {
      #expect(digests(try records(sweep, known: Array(whole.prefix(count)))) == digests(whole))
    }
    #expect(try records(sweep, known: whole) == whole)

    let cells = sweep.cells(of: whole)
    #expect(cells.count == 2 + 2 * 2)
    for cell in cells {
      let errors = whole.map(\.result).filter { $0.network == cell.network && $0.weights == cell.weights }.map(
        \.testError)
      #expect(cell.runs == 2 && errors.count == 2)
      #expect(abs(cell.testMean - (errors[0] + errors[1]) / 2) < 1e-12)
      #expect(abs((cell.testDeviation ?? -1) - abs(errors[0] - errors[1]) / 2.0.squareRoot()) < 1e-12)
    }
  }

  @Test("seeds with the same errors have them as their mean, and no deviation")
  func equalErrors() throws {
    let sweep = try sweep([1, 2, 3], [.real])
    // The sum of three times 0.1 is rounded, and so is a third of it.
    let records = sweep.jobs.map { job in
      Sweep.Record(
        experiment: "small", seed: job.seed, realEpochs: 1,
        result: NetworkResult(
          network: .real, weights: "real", activation: "tanh", epochs: 1, bestEpoch: 1, validationError: 0.7,
          testError: 0.1, seconds: 1, parametersSHA256: ""),
        origin: job.reproduction(on: sweep.data, device: .single).origin(of: .real, signet: sweep.version))
    }
    let cell = try #require(sweep.cells(of: records).first)
    #expect(cell.runs == 3 && cell.testMean == 0.1 && cell.testDeviation == 0)
    #expect(cell.validationMean == 0.7 && cell.validationDeviation == 0)
  }

  /// Sweeps that differ from one of a real network, seed 1, in one thing, and how its record is then described.
  private struct Other: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var version = "1"
    var realEpochs = 1
    var sha256 = "a"
    var change: @Sendable (inout Experiment) -> Void = { _ in }
    let difference: Sweep.Difference
  }

  private static let others = [
    Other(testDescription: "another version", version: "2", difference: .version("1")),
    Other(
      testDescription: "other epochs", realEpochs: 2,
      difference: .configuration(field: "trainings.0.constants.epochs", recorded: "1", expected: "2")),
    Other(
      testDescription: "other data", sha256: "b",
      difference: .data(DataDifference(file: "labels", recorded: "a…", expected: "b…"))),
    Other(
      testDescription: "another batch size", change: { $0.batch += 1 },
      difference: .configuration(field: "batch", recorded: "50", expected: "51")),
    Other(
      testDescription: "another activation", change: { $0.real.activation = .relu },
      difference: .configuration(field: "trainings.0.constants.activation", recorded: "tanh", expected: "relu")),
    Other(
      testDescription: "another loss", change: { $0.method.loss = .squaredHinge },
      difference: .configuration(field: "loss", recorded: "cross-entropy", expected: "squared-hinge")),
  ]

  @Test("a record with other data, version or constants is not used, and the difference is named", arguments: others)
  private func ofAnother(_ other: Other) throws {
    let first = try sweep([1], [.real])
    let known = try records(first)
    let second = try sweep(
      [1], [.real], version: other.version, realEpochs: other.realEpochs, sha256: other.sha256, change: other.change)
    #expect(second.cells(of: known).isEmpty)
    #expect(try second.unused(of: known) == [other.difference])
    // Both live side by side; neither is told of again.
    let both = try records(second, known: known)
    #expect(both.count == 2)
    for sweep in [first, second] {
      #expect(sweep.cells(of: both).map(\.runs) == [1])
      #expect(try sweep.unused(of: both).isEmpty)
    }
  }

  @Test(
    "records match whatever a network does not depend on: a real network's method, a rival's real epochs")
  func irrelevant() throws {
    let known = try records(try sweep([1], [.real, .straightThrough]))
    let method = try sweep([1], [.real, .straightThrough]) { $0.method.temperature = 2 }
    #expect(method.cells(of: known).map(\.runs) == [1, 1])
    let epochs = try sweep([1], [.real, .straightThrough], realEpochs: 2)
    #expect(epochs.cells(of: known).map(\.network) == [.straightThrough])
    let step = try sweep([1], [.real, .straightThrough]) {
      $0.straightThroughConstants.learningRate = 0.01
    }
    #expect(step.cells(of: known).map(\.network) == [.real])
  }

  @Test("each record has the real network's epochs beside its own")
  func epochs() throws {
    let trained = try records(try sweep([1], [.real, .discreteSign, .straightThrough], realEpochs: 2))
    #expect(trained.map(\.realEpochs) == [2, 2, 2, 2])
    #expect(trained.filter { $0.result.network == .real }.map(\.result.epochs) == [2])
    #expect(trained.filter { $0.result.network != .real }.map(\.result.epochs) == [1, 1, 1])
  }

  @Test("a repeated record counts once; other seeds and records without data do not count")
  func counted() throws {
    let sweep = try sweep([1], [.real])
    let known = try records(sweep)
    #expect(sweep.cells(of: known + known).map(\.runs) == [1])
    #expect(try self.sweep([2], [.real]).cells(of: known).isEmpty)
    let old = known.map {
      Sweep.Record(experiment: $0.experiment, seed: $0.seed, realEpochs: $0.realEpochs, result: $0.result)
    }
    #expect(sweep.cells(of: old).isEmpty)
    #expect(try sweep.unused(of: old) == [.withoutOrigin])
  }

  @Test(
    "every job of a sweep names the directory of its data, those that others start from, too", arguments: ["a/b", nil])
  func directory(path: String?) throws {
    let jobs = try sweep([1], [.discreteSign], directory: path).jobs(without: [])
    #expect(jobs.map(\.networks) == [[.real], [.discreteSign], [.discreteSign]])
    for job in jobs {
      #expect(job.data == path && job.starts.allSatisfy { $0.data == path })
      let option = job.arguments.firstIndex(of: "--data")
      #expect(option.map { job.arguments[$0 + 1] } == path, "\(job.arguments)")
    }
  }

  @Test("the table and each cell have the note on the data")
  func note() throws {
    let plain = try sweep([1], [.real])
    let known = try records(plain)
    #expect(
      plain.cells(of: known).map(\.dataNote) == [nil] && !plain.table(of: plain.cells(of: known)).contains("extra"))
    // The same records of a data set that has a note.
    let other = try sweep([1], [.real], source: .svhnWithoutExtra)
    let text = try encodeJSON(known).replacing(#""dataset" : "digits""#, with: #""dataset" : "svhn-without-extra""#)
    let cells = other.cells(of: try JSONDecoder().decode([Sweep.Record].self, from: Data(text.utf8)))
    let note = try #require(DataSource.svhnWithoutExtra.note)
    #expect(cells.map(\.dataNote) == [note] && other.table(of: cells).hasSuffix(note))
  }

  @Test("a record has the note on its data, such as that there are fewer test images than the published ones")
  func recordedNote() throws {
    let digits = try Dataset.digits()
    func notes(_ name: String) throws -> [String?] {
      let data = Dataset(
        name: name, train: digits.train[0..<200], validation: digits.validation[0..<100], test: digits.test[0..<120])
      let place = JobsHere(on: data, device: .single)
      let experiment = Experiment.custom("12-8-10", on: DataSource(of: data))
      try JobRunner(place).run([TrainingJob(experiment, networks: [.real], seed: 1, realEpochs: 1)])
      return place.records.map { $0.run?.dataNote }
    }
    #expect(try notes("mnist") == ["test errors are of 120 test images; mnist has 10,000"])
    #expect(try notes("mine") == [nil])
  }

  @Test("a record survives JSON, and one that contradicts itself is noticed")
  func coding() throws {
    let record = try records(try sweep([1], [.straightThrough]))[0]
    let text = try encodeLine(record)
    let read = try JSONDecoder().decode(Sweep.Record.self, from: Data(text.utf8))
    #expect(read == record && read.isConsistent && read.origin?.identity == record.origin?.identity)
    for (field, other) in [
      (#""seed":1"#, #""seed":2"#), (#""epochs":1"#, #""epochs":9"#),
      (#""network":"straight-through""#, #""network":"discrete-sign""#),
    ] {
      let changed = text.replacing(field, with: other, maxReplacements: 1)
      #expect(changed != text)
      #expect(try JSONDecoder().decode(Sweep.Record.self, from: Data(changed.utf8)).isConsistent == false)
    }
  }
}
