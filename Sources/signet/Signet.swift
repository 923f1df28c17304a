import ArgumentParser
import Benchmarking
import Datasets
import Fetching
import Foundation
import Kernels
import Training
import Verification

/// The version of the program, which every result names.
let signetVersion = "0.1.0"

struct Signet: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "signet",
    abstract: "Trains neural networks with discrete weights and sign activations, the same bits on every machine.",
    discussion: """
      The method is that of Roth et al., "Training Discrete-Valued Neural Networks with Sign Activations Using Weight \
      Distributions", ECML PKDD 2019.

      Exit codes: 0 done; 1 a night or a comparison found something worse; 3 a night is incomplete; 4 a night is empty; 64 wrong usage; 65 bad data or not verified; 69 a download failed; 70 training failed (a loss that is not \
      finite); 74 a file could not be read or written; 130 and 143 stopped by SIGINT or SIGTERM.

      Environment: SIGNET_KERNELS=plain|avx2|avx512 chooses the variant of the arithmetic kernels instead of the fastest \
      that the processor has. It changes the speed and no bit.
      """,
    version: signetVersion,
    subcommands: [
      Reproduce.self, Train.self, RunsCommand.self, Show.self, Diff.self, Evaluate.self, SweepCommand.self,
      DataCommand.self, FixturesCommand.self,
      Verify.self, GoldenCommand.self, Benchmark.self, NightCommand.self,
    ])
}

@main
enum Main {
  static func main() {
    do {
      if let problem = signet_kernels_variant_error() { throw ValidationError(String(cString: problem)) }
      var command = try Signet.parseAsRoot()
      try command.run()
    } catch {
      stop(error)
    }
  }

  /// Tells what went wrong in one line on standard error and exits with its code; help and version go to standard output.
  private static func stop(_ error: any Error) -> Never {
    switch error {
    case let error as DataError:
      exit(with: error.isInputOutput ? 74 : 65, "\(error)")
    case is FileWriteError, is ResultsLockError:
      exit(with: 74, "\(error)")
    case let error as RunDirectoryError:
      exit(with: error.isInputOutput ? 74 : 65, "\(error)")
    case let error as InterruptionError:
      exit(with: error.exitCode, "\(error)")
    case let error as ResultsFileError:
      exit(with: error.isInputOutput ? 74 : 65, "\(error)")
    case let error as FetchError:
      exit(with: error.exitCode, "\(error)")
    case let error as SafetensorsError:
      exit(with: error.isInputOutput ? 74 : 65, "\(error)")
    case is NetworkFileError, is SavedNetworkError, is DirectoryCheckError, is NotVerified, is GoldenError,
      is BenchmarkFileError:
      exit(with: 65, "\(error)")
    case is ArchitectureError, is MethodError:
      exit(with: 64, "\(error)")
    case let error as TrainingError:
      exit(with: 70, "\(error)")
    default:
      let code = Signet.exitCode(for: error)
      guard code == .validationFailure else { Signet.exit(withError: error) }
      exit(with: code.rawValue, "\(oneLine(Signet.message(for: error))) (see: signet help)")
    }
  }

  /// A message whose list of values, if it has one, stands in lines of their own.
  private static func oneLine(_ message: String) -> String {
    let lines = message.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let values = lines.filter { $0.hasPrefix("- ") }.map { $0.dropFirst(2) }
    return (lines.filter { !$0.hasPrefix("- ") } + [values.joined(separator: ", ")]).joined(separator: " ")
      .trimmingCharacters(in: .whitespaces)
  }

  private static func exit(with code: Int32, _ message: String) -> Never {
    FileHandle.standardError.write(Data("signet: \(message)\n".utf8))
    Foundation.exit(code)
  }
}
