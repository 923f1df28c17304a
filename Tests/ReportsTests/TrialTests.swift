import Networks
import Reports
import Testing
import Training

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

  @Test("steps of learning rates stand apart in words")
  func steps() throws {
    let steps = [LearningRateStep(epochs: 4, factor: 0.5), LearningRateStep(epochs: 8, factor: 0.25)]
    let trial = try trial { $0.real.learningRateSteps = steps }
    #expect(
      trial.trial.differences == [
        "discrete.epochs 2 instead of 500", "real.epochs 3 instead of 1000",
        "real.learningRateSteps epochs 4, factor 0.5; epochs 8, factor 0.25 instead of none",
      ])
  }
}
