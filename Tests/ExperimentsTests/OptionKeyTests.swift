import Experiments
import Testing
import Training

@Suite("Options beside --set")
struct OptionKeyTests {
  /// Every option with a recipe key of which it is a shorthand.
  private static let pairs = OptionScope.allCases.flatMap { option in option.keys.map { (option, $0.name) } }

  @Test("a constant that an option sets is refused with --set, whether the option is of the experiment or of the run")
  func twice() {
    #expect(Set(Self.pairs.map(\.0)).isSuperset(of: [.realEpochs, .discreteEpochs, .batch, .loss]))
    for (option, key) in Self.pairs {
      let isOfRun = [.realEpochs, .discreteEpochs].contains(option)
      #expect(throws: RecipeError.twice(key: key, with: option.option)) {
        try Experiment.digits.changed(
          byFile: nil, options: isOfRun ? [:] : [option: "1"], settings: [(key, "1")],
          epochs: isOfRun ? [option] : [], training: [.real, .discreteSign, .straightThrough], sweeping: nil)
      }
    }
  }
}
