import Experiments
import Files
import Foundation
import TestSupport
import Testing
import Training

@Suite("Slurm: its queue, and what it runs") struct SlurmTests {
  @Test("of the queue, tasks that wait or run count, of the folder's arrays")
  func queue() throws {
    let text = """
      12|0|RUNNING|signet-a-1
      12|1|PENDING|signet-a-1
      12|2|COMPLETING|signet-a-1
      12|3|COMPLETED|signet-a-1
      12|4|NODE_FAIL|signet-a-1
      13|0|RUNNING|signet-b-1
      14|N/A|RUNNING|another
      15|0|REQUEUED|signet-a-2|3

      """
    let tasks = try Slurm.tasks(in: text, prefix: "signet-a-")
    #expect(
      tasks.map { "\($0.array)_\($0.index) \($0.name)" } == [
        "12_0 signet-a-1", "12_1 signet-a-1", "12_2 signet-a-1", "15_0 signet-a-2|3",
      ])
    func count(_ states: String...) throws -> Int {
      try Slurm.tasks(in: states.map { "1|0|\($0)|a\n" }.joined(), prefix: "a").count
    }
    #expect(
      try count(
        "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED",
        "TIMEOUT") == 0, "those that Slurm names as ended")
    #expect(
      try count("PENDING", "RUNNING", "SUSPENDED", "CONFIGURING", "COMPLETING", "REQUEUED", "RESIZING", "STOPPED") == 8)
    #expect(
      throws: SlurmError(command: "squeue", expected: "an array's number and a task's", found: "14|N/A|RUNNING|x")
    ) {
      try Slurm.tasks(in: "14|N/A|RUNNING|x", prefix: "x")
    }
  }

  @Test("each task of a batch script becomes the program with the arguments of its job")
  func script() throws {
    let folder = try TemporaryFolder()
    let program = try folder.script("printf '%s\\n' \"$@\" >&2", to: "a program's")
    let runs = try RunFolder(folder.file("the runs"))
    let start = TrainingJob(.digits, networks: [.real], seed: 1, label: "a")
    let jobs = [start, TrainingJob(.digits, networks: [.discreteSign], seed: 1, startingFrom: [start], label: "b")]
    let runner = try SlurmRunner(
      runs, program: program, Slurm.Options(processors: 3), retries: 0, interval: .seconds(1))
    let script = try folder.write(Array(runner.batchScript(jobs).utf8), to: "script")
    for (index, job) in jobs.enumerated() {
      let process = Process()
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = [script]
      process.environment = ["SLURM_ARRAY_TASK_ID": "\(index)"]
      try process.run()
      process.waitUntilExit()
      let words = try String(contentsOfFile: runs.log(job), encoding: .utf8).split(separator: "\n").map(String.init)
      #expect(words == runs.arguments(job, threads: 3))
      #expect(words.contains("--from") == (index == 1) && words.suffix(3) == ["--out", runs.path(job), "--resume"])
    }
    #expect(start.name == "digits_real_seed-1_a" && jobs[1].name == "digits_ternary_discrete-sign_seed-1_b")
  }
}
