import ArgumentParser
import BuildInformation
import Files
import Foundation
internal import Kernels

struct Signet: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "signet",
    abstract: "Trains neural networks with discrete weights and sign activations, the same bits on every machine.",
    discussion: """
      The method is that of Roth et al., "Training Discrete-Valued Neural Networks with Sign Activations Using Weight \
      Distributions", ECML PKDD 2019.

      \(ExitStatus.help)

      Environment: SIGNET_KERNELS=plain|avx2|avx512|avx512vpopcntdq chooses the variant of the arithmetic kernels instead of the fastest \
      that the processor has. It changes the speed and no bit.
      """,
    version: "signet \(BuildInformation.description)",
    subcommands: [
      Reproduce.self, Train.self, RecipeCommand.self, RunsCommand.self, Show.self, Diff.self, Collect.self,
      ReportRuns.self,
      Evaluate.self, Predict.self, Pack.self, Export.self, Import.self, SweepCommand.self, Devices.self,
      DataCommand.self, FixturesCommand.self,
      Verify.self, GoldenCommand.self, Benchmark.self, NightCommand.self,
    ])
}

@main
enum Main {
  static func main() {
    StandardDescriptors.secure()
    signet_keep_memory()
    do {
      if let problem = signet_kernels_variant_error() { throw ValidationError(String(cString: problem)) }
      var command = try Signet.parseAsRoot()
      try command.run()
    } catch {
      stop(error)
    }
  }

  /// Reports an error in one line on standard error, and exits with its code; help and version go to standard output.
  private static func stop(_ error: any Error) -> Never {
    if let code = ExitStatus(of: error) { exit(with: code.rawValue, "\(error)") }
    let (code, message) = (Signet.exitCode(for: error), Signet.fullMessage(for: error))
    guard code.isSuccess else {
      // A command that has already reported its findings ends with a code only.
      if message.isEmpty { Foundation.exit(code.rawValue) }
      // The parser has 1 for every error of the system; here, 1 says that something is worse.
      if code == .failure {
        exit(with: ExitStatus.inputOutput.rawValue, "the system: expected no error, found: \(reason(of: error))")
      }
      exit(with: code.rawValue, "\(joiningValues(Signet.message(for: error))) (see: signet help)")
    }
    do {
      try StandardOutput.print(message)
    } catch {
      exit(with: ExitStatus.inputOutput.rawValue, "\(error)")
    }
    Foundation.exit(0)
  }

  /// A message as one line: its list of values, if it has one, is joined with commas.
  private static func joiningValues(_ message: String) -> String {
    let lines = message.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let values = lines.filter { $0.hasPrefix("- ") }.map { $0.dropFirst(2) }
    return (lines.filter { !$0.hasPrefix("- ") } + [values.joined(separator: ", ")]).joined(separator: " ")
      .trimmingCharacters(in: .whitespaces)
  }

  private static func exit(with code: Int32, _ message: String) -> Never {
    notice(message)
    Foundation.exit(code)
  }
}
