import BuiltInDatasets
import Experiments
import Files
import Foundation
internal import Kernels
import Networks
import Tensors
import Training

/// Trains the four networks of the experiment `digits` and prints the same as `signet reproduce digits`, without the need to
/// build the rest of the program.
@main
struct Demo {
  static func main() {
    StandardDescriptors.secure()
    if let problem = signet_kernels_variant_error() {
      StandardError.write("Demo: \(String(cString: problem))\n")
      exit(64)
    }
    if let argument = CommandLine.arguments.dropFirst().first {
      StandardError.write(
        "Demo: expected no arguments, found \(oneLine(argument)) (signet reproduce digits takes options)\n")
      exit(64)
    }
    do {
      let reproduction = Reproduction(
        .digits, data: try .digits(), seed: 1, device: Device.processor(threads: Device.availableThreads))
      // Each network ends with a line that stays, so none has to be cleared.
      let results = try reproduction.train(Set(NetworkKind.paper), showing: ProgressLine(isQuiet: false))
      try StandardOutput.print(
        ReproductionReport(RunRecord(reproduction, networks: NetworkKind.paper), results).table())
    } catch {
      StandardError.write("Demo: \(error)\n")
      exit(1)
    }
  }
}
