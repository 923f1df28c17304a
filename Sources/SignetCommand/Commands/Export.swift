import ArgumentParser
import Experiments
import Files
import Networks
import PackedInference
import Training

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a trained network as C99 for a small device.",
    discussion: """
      The network must have sign activations and discrete weights (discrete-sign, discrete-sign-from-tanh or straight-through). \
      The header has the functions net_predict, net_scores and net_selftest and the sizes of their buffers. The code includes \
      <stdint.h> only, allocates no memory, and predicts with integers. Its classes and the bits of its scores are those of \
      signet predict. A packed file must hold one network.

      The directory is created if needed. Files of an earlier export are replaced; any other file of the same name is left as \
      it is, and nothing is written.
      """)

  @Argument(
    help: ArgumentHelp("Directory of a run (--out), the file of one network, or a packed file.", valueName: "model"))
  var modelPath: String

  @Option(help: ArgumentHelp("Directory for the header and the C file.", valueName: "dir"))
  var c: String

  @Option(help: "The network of the run. Default: the one that was trained last.")
  var network: NetworkKind?

  @Option(help: "What the names of files, functions and macros begin with: small letters, digits and _.")
  var name = "net"

  @Option(
    help: ArgumentHelp(
      "Number of test images, with their scores, that net_selftest checks.",
      discussion: "0 needs no data set, and leaves a checksum of the tables.", valueName: "n"))
  var testImages = 3

  @OptionGroup var data: DataOptions

  @OptionGroup var threads: ThreadOptions

  @Flag(name: .shortAndLong, help: "Do not print the sizes.")
  var quiet = false

  func validate() throws {
    try require("--test-images", testImages, in: 0...1000)
    guard CSource.isName(name) else {
      throw ValidationError(
        "--name: expected at most 24 small letters, digits and _, with a letter first, found \(name)")
    }
    if testImages == 0 && data.data != nil { throw ValidationError("--data: expected none with --test-images 0") }
  }

  /// What is exported.
  private struct Model {
    let network: PackedNetwork<Float>
    /// For the head of the files.
    let comment: [String]
    let testImages: [[UInt8]]
  }

  func run() throws {
    let model = try model()
    let source = model.network.cSource(name: name, comment: model.comment, testImages: model.testImages)
    try source.write(to: c)
    guard !quiet else { return }
    try StandardOutput.print(
      "\(c)/\(name).h, \(c)/\(name).c: \(source.tableBytes) bytes of tables, \(source.scratchBytes) bytes of scratch buffer"
    )
  }

  private func model() throws -> Model {
    let run = try TrainedRun(modelPath)
    let model = try run.model(network, does: "is exported", isQuiet: quiet, on: threads.device)
    let networks = try model.packed(on: threads.device)
    guard networks.count == 1 else {
      throw PackedFileError.unexpected(
        at: FilePosition(path: modelPath, offset: PackedFile.countOffset), expected: "one network",
        actual: "\(networks.count)")
    }
    var images: [[UInt8]] = []
    if testImages > 0 {
      let test = try run.dataset(model.data, data, for: "the test images").test
      images = (0..<min(testImages, test.count)).map { test.withPixels(of: $0) { Array($0) } }
    }
    return Model(network: networks[0], comment: CSource.comment(of: model), testImages: images)
  }
}
