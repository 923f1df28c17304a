import Experiments
import Networks
import Reports
import Testing
import Training
import WeightDistributions

@Suite("Trials: the networks of a table that belong together")
struct TrialTests {
  private func trial(_ change: (inout Experiment) throws -> Void) throws -> (trial: PaperTable.Trial, title: String) {
    var experiment = Experiment.mnistPI
    try change(&experiment)
    let records = [NetworkKind.real, .discreteSign].map {
      RoundTable.record(
        $0, seed: 1, of: experiment, epochs: (real: 3, discrete: 2), test: 0.1, validation: 0.2, secondsPerEpoch: 1)
    }
    let table = try PaperTable(records)
    let page = try ReadReport(TableReport(table, sources: []).html()).section("results").all("h3").map(\.text)
    return try #require(table.trials.count == 1 && page.count == 1 ? (table.trials[0], page[0]) : nil)
  }

  @Test("a trial with a recipe's constants, whatever its epochs, is named by the recipe")
  func recipes() throws {
    let own = try trial { _ in }
    #expect(own.trial.recipe == nil && !own.trial.hasOtherConstants)
    #expect(own.title == "mnist-pi, 3 + 2 epochs, Signet 1.2.3")
    let recipe = try #require(try Recipe.named("thesis", for: .mnistPI))
    let thesis = try trial { $0 = try recipe.apply(to: $0) }
    #expect(thesis.trial.recipe == "thesis" && thesis.trial.hasOtherConstants)
    #expect(thesis.title == "mnist-pi, recipe thesis, 3 + 2 epochs, Signet 1.2.3")
    let other = try trial {
      $0 = try recipe.apply(to: $0)
      $0.real.learningRate *= 2
    }
    #expect(other.trial.recipe == nil && other.trial.hasOtherConstants)
    #expect(other.title == "mnist-pi, other constants, 3 + 2 epochs, Signet 1.2.3")
  }

  @Test("steps of learning rates stand apart in words, and constants that records leave out have their values")
  func steps() throws {
    let steps = [LearningRateStep(epochs: 4, factor: 0.5), LearningRateStep(epochs: 8, factor: 0.25)]
    let trial = try trial {
      $0.real.learningRateSteps = steps
      $0.real.activation = .relu
      $0.real.runningFactor = 0.2
      $0.discrete.statisticsBatches = 3
    }
    #expect(
      trial.trial.differences == [
        "discrete.epochs 2 instead of 500", "discrete.statisticsBatches 3 instead of all",
        "real.activation relu instead of tanh", "real.epochs 3 instead of 1000",
        "real.learningRateSteps epochs 4, factor 0.5; epochs 8, factor 0.25 instead of plateau",
        "real.runningFactor 0.2 instead of 0.1",
      ])
  }

  private func record(
    _ network: NetworkKind, _ grid: WeightGrid = .ternary, of experiment: Experiment = .mnistPI, test: Double = 0.1,
    version: String = "1.2.3"
  ) -> Sweep.Record {
    RoundTable.record(
      network, grid, seed: 1, of: experiment, epochs: (real: 3, discrete: 2), test: test, validation: 0.2,
      secondsPerEpoch: 1, version: version)
  }

  @Test("trials of the same name are told apart in every heading by the constants in which they differ")
  func alike() throws {
    let records = [20, 200].flatMap { batch in
      [NetworkKind.real, .discreteSign].map { network in
        RoundTable.record(
          network, seed: 1, epochs: (real: 3, discrete: 2), test: 0.1, validation: 0.2, secondsPerEpoch: 1
        ) {
          $0.batch = batch
          $0.real.learningRate = 0.5
        }
      }
    }
    let page = try ReadReport(TableReport(PaperTable(records), sources: ["a"]).html())
    let titles = ["20", "200"].map {
      "mnist-pi, other constants, 3 + 2 epochs, Signet 1.2.3, batch \($0) instead of \(Experiment.mnistPI.batch)"
    }
    for section in ["question", "results", "comparisons"] {
      #expect(try page.section(section).all("h3").map(\.text) == titles, "\(section)")
    }
    #expect(try page.section("records").all("summary").map(\.text) == titles.map { "\($0): 2 networks" })
  }

  @Test("custom networks are several sets' only if their data have the same name")
  func customData() throws {
    func notices(_ data: [(DataSource, sha256: String)]) throws -> [String] {
      let records = data.map { source, sha256 in
        RoundTable.record(
          .real, seed: 1, of: .custom("8-10", on: source), test: 0.1, validation: 0.2, secondsPerEpoch: 1, data: sha256)
      }
      let page = try ReadReport(TableReport(PaperTable(records), sources: ["a"]).html())
      return try page.section("paper-table").withClass("notice").map(\.text).filter { $0.contains("several") }
    }
    #expect(try notices([(.digits, "d1"), (.glyphs, "d2")]) == [])
    #expect(
      try notices([(.digits, "d1"), (.digits, "d2")]) == [
        "? digits 8-10 has results on several data sets (images: d2… and not d1…); they stand apart and are not compared."
      ])
  }

  @Test("the newer version is first, by its numbers")
  func versions() throws {
    let versions = ["0.9.0", "0.10.0", "0.9.1", "1.0.0"]
    let trials = try PaperTable(versions.map { record(.real, version: $0) }).trials
    #expect(trials.map(\.signet) == ["1.0.0", "0.10.0", "0.9.1", "0.9.0"])
  }

  @Test("a straight-through network stands beside the discrete networks whose constants give its own, or else alone")
  func straightThrough() throws {
    let thesis = try #require(try Recipe.named("thesis", for: .mnistPI)).apply(to: .mnistPI)
    var own = Experiment.mnistPI
    own.straightThroughConstants.regularization = 0.5
    let records = [
      record(.discreteSign, test: 0.1), record(.straightThrough, test: 0.2),
      record(.discreteSign, of: thesis, test: 0.3), record(.straightThrough, of: thesis, test: 0.4),
      record(.straightThrough, of: own, test: 0.5),
    ]
    let trials = try PaperTable(records).trials
    let errors = trials.map { $0.rows.flatMap { $0.results.map(\.testError) } }
    #expect(Set(errors) == [[0.1, 0.2], [0.3, 0.4], [0.5]] && errors.count == 3)
    #expect(trials.filter(\.hasOtherConstants).count == 2, "the first is as its experiment says")
  }

  @Test("discrete networks of a grid are compared with each other, and straight-through apart from them")
  func questions() throws {
    let networks = [NetworkKind.discreteTanh, .discreteSign, .discreteSignFromTanh, .straightThrough]
    let trials = try PaperTable(networks.map { record($0, .binary) }).trials
    let questions = try #require(trials.first).questions
    let pairs = questions.map { question in
      question.comparisons.map { "\($0.first.network.rawValue) and \($0.second.network.rawValue)" }
    }
    #expect(
      questions.map(\.subject) == ["the activation and the start", "the method against straight-through"]
        && trials.count == 1)
    #expect(
      pairs == [
        [
          "discrete-tanh and discrete-sign", "discrete-tanh and discrete-sign-from-tanh",
          "discrete-sign and discrete-sign-from-tanh",
        ], ["discrete-tanh", "discrete-sign", "discrete-sign-from-tanh"].map { "\($0) and straight-through" },
      ])
  }
}
