import ArgumentParser
import Datasets
import Experiments
import Networks
import Training

struct Train: TrainingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train networks of an architecture of your own.",
    discussion: """
      An architecture reads like the paper's: 32C5-P2-64C5-P2-512-10 is a convolution with 32 channels and a 5×5 kernel \
      (padded to keep the size; 32C5V is not padded), 2×2 max pooling (A2 averages, S2 sums), and so on, a dense layer of \
      512 units, and the output with one unit per class. Beginning with a dense layer (1200-1200-10), it sees the pixels as a \
      vector.

      The other constants are those of the data set's own experiment, and those of digits for the drawn data sets and for \
      files of your own; options change them. Dense networks have no augmentation. All else is as with signet reproduce.

      To train on your own images, give the format of their files as --dataset: npy reads train-images.npy (uint8, N×H×W or \
      N×C×H×W), train-labels.npy, test-images.npy and test-labels.npy, or one .npz file with these arrays; idx reads \
      train-images-idx3-ubyte and the other three files of that form; cifar reads data_batch_1.bin … and test_batch.bin. Image \
      sizes, channels and classes come from the files. Labels count from 0 without a gap.
      """)

  @Option(help: ArgumentHelp("The layers.", valueName: "notation"), transform: parseArchitecture)
  var architecture: Architecture

  @Option(help: "The data set, or the format of files of your own.")
  var dataset = DatasetChoice.known(.digits)

  @Option(help: OptionScope.batch.help("Batch size.", valueName: "n"))
  var batch: String?

  @Option(
    help: OptionScope.dropout.help(
      "Dropout rate before each dense layer and convolution, separated by commas, or one for all but the first.",
      default: "those of the data set's experiment if it has as many layers, else \(Experiment.customDropout)",
      valueName: "p,…"))
  var dropout: String?

  @Option(help: OptionScope.realStep.help("Adam learning rate for real-valued weights.", valueName: "α"))
  var realStep: String?

  @Option(
    help: OptionScope.logitStep.help(
      "Adam learning rate for the numbers that the weight distributions are given by.", valueName: "α"))
  var logitStep: String?

  @Option(
    help: ArgumentHelp(
      "File of a real network to start from, which is then not trained: one that signet import wrote, or a run's.",
      discussion: "Its constants, real.*, are those that the file says, whatever a recipe's file has for them.",
      valueName: "file"))
  var real: String?

  @OptionGroup var networks: NetworkOptions

  @OptionGroup(title: "Method") var method: MethodOptions

  @OptionGroup var data: DataOptions

  @OptionGroup(title: "Your own files") var files: ImageFileOptions

  @OptionGroup var epochs: EpochOptions

  @OptionGroup var seed: SeedOptions

  @OptionGroup var device: DeviceOptions

  @OptionGroup var recipe: RecipeOptions

  @OptionGroup var output: OutputOptions

  var given: [OptionScope: String] {
    [.batch: batch, .dropout: dropout, .realStep: realStep, .logitStep: logitStep].compactMapValues(\.self)
  }

  func ownFiles() throws -> ImageFiles? { try files.files(of: dataset) }

  func base(on own: DataSource?) -> Experiment { .custom(architecture, on: own ?? dataset.source ?? .digits) }
}
