import Benchmarking
import Datasets
import Exchange
import Experiments
import Fetching
import Files
import Networks
import Nightly
import PackedInference
import Tensors
import Training
import Verification
import VerificationSuites

/// The exit codes of the program, the same for every command.
enum ExitStatus: Int32, CaseIterable {
  case done = 0
  case worse = 1
  case incomplete = 3
  case empty = 4
  case usage = 64
  case data = 65
  case unavailable = 69
  case training = 70
  case inputOutput = 74
  case inUse = 75
  case hangup = 129
  case interrupt = 130
  case terminate = 143

  /// The code for an error of the program itself; nil for errors of the command-line parser.
  init?(of error: any Error) {
    switch error {
    case let error as DataError: self = error.isInputOutput ? .inputOutput : .data
    case is FileWriteError, is FileReadError, is ResultsLockError, is ResultsFolderError, is CSourceError,
      is ProgramStartError:
      self = .inputOutput
    case let error as RunDirectoryError: self = error.isInUse ? .inUse : error.isInputOutput ? .inputOutput : .data
    case let error as InterruptionError: self.init(rawValue: error.exitCode)
    case let error as ResultsFileError: self = error.isInputOutput ? .inputOutput : .data
    case let error as SettingsFileError: self = error.isInputOutput ? .inputOutput : .data
    case is SlurmError: self = .unavailable
    case let error as FetchError: self = error.exitCode
    case let error as SafetensorsError: self = error.isInputOutput ? .inputOutput : .data
    case let error as PackedFileError: self = error.isInputOutput ? .inputOutput : .data
    case let error as GoldenError: self = error.isInputOutput ? .inputOutput : .data
    case let error as MeasurementFileError: self = error.isInputOutput ? .inputOutput : .data
    case is NetworkFileError, is SavedNetworkError, is DirectoryCheckError, is NotVerified, is PackingError,
      is StartingNetworkError, is ExportError, is ImportError, is RealNetworkError,
      is NetworkStartError, is CheckpointError, is CollectionError, is NothingToCompareError:
      self = .data
    case is DeviceError: self = .unavailable
    case is ArchitectureError, is MethodError: self = .usage
    case is TrainingError, is SweepError: self = .training
    default: return nil
    }
  }

  /// The meaning of the code, worded as the end of a sentence.
  private var meaning: String {
    switch self {
    case .done: "done"
    case .worse: "a night or a comparison found something worse, or --least-share was not reached"
    case .incomplete: "a night is incomplete"
    case .empty: "a night is empty"
    case .usage: "wrong usage"
    case .data:
      "bad data, a directory that holds a run already or another one, or results that are not as they should be"
    case .unavailable:
      "a download failed, Slurm cannot be reached, or a device is missing or computes other bits than the processor"
    case .training: "training failed (a number that is not finite, or a job of a sweep)"
    case .inputOutput:
      "a file is missing or cannot be read or written, nights' results are in use, or standard output cannot be written to"
    case .inUse: "another process uses the run's directory"
    case .hangup: "stopped by SIGHUP"
    case .interrupt: "stopped by SIGINT"
    case .terminate: "stopped by SIGTERM"
    }
  }

  /// All codes, for the help text.
  static var help: String {
    "Exit codes: " + allCases.map { "\($0.rawValue) \($0.meaning)" }.joined(separator: "; ") + "."
  }
}
