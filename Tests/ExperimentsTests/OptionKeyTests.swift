import Experiments
import Networks
import Testing
import Training
import WeightDistributions

@Suite("Options and --set: which values are refused")
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

  @Test(
    "values are refused if a network to train, or one that it starts from, cannot be built with them, and only then")
  func trainedNetworks() throws {
    var experiment = Experiment.custom("2-10", on: .glyphs)
    // 28 · 28 pixels up to 255 with such weights can sum to more than 2²⁴, which networks with sign activations must not.
    let large = WeightGrid("-1000,0,1000")
    func change(_ networks: [NetworkKind], sweeping grids: [WeightGrid]? = nil) throws {
      _ = try experiment.changed(
        byFile: nil, options: grids == nil && networks.contains(where: \.isDiscrete) ? [.weights: large.name] : [:],
        settings: [], epochs: [], training: networks, sweeping: grids)
    }
    for networks in [[NetworkKind.discreteTanh], [.real, .discreteTanh], [.real, .straightThrough]] {
      try change(networks)
      try change(networks, sweeping: [.ternary, large])
    }
    for network in [NetworkKind.discreteSign, .discreteSignFromTanh] {
      for grids in [nil, [.ternary, large], [large, .ternary]] as [[WeightGrid]?] {
        #expect(throws: ArchitectureError.largeSum("2-10", layer: 1, largest: 784 * 255 * 1000)) {
          try change([.real, network], sweeping: grids)
        }
      }
    }
    experiment.real.dropout = [0]
    try change([.straightThrough])
    #expect(throws: ArchitectureError.dropout("2-10", expected: 2, actual: 1)) { try change([.discreteTanh]) }
  }
}
