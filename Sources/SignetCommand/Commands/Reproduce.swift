import ArgumentParser
import Networks
import Training

struct Reproduce: TrainingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train an experiment's networks and print their errors and the SHA-256 of their parameters.",
    discussion: """
      A network is trained from the one that it is defined to start from (real → discrete-tanh → \
      discrete-sign-from-tanh, real → discrete-sign), which is trained first; straight-through, a rival of \
      the method, starts from random weights. The table reports the epoch with the lowest validation error. The same version, \
      experiment, data and seed give the same SHA-256 on every machine.

      Progress goes to standard error, the table (or with --json one object) to standard output.
      """)

  @Argument(help: ArgumentHelp("The experiment.", valueName: "experiment"))
  var experiment: Experiment

  @OptionGroup var networks: NetworkOptions

  @OptionGroup(title: "Method") var method: MethodOptions

  @OptionGroup var data: DataOptions

  @OptionGroup var epochs: EpochOptions

  @OptionGroup var seed: SeedOptions

  @OptionGroup var device: DeviceOptions

  @OptionGroup var recipe: RecipeOptions

  @OptionGroup var output: OutputOptions

  func base(on own: DataSource?) -> Experiment { experiment }
}
