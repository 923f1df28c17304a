import ArgumentParser
import Experiments
import Files

/// `--runner` and what belongs to it.
struct RunnerOptions: ParsableArguments {
  enum Runner: String, ExpressibleByArgument, CaseIterable { case processes, slurm }

  @Option(
    help: ArgumentHelp(
      "What trains the networks of --out.",
      discussion: """
        processes: this command, on this machine. slurm: job arrays of Slurm, whose nodes see --out, the data and this \
        program under the same paths. The command waits until all have ended; when it is interrupted, it cancels the tasks of \
        its own networks.
        """))
  var runner = Runner.processes

  @Option(help: ArgumentHelp("Slurm's partition.", valueName: "name"))
  var partition: String?

  @Option(
    name: .customLong("cpus-per-task"),
    help: ArgumentHelp("Processors, and threads, of each training by Slurm. Default: 1.", valueName: "n"))
  var processors: Int?

  @Option(help: ArgumentHelp("Slurm's generic resources of each training.", valueName: "list"))
  var gres: String?

  @Option(
    help: ArgumentHelp("Slurm's time limit of a task; the training goes on in another one.", valueName: "time"))
  var time: String?

  @Option(
    help: ArgumentHelp(
      "How often a training that ended early is submitted again without having advanced. Default: 3.", valueName: "n"))
  var retries: Int?

  @Option(help: ArgumentHelp("Seconds between looks at Slurm's queue. Default: 10.", valueName: "seconds"))
  var interval: Int?

  /// - Parameters:
  ///   - out: the directory of `--out`.
  ///   - threads: the number of `--threads`.
  /// - Throws: `ValidationError`
  func validate(out: String?, threads: Int?) throws {
    try require("--cpus-per-task", processors, in: 1...1024)
    try require("--retries", retries, in: 0...1000)
    try require("--interval", interval, in: 1...3600)
    if runner == .slurm {
      if out == nil { throw ValidationError("--runner slurm: expected --out DIR, found none") }
      if threads != nil {
        throw ValidationError("--threads: expected none with --runner slurm, whose trainings have --cpus-per-task")
      }
      return
    }
    if let option = firstGiven([
      "--partition": partition != nil, "--cpus-per-task": processors != nil, "--gres": gres != nil,
      "--time": time != nil, "--retries": retries != nil, "--interval": interval != nil,
    ]) {
      throw ValidationError("\(option): expected --runner slurm, found none")
    }
  }

  /// Trains jobs in the directories of a folder.
  ///
  /// - Parameter slots: how many at a time, on this machine.
  func run(
    _ jobs: [TrainingJob], in folder: RunFolder, slots: Int, until interruption: Interruption,
    showing line: ProgressLine, ended: (TrainingJob, JobOutcome) throws -> Void
  ) throws {
    switch runner {
    case .processes:
      try JobRunner(JobProcesses(in: folder), slots: slots, interruption: interruption) { text in
        line.update(text)
      }.run(jobs, ended: ended)
    case .slurm:
      try SlurmRunner(
        folder, Slurm.Options(partition: partition, gres: gres, time: time, processors: processors ?? 1),
        retries: retries ?? 3, interval: .seconds(interval ?? 10), interruption: interruption
      ) { text in
        line.update(text)
      }.run(jobs, ended: ended)
    }
  }
}
