import Foundation
import TestSupport
import Testing

/// Commands in the place of Slurm's, whose tasks wait for ever, until they are cancelled.
@Suite("Job arrays of Slurm: what they wait for, and what becomes of them when a sweep is stopped")
struct SlurmArrayTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    // With the last array, the sweep is stopped.
    try submit(andThen: "[ $number -lt 3 ] || kill -TERM $PPID")
    try folder.script("[ ! -e '\(folder.file("queue"))' ] || cat '\(folder.file("queue"))'", to: "bin/squeue")
    try folder.script(
      "echo \"$*\" >> '\(folder.file("cancelled"))'; rm '\(folder.file("queue"))'", to: "bin/scancel")
  }

  /// An `sbatch` that adds its array to the queue, and then runs a command.
  private func submit(andThen command: String) throws {
    try folder.script(
      """
      echo "$*" >> '\(folder.file("arguments"))'
      number=$(($(cat '\(folder.file("arrays"))' 2> /dev/null | wc -l) + 1))
      start=nothing
      for word; do
        case $word in
          --job-name=*) name=${word#*=} ;;
          --array=0-*) last=${word##*-} ;;
          --dependency=*) start=${word#*=} ;;
        esac
      done
      echo "0-$last after $start" >> '\(folder.file("arrays"))'
      index=0
      while [ $index -le $last ]; do
        echo "$number|$index|PENDING|$name" >> '\(folder.file("queue"))'
        index=$((index + 1))
      done
      \(command)
      echo $number
      """, to: "bin/sbatch")
  }

  private func lines(_ name: String) throws -> [String] {
    try String(contentsOfFile: folder.file(name), encoding: .utf8).split(separator: "\n").map(String.init)
  }

  private func sweep(
    _ network: String = "discrete-sign", weights: [String] = ["--weights", "ternary"], seeds: String = "1,2",
    options: [String] = []
  ) throws -> SignetProgram.Outcome {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return try SignetProgram.run(
      ["sweep", "digits", "--networks", network] + weights
        + ["--seeds", seeds, "--quiet", "--interval", "1", "--runner", "slurm", "--out", folder.file("runs")] + options,
      environment: ["PATH": "\(folder.file("bin")):\(path)"])
  }

  @Test("each array waits for the very task that it starts from; a stopped sweep cancels all of its tasks")
  func stopped() throws {
    let outcome = try sweep()
    // A sweep has no --resume: whatever is done is not done again.
    #expect(outcome.code == 143 && outcome.errors.contains("stopped by SIGTERM; the same command continues"))
    // The real networks of both seeds, and then the discrete network of each.
    #expect(try lines("arrays") == ["0-1 after nothing", "0-0 after afterok:1_0", "0-0 after afterok:1_1"])
    for arguments in try lines("arguments") {
      let words = arguments.split(separator: " ")
      for word in ["--requeue", "--signal=B:TERM@60", "--open-mode=append"] {
        #expect(words.contains(word[...]), "\(arguments)")
      }
      // What waits for a training that fails would wait for ever.
      let isWaiting = words.contains { $0.hasPrefix("--dependency=") }
      #expect(words.contains("--kill-on-invalid-dep=yes") == isWaiting, "\(arguments)")
    }
    try #require(folder.names.contains("cancelled"))
    #expect(try lines("cancelled") == ["1_[0,1] 2_[0] 3_[0]"] && !folder.names.contains("queue"))
  }

  @Test("an array has at most 1,000 tasks, as many as Slurm takes where nobody has changed that")
  func large() throws {
    let outcome = try sweep("real", weights: [], seeds: "1-2001")
    #expect(outcome.code == 143, "\(outcome.errors)")
    #expect(try lines("arrays") == ["0-999 after nothing", "0-999 after nothing", "0-0 after nothing"])
    let indices = (0..<1000).map(String.init).joined(separator: ",")
    #expect(try lines("cancelled") == ["1_[\(indices)] 2_[\(indices)] 3_[0]"])
  }

  @Test("a stopped sweep cancels its own tasks only, and not those of another sweep in the same array")
  func othersStay() throws {
    // The first sweep does not live to see its tasks; the second one is stopped when it has found its task among them.
    try submit(andThen: "kill -KILL $PPID")
    #expect(try sweep("real", weights: [], seeds: "1-3").code == SIGKILL)
    try folder.script(
      """
      [ ! -e '\(folder.file("queue"))' ] || cat '\(folder.file("queue"))'
      [ -e '\(folder.file("seen"))' ] || kill -TERM $PPID
      touch '\(folder.file("seen"))'
      """, to: "bin/squeue")
    let outcome = try sweep("real", weights: [], seeds: "2")
    #expect(outcome.code == 143 && outcome.errors.contains("stopped by SIGTERM"), "\(outcome.errors)")
    #expect(try lines("arrays") == ["0-2 after nothing"], "what is in the queue is not submitted again")
    #expect(try lines("cancelled") == ["1_[1]"])
  }

  @Test("a stopped sweep cancels its tasks although Slurm does not answer at first")
  func stoppedWithoutAnswer() throws {
    for command in ["squeue", "scancel"] {
      let script = try String(contentsOfFile: folder.file("bin/\(command)"), encoding: .utf8)
      let silent = "\(folder.file("silent"))-\(command)"
      try folder.script(
        """
        if [ -e '\(folder.file("queue"))' ] && [ ! -e '\(silent)' ]; then
          touch '\(silent)'
          echo no answer >&2
          exit 1
        fi
        \(script)
        """, to: "bin/\(command)")
    }
    let outcome = try sweep()
    #expect(outcome.code == 143 && outcome.errors.contains("stopped by SIGTERM"), "\(outcome.errors)")
    #expect(try folder.names.filter { $0.hasPrefix("silent-") }.count == 2)
    #expect(try lines("cancelled") == ["1_[0,1] 2_[0] 3_[0]"])
  }

  @Test("a sweep whose results file cannot be written any more cancels the tasks that are left, and names the file")
  func unwritableResults() throws {
    let results = folder.file("results.jsonl")
    // The first task is trained at once; the second one waits.
    try submit(
      andThen: """
        SLURM_ARRAY_TASK_ID=0 sh "$word"
        echo "$number|1|PENDING|$name" > '\(folder.file("queue"))'
        rm '\(results)'
        mkdir '\(results)'
        """)
    let outcome = try sweep("real", weights: [], options: ["--real-epochs", "1", "--results", results])
    outcome.expectFailure(74, ["\(results): expected a regular file or none"])
    #expect(try lines("cancelled") == ["1_[1]"] && !folder.names.contains("queue"))
  }

  @Test("a second signal of the same kind ends the sweep at once, while its tasks are being cancelled")
  func stoppedTwice() throws {
    try folder.script("rm '\(folder.file("queue"))'; kill -TERM $PPID", to: "bin/scancel")
    let outcome = try sweep()
    #expect(outcome.isCrash && outcome.code == SIGTERM, "\(outcome.code): \(outcome.errors)")
  }
}
