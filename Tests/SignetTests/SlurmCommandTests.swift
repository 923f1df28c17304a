import Foundation
import TestSupport
import Testing

/// Commands in the place of Slurm's, which answer in the form that they are asked for.
@Suite("Trainings that wait or run as tasks of Slurm")
struct SlurmCommandTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// An `squeue` that lists the submitted task by these lines when it is looked for once; looked for again, the task has just ended.
  private func listOnce(_ listing: String) throws {
    try folder.script(
      """
      [ -e '\(folder.file("names"))' ] || exit 0
      if [ -e '\(folder.file("seen"))' ]; then
        SLURM_ARRAY_TASK_ID=0 sh '\(folder.file("task"))'
        exit
      fi
      touch '\(folder.file("seen"))'
      \(listing)
      """, to: "bin/squeue")
  }

  @Test("a training whose task Slurm lists is waited for, and neither submitted again nor given up")
  func waiting() throws {
    try folder.script(
      """
      printf '%s\n' "$@" > '\(folder.file("submitted"))'
      for word; do
        case $word in --job-name=*) echo "${word#--job-name=}" >> '\(folder.file("names"))' ;; esac
      done
      cp "$word" '\(folder.file("task"))'
      echo '7;a-cluster'
      """, to: "bin/sbatch")
    try listOnce(
      """
      for word; do
        case $word in --format=*) form=${word#--format=} ;; esac
      done
      echo "$form" | sed "s/%F/7/; s/%K/0/; s/%T/RUNNING/; s/%j/$(cat '\(folder.file("names"))')/"
      """)
    let begin = ContinuousClock.now
    let outcome = try sweep(out: folder.file("50%j of 100%"))
    #expect(outcome.code == 0, "\(outcome.errors)")
    // Between two looks lies a second at least.
    #expect(ContinuousClock.now - begin >= .seconds(1))
    let names = try String(contentsOfFile: folder.file("names"), encoding: .utf8).split(separator: "\n")
    #expect(names.count == 1 && names[0].hasPrefix("signet-"), "\(names)")
    // Slurm replaces %a by the number of a task, and %% by a percent sign.
    let words = try String(contentsOfFile: folder.file("submitted"), encoding: .utf8).split(separator: "\n")
    #expect(words.contains("--output=\(folder.file("50%%j of 100%%"))/slurm/\(names[0])-%a.out"), "\(words)")
  }

  /// An epoch of the training that is not its last.
  private static let epoch = #"""
    {"version":1,"type":"epoch","epoch":{"report":{"network":"real","epoch":1,"epochs":9,"loss":1,"trainingError":0,\#
    "validationError":1,"isBest":true,"stepScale":1,"lossBits":""},"parametersSHA256":"","seconds":7}}
    """#

  @Test(
    "a training that stops is submitted again, whatever the retries, if it has done an epoch or a checkpoint; a squeue that fails is asked again",
    arguments: [
      ("mkdir -p $run; echo '\(epoch)' > $run/log.jsonl", 2), ("mkdir -p $run; touch $run/checkpoint.safetensors", 2),
      ("echo no answer >&2; exit 1", 1),
    ])
  func goesOn(meanwhile: String, submissions: Int) throws {
    try folder.script(
      """
      echo >> '\(folder.file("submissions"))'
      for word; do cp "$word" '\(folder.file("task"))' 2> /dev/null; done
      echo 7
      """, to: "bin/sbatch")
    // Looked for once after it was submitted, the task has stopped; looked for again, it has ended.
    try folder.script(
      """
      [ -e '\(folder.file("task"))' ] || exit 0
      set -- '\(folder.file("runs"))'/slurm/*.json
      run='\(folder.file("runs"))/'$(tr -cd '[:alnum:]_-' < "$1")
      if [ -e '\(folder.file("seen"))' ]; then
        rm -rf "$run"
        SLURM_ARRAY_TASK_ID=0 sh '\(folder.file("task"))'
        exit
      fi
      touch '\(folder.file("seen"))'
      \(meanwhile)
      """, to: "bin/squeue")
    let outcome = try sweep(out: folder.file("runs"))
    #expect(outcome.code == 0 && outcome.output.contains("| real | "), "\(outcome.errors)")
    #expect(try folder.bytes(of: "submissions").count == submissions)
  }

  /// Trains a real network, with the commands in the folder as Slurm's.
  private func sweep(out: String) throws -> SignetProgram.Outcome {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return try SignetProgram.run(
      "sweep", "digits", "--networks", "real", "--seeds", "1", "--real-epochs", "1", "--quiet", "--interval", "1",
      "--runner", "slurm", "--retries", "0", "--out", out, environment: ["PATH": "\(folder.file("bin")):\(path)"])
  }

  @Test("a sweep that was killed finds its task in the queue when it is called again, however its directory is written")
  func foundAgain() throws {
    // The first call does not live to see its task.
    try folder.script(
      """
      for word; do
        case $word in --job-name=*) echo "${word#--job-name=}" >> '\(folder.file("names"))' ;; esac
        cp "$word" '\(folder.file("task"))' 2> /dev/null
      done
      echo 7
      [ "$(wc -l < '\(folder.file("names"))')" -gt 1 ] || kill -9 $PPID
      """, to: "bin/sbatch")
    // The second one sees it running, and then ended.
    try listOnce(#"echo "7|0|RUNNING|$(head -n 1 '\#(folder.file("names"))')""#)
    let killed = try sweep(out: folder.file("runs"))
    #expect(killed.isCrash && killed.code == SIGKILL)
    let again = try sweep(out: folder.file("bin/../runs"))
    #expect(again.code == 0 && again.output.contains("| real | "), "\(again.errors)")
    let names = try String(contentsOfFile: folder.file("names"), encoding: .utf8).split(separator: "\n")
    #expect(names.count == 1, "what is in the queue is not submitted again: \(names)")
  }

  @Test("trainings that Slurm refuses to take once are submitted again")
  func refusedOnce() throws {
    try folder.script(
      """
      [ -e '\(folder.file("refused"))' ] || { touch '\(folder.file("refused"))'; echo 'no jobs now' >&2; exit 1; }
      for word; do cp "$word" '\(folder.file("task"))' 2> /dev/null; done
      echo 7
      """, to: "bin/sbatch")
    try folder.script(
      "[ ! -e '\(folder.file("task"))' ] || SLURM_ARRAY_TASK_ID=0 sh '\(folder.file("task"))'", to: "bin/squeue")
    let outcome = try sweep(out: folder.file("runs"))
    #expect(outcome.code == 0 && outcome.output.contains("| real | "), "\(outcome.errors)")
    #expect(try folder.names.contains("refused"))
  }
}
