import ArgumentParser
import BuildInformation
import Experiments
import Files
import Networks
import PackedInference
import Training

struct Pack: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a trained network with sign activations to a packed file, and print its size layer by layer.",
    discussion: """
      The file holds the network as integers: the weights at close to log2 K bits each, a threshold for each unit or channel, \
      and the last layer's scale and bias. signet predict FILE gives the same scores as the run, to the last bit. \
      Documentation/Packed.md describes the format.

      bytes counts weights and thresholds in the file, and in the last row the whole file. multiply-adds are per image. largest \
      |sum| is the largest sum that a layer's weights can give with any inputs, accumulator the width that it needs.

      With --ensemble n, the file holds n networks sampled from the weights' distributions, and their mean softmax decides.
      """)

  @Argument(help: ArgumentHelp("Directory of a run (--out), or the file of one network.", valueName: "run"))
  var runPath: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The packed file.", valueName: "file"))
  var output: String

  @Option(help: "The network of the run. Default: the one that was trained last.")
  var network: NetworkKind?

  @Option(
    help: ArgumentHelp(
      "Networks to sample from the weights' distributions, instead of the most probable weights.", valueName: "n"))
  var ensemble: Int?

  @OptionGroup var sampling: SamplingOptions

  @OptionGroup var threads: ThreadOptions

  @Flag(help: "Print one JSON object instead of the table.")
  var json = false

  @Flag(name: .shortAndLong, help: "Do not say which of several networks is packed.")
  var quiet = false

  func validate() throws {
    try require("--ensemble", ensemble, in: 1...PackedFile.largestCount)
    try sampling.validate(isSampling: ensemble != nil)
    try requireDifferentFiles(outputs: [("--output", output)], inputs: files(ofRun: runPath))
  }

  func run() throws {
    try requireReplaceable("--output", output, by: PackedFile.kind)
    let saved = try TrainedRun(runPath).savedNetwork(network, isQuiet: quiet, on: threads.device)
    let kind = saved.result.network
    if ensemble != nil && !kind.isDiscrete {
      throw ValidationError("--ensemble: expected a network with weight distributions, found \(kind.rawValue)")
    }
    if ensemble != nil { [saved].noticeImportedDistributions(in: runPath) }
    let model = try PackedModel(
      packing: saved, ensemble: ensemble.map { ($0, sampling.seed ?? 1) }, version: BuildInformation.version,
      on: threads.device)
    let bytes = model.file.bytes
    try AtomicFile.write(bytes, to: output)
    let report = PackReport(model, at: output, bytes: bytes.count)
    try StandardOutput.print(json ? try encodeJSON(report) : report.table())
  }
}
