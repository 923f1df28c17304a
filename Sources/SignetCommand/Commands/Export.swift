import ArgumentParser
import Exchange
import Experiments
import Files
import Networks
import PackedInference
import Training

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a trained network for other programs: C99, ONNX, QONNX, safetensors, NPZ.",
    discussion: """
      C99, ONNX and QONNX need a network with sign activations and discrete weights (discrete-sign, discrete-sign-from-tanh or \
      straight-through); its classes and the bits of its scores are those of signet predict. A packed file must hold one network. \
      Documentation/Exchange.md describes the files of --onnx, --qonnx, --safetensors and --npz, Documentation/Packed.md those of --c.

      --c writes a header with the functions net_predict, net_scores and net_selftest and the sizes of their buffers, and a C file. \
      The code includes <stdint.h> only, allocates no memory, and predicts with integers. The directory is created if needed. Files \
      of an earlier export and empty ones are replaced; any other file of the same name is left as it is, and nothing is written.
      """)

  @Argument(
    help: ArgumentHelp("Directory of a run (--out), the file of one network, or a packed file.", valueName: "model"))
  var modelPath: String

  @Option(help: ArgumentHelp("Directory for the header and the C file.", valueName: "dir"))
  var c: String?

  @Option(help: ArgumentHelp("File for standard ONNX on integers, operator set 13.", valueName: "file"))
  var onnx: String?

  @Option(help: ArgumentHelp("File for QONNX, which tools for FPGAs read.", valueName: "file"))
  var qonnx: String?

  @Option(
    help: ArgumentHelp(
      "File for all numbers of any network: integer weights, thresholds, parameters.", valueName: "file"))
  var safetensors: String?

  @Option(help: ArgumentHelp("File for the same numbers, for NumPy.", valueName: "file"))
  var npz: String?

  @Option(help: "The network of the run. Default: the one that was trained last.")
  var network: NetworkKind?

  @Flag(help: "Make each hidden layer's signs an output, too, for --onnx and --qonnx.")
  var hidden = false

  @Flag(help: "Store weights in 2 or 4 bits, for --onnx; the file then needs operator set 25.")
  var compact = false

  @Option(
    help:
      "What the names of files, functions and macros begin with, for --c: small letters, digits and _. Default: net.")
  var name: String?

  @Option(
    help: ArgumentHelp(
      "Number of test images, with their scores, that net_selftest checks, for --c. Default: 3.",
      discussion: "0 needs no data set, and leaves a checksum of the tables.", valueName: "n"))
  var testImages: Int?

  @OptionGroup var data: DataOptions

  @OptionGroup var threads: ThreadOptions

  @Flag(name: .shortAndLong, help: "Do not print what was exported.")
  var quiet = false

  func validate() throws {
    try require("--test-images", testImages, in: 0...1000)
    if let name, CSource.isHeader(name) {
      throw ValidationError("--name: expected another name than that of the C library's <\(name).h>, found \(name)")
    }
    if let name, !CSource.isName(name) {
      throw ValidationError(
        "--name: expected at most 24 small letters, digits and _, with a letter first, found \(name)")
    }
    let imageOption = firstGiven(["--data": data.data != nil, "--without-extra": data.withoutExtra])
    if testImages == 0, let option = imageOption {
      throw ValidationError("\(option): expected none with --test-images 0")
    }
    guard [c, onnx, qonnx, safetensors, npz].contains(where: { $0 != nil }) else {
      throw ValidationError("expected --c, --onnx, --qonnx, --safetensors or --npz, found none of them")
    }
    if c == nil, let option = firstGiven(["--name": name != nil, "--test-images": testImages != nil]) ?? imageOption {
      throw ValidationError("\(option): expected --c, found none")
    }
    if hidden && onnx == nil && qonnx == nil {
      throw ValidationError("--hidden: expected --onnx or --qonnx, found none")
    }
    if compact && onnx == nil { throw ValidationError("--compact: expected --onnx, found none") }
    let sources = (c.map { CSource.paths(cName, in: $0) } ?? []).map { ("--c", $0) as NamedFile }
    try requireDifferentFiles(
      outputs: sources + [("--onnx", onnx), ("--qonnx", qonnx), ("--safetensors", safetensors), ("--npz", npz)],
      inputs: files(ofRun: modelPath))
  }

  private var cName: String { name ?? "net" }

  func run() throws {
    try requireReplaceable("--onnx", onnx, by: .exportedONNX)
    try requireReplaceable("--qonnx", qonnx, by: .exportedONNX)
    try requireReplaceable("--safetensors", safetensors, by: .exportedSafetensors)
    try requireReplaceable("--npz", npz, by: .exportedNPZ)
    let run = try TrainedRun(modelPath)
    let model = try run.model(network, isQuiet: quiet, on: threads.device)
    let packed = try packed(model)
    let facts = model.facts(packed)
    // Everything is made before anything is written: if a format cannot have the network, there is no file.
    var files: [OutputFile] = []
    if let packed {
      if let c { files.append(try cSource(packed, of: model, run, in: c)) }
      if let onnx {
        var form = ONNXForm()
        (form.hasHiddenOutputs, form.isCompact) = (hidden, compact)
        files.append(
          output(try packed.onnx(form, facts: facts), to: onnx, "ONNX of operator set \(form.operatorSet)"))
      }
      if let qonnx {
        files.append(output(try packed.qonnx(hasHiddenOutputs: hidden, facts: facts), to: qonnx, "QONNX"))
      }
    }
    if safetensors != nil || npz != nil {
      let arrays = model.arrays(packed, on: threads.device)
      if let safetensors {
        let file = arrays.safetensors(facts: facts)
        let line = "\(safetensors): \(arrays.arrays.count) tensors"
        files.append(OutputFile(line: line) { try file.write(to: safetensors) })
      }
      if let npz {
        let metadata = try encodeLine(Dictionary(uniqueKeysWithValues: facts.map { ($0.key, $0.value) }))
        let what = "\(arrays.arrays.count) arrays and the metadata"
        files.append(output(try arrays.npz(metadata: metadata), to: npz, what))
      }
    }
    try OutputFile.write(files, isQuiet: quiet)
  }

  private func output(_ bytes: [UInt8], to path: String, _ what: String) -> OutputFile {
    OutputFile(line: "\(path): \(bytes.count) bytes, \(what)") { try AtomicFile.write(bytes, to: path) }
  }

  /// The model's network in integers; nil if it has none and none of the formats needs them.
  private func packed(_ model: TrainedModel) throws -> PackedNetwork<Float>? {
    if model.network.activation != .sign && c == nil && onnx == nil && qonnx == nil { return nil }
    let networks = try model.packed(on: threads.device)
    guard networks.count == 1 else {
      throw PackedFileError.unexpected(
        at: FilePosition(path: modelPath, offset: PackedFile.countOffset), expected: "one network",
        actual: "\(networks.count)")
    }
    return networks[0]
  }

  private func cSource(
    _ network: PackedNetwork<Float>, of model: TrainedModel, _ run: TrainedRun, in path: String
  ) throws -> OutputFile {
    var images: [[UInt8]] = []
    if testImages != 0 {
      let dataset = try run.dataset(model.data, data, for: "the test images")
      images = (0..<min(testImages ?? 3, dataset.test.count)).map { dataset.test.withPixels(of: $0) { Array($0) } }
    }
    // The C computes every network that a packed file takes.
    _ = try PackedFile([network])
    let source = network.cSource(name: cName, comment: CSource.comment(of: model), testImages: images)
    let line =
      "\(path)/\(cName).h, \(path)/\(cName).c: \(source.tableBytes) bytes of tables, \(source.scratchBytes) bytes of scratch "
      + "buffer, \(counted(images.count, "test image", "test images"))"
    return OutputFile(line: line) { try source.write(to: path) }
  }
}
