import ArgumentParser
import Datasets
import Exchange
import Experiments
import Files
import Networks
import PackedInference
import Tensors
import Training

struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a network's file of the arrays that another library trained.",
    discussion: """
      The arrays are in a safetensors file, or in an NPZ file whose name ends in .npz. The network's layers must be those of the \
      architecture, in the order of signet (Documentation/Files.md), and its inputs pixels scaled to [−1, 1]. A real network's file is \
      what signet train --real starts from; the file of a network with sign activations can be packed, exported and used at once.

      Each layer's arrays are found by their shapes. If more than one fits, nothing is guessed: --names gives a file that names them. \
      Documentation/Exchange.md describes it. --check compares the outputs with the other library's before anything is written.
      """)

  @Argument(help: ArgumentHelp("The arrays.", valueName: "arrays"))
  var path: String

  @Option(help: "The order of the numbers: torch is (O, I) and (O, C, k, k), keras (I, O) and (k, k, C, O).")
  var layout: NetworkImport.Layout

  @Option(help: ArgumentHelp("The layers.", valueName: "notation"), transform: parseArchitecture)
  var architecture: Architecture

  @Option(name: .shortAndLong, help: ArgumentHelp("The network's file.", valueName: "file"))
  var output: String

  @Option(help: "The network that the arrays are of.")
  var network = NetworkKind.real

  @Option(help: "Activation of a real network: tanh or relu.")
  var activation: RealActivation?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Grid of a discrete network's weights, or one for each layer. Each layer's may have a scale, which must be positive.",
      valueName: "grid"), transform: { try WeightGridList($0) })
  var weights: WeightGridList?

  @Option(
    help: ArgumentHelp(
      "Makes ternary weights of latent ones: those of at most this size are 0, the others ±1. For discrete networks.",
      valueName: "Δ"))
  var zeroUpTo: Double?

  @Option(help: ArgumentHelp("JSON file that names each layer's arrays.", valueName: "file"))
  var names: String?

  @Option(
    help: ArgumentHelp(
      "The ε that batch normalization adds to the variance. Default: 1e-5 for torch, 1e-3 for keras.", valueName: "ε"))
  var epsilon: Double?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "NPY file of images (uint8, N×H×W or N×C×H×W) and NPY file of the other library's outputs for them, N×classes.",
      valueName: "file"))
  var check: [String] = []

  @Option(
    help: ArgumentHelp(
      "Difference that --check allows, as a share of the largest output. Default: 0.001.", valueName: "share"))
  var tolerance: Double?

  @Option(help: "The data set, or the format of files of your own, of which the errors are printed.")
  var dataset = DatasetChoice.known(.digits)

  @OptionGroup var data: DataOptions

  @OptionGroup(title: "Your own files") var files: ImageFileOptions

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if ![0, 2].contains(check.count) {
      throw ValidationError("--check: expected two files, images and outputs, found \(check.count)")
    }
    if let epsilon, !(epsilon >= 0 && epsilon.isFinite) {
      throw ValidationError("--epsilon: expected a number from 0, found \(epsilon)")
    }
    if let tolerance {
      guard tolerance > 0, tolerance.isFinite else {
        throw ValidationError("--tolerance: expected a positive number, found \(tolerance)")
      }
      if check.isEmpty { throw ValidationError("--tolerance: expected --check, found none") }
    }
    if let zeroUpTo, !(zeroUpTo >= 0 && zeroUpTo.isFinite) {
      throw ValidationError("--zero-up-to: expected a number from 0, found \(zeroUpTo)")
    }
    if !network.isDiscrete, let option = firstGiven(["--weights": weights != nil, "--zero-up-to": zeroUpTo != nil]) {
      throw ValidationError("\(option): expected --network with a discrete one, found \(network.rawValue)")
    }
    if activation != nil && network != .real {
      throw ValidationError("--activation: expected --network real, found \(network.rawValue)")
    }
    _ = try files.files(of: dataset)
    try requireDifferentFiles(
      outputs: [("--output", output)],
      inputs: [("the argument", path), ("--names", names)] + check.map { ("--check", $0) as NamedFile })
  }

  func run() throws {
    try requireReplaceable("--output", output, by: .network)
    let own = try files.files(of: dataset).map { (files: $0, dataset: try data.load($0)) }
    let source = own.map { DataSource(of: $0.dataset, files: $0.files) } ?? dataset.source ?? .digits
    var experiment = try data.apply(to: .custom(architecture, on: source)).ofImport
    if let weights { experiment.method.grids = weights.grids }
    if let activation { experiment.real.activation = activation }
    let dataset = try own?.dataset ?? data.load(experiment.data)
    try experiment.validate(for: dataset.train.input, classes: dataset.train.classes, networks: [network])
    let names = try names.map { try ForeignNamesFile(reading: $0) }
    let imported = try NetworkImport(
      try ForeignArrays(reading: path, ignoring: Set(names?.ignored ?? [])), layout,
      as: experiment.specification(of: network, input: experiment.data.input), names: names, epsilon: epsilon,
      zeroUpTo: zeroUpTo)
    let (network, scale) = try imported.network(on: threads.device)
    try OutputFile.writing { tell in
      if check.count == 2 { tell(try compare(network, scale: scale, on: experiment.data)) }
      let saved = SavedNetwork(importing: network, as: experiment, on: dataset, device: threads.device)
      try saved.write(to: output)
      let result = saved.result
      let line =
        "\(output): \(result.network.rawValue) \(architecture), validation error \(percent(result.validationError)), "
        + "test error \(percent(result.testError)), parameters \(result.parametersSHA256)"
      tell(withNote(oneLine(line), saved.dataNote))
    }
  }

  /// Compares the network's outputs with the other library's, and says how much they differ.
  ///
  /// - Throws: errors of the files, and of outputs that differ too much.
  private func compare(_ network: Network<Float>, scale: Double, on source: DataSource) throws -> String {
    let images = try LabelledImages(
      unlabelled: check[0], channels: source.image.channels, height: source.image.height, width: source.image.width,
      classes: source.classes, pixelMaximum: source.input.pixelMaximum)
    let outputs = images.outputs(of: Predictor(network, on: threads.device), batch: 100) { _ in }
    let comparison = try OutputComparison(
      outputs, scale: scale, with: try NumberArray(npy: check[1]), from: check[1], tolerance: tolerance ?? 1e-3)
    let difference = "\(comparison.largest), \(comparison.allowed) is allowed"
    return "\(comparison.images) images: outputs differ by at most \(difference); "
      + "\(comparison.sameClasses) classes are the same"
  }
}

extension NetworkImport.Layout: ExpressibleByArgument {}
extension RealActivation: ExpressibleByArgument {}
