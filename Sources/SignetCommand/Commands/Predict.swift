import ArgumentParser
import Datasets
import Exchange
import Experiments
import Files
import Networks
import Training

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the class and the scores that a trained network gives each image.",
    discussion: """
      A score is an output of the last layer; the class is that of the largest score. Scores of a packed ensemble are the mean \
      softmax of its networks. The images are those of the run's data \
      set, or those of an NPY file without labels (--images: uint8, N×H×W or N×C×H×W).

      csv has a header and a line for each image: index, label, class, and a score for each class. jsonl has one JSON object per \
      line. npy is the array of scores, float32 and N×C, and needs --output.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case csv, jsonl, npy }

  enum Part: String, CaseIterable, ExpressibleByArgument { case train, validation, test }

  @Argument(
    help: ArgumentHelp("Directory of a run (--out), the file of one network, or a packed file.", valueName: "run"))
  var runPath: String

  @Option(help: "The network of the run. Default: the one that was trained last.")
  var network: NetworkKind?

  @Option(help: "The images of the data set. Default: test.")
  var part: Part?

  @Option(help: ArgumentHelp("NPY file of images without labels, instead of the data set's.", valueName: "file"))
  var images: String?

  @OptionGroup var data: DataOptions

  @Option(help: "The format of the predictions. Default: csv.")
  var format: Format?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("File for the predictions, instead of standard output.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "NPZ file for the signs of each hidden layer, int8, of a network with sign activations.", valueName: "file"))
  var hidden: String?

  @Flag(help: "Print the softmax of the outputs as scores.")
  var probabilities = false

  @Flag(
    help: ArgumentHelp(
      "Print the confusion matrix (rows are labels, columns predicted classes) and the error of each class.",
      discussion: "Predictions are then written only with --output."))
  var confusion = false

  @Flag(help: "Print one JSON object instead of the matrix, for --confusion.")
  var json = false

  @OptionGroup var device: DeviceOptions

  @Flag(name: .shortAndLong, help: "Do not show progress.")
  var quiet = false

  func validate() throws {
    if format == .npy && output == nil && !confusion {
      throw ValidationError("--format npy: expected --output with the file, found none")
    }
    if json && !confusion { throw ValidationError("--json: expected --confusion, found none (--format jsonl)") }
    if confusion, output == nil,
      let option = firstGiven(["--format": format != nil, "--probabilities": probabilities])
    {
      throw ValidationError("\(option): expected --output with --confusion, found none")
    }
    try requireDifferentFiles(
      outputs: [("--output", output), ("--hidden", hidden)], inputs: files(ofRun: runPath) + [("--images", images)])
    guard images != nil else { return }
    if confusion { throw ValidationError("--confusion: expected images with labels, found --images") }
    if data.data != nil { throw ValidationError("--data: expected no directory with --images, found both") }
    if let option = firstGiven(["--part": part != nil, "--without-extra": data.withoutExtra]) {
      throw ValidationError("\(option): expected the data set's images, found --images")
    }
  }

  func run() throws {
    try requireReplaceable("--output", output, by: outputKind)
    try requireReplaceable("--hidden", hidden, by: .hiddenSigns)
    let (run, device) = (try TrainedRun(runPath), try device.open())
    let model = try run.model(network, isQuiet: quiet, on: device)
    let (images, part, note) = try images(for: model.data, of: run)
    let line = ProgressLine(isQuiet: quiet)
    defer { line.clear() }
    let predictions = Predictions(
      of: model, on: images, part: part, isLabelled: self.images == nil, asProbabilities: probabilities,
      dataNote: note, device: device
    ) { line.show("\($0) of \(images.count) images") }
    line.clear()
    if let hidden {
      try AtomicFile.write(try model.hiddenSigns(of: images, on: device).bytes(), to: hidden)
    }
    if let output {
      try AtomicFile.write(contents(of: predictions), to: output)
    } else if format == .jsonl {
      // `print` adds the end of the last line.
      try StandardOutput.print(String(predictions.jsonLines.dropLast()))
    } else if !confusion {
      try StandardOutput.printCSV(predictions.csv)
    }
    if confusion, let matrix = predictions.confusion {
      try StandardOutput.print(json ? try encodeJSON(matrix) : matrix.text)
    }
  }

  private var outputKind: FileKind {
    switch format ?? .csv {
    case .csv: .predictionsCSV
    case .jsonl: .predictionsJSONL
    case .npy: .predictionsNPY
    }
  }

  private func contents(of predictions: Predictions) -> [UInt8] {
    switch format ?? .csv {
    case .csv: Array(predictions.csv.utf8)
    case .jsonl: Array(predictions.jsonLines.utf8)
    case .npy: predictions.npy
    }
  }

  /// The images, a name for them, and what must be said of errors on them.
  private func images(for source: DataSource, of run: TrainedRun) throws -> (LabelledImages, String, note: String?) {
    if let images {
      return (
        try LabelledImages(
          unlabelled: images, channels: source.image.channels, height: source.image.height, width: source.image.width,
          classes: source.classes, pixelMaximum: source.input.pixelMaximum), images, nil
      )
    }
    let dataset = try run.dataset(source, data, for: "the predictions")
    let part = part ?? .test
    return switch part {
    case .train: (dataset.train, part.rawValue, source.note)
    case .validation: (dataset.validation, part.rawValue, source.note)
    case .test: (dataset.test, part.rawValue, source.note(on: dataset))
    }
  }
}
