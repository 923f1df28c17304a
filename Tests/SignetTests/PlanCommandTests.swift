import Foundation
import TestSupport
import Testing

/// Sweeps whose networks have run directories of their own, of a plan or of one experiment, trained by processes or by Slurm.
@Suite("Sweeps with run directories, and plans")
struct PlanCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let plan = """
    {"trainings": [
      {"experiment": "digits", "networks": ["real", "discrete-sign", "discrete-sign-from-tanh"], "weights": ["ternary", "-1,0,1/2"],
       "seeds": [1], "realEpochs": 1, "discreteEpochs": 1},
      {"experiment": "digits", "networks": ["real"], "seeds": [1, 3], "realEpochs": 1, "set": {"real.bias-learning-rate": "0.01"}},
      {"experiment": "digits", "networks": ["real"], "seeds": [1], "recipe": "RECIPE", "realEpochs": 2}
    ]}
    """

  private func plan(_ text: String = plan) throws -> String {
    let recipe = #"{"real.epochs": "7", "real.learning-rate": "0.02"}"#
    let path = try folder.write(Array(recipe.utf8), to: "recipe.json")
    return try folder.write(Array(text.replacing("RECIPE", with: path).utf8), to: "plan.json")
  }

  /// The identity of each line's network, its result and its learning curve, sorted.
  private func results(_ name: String) throws -> [String] {
    try String(contentsOfFile: folder.file(name), encoding: .utf8).split(separator: "\n").map { line in
      var object = try SignetProgram.object(String(line))
      var result = try #require(object["result"] as? [String: Any])
      result["seconds"] = nil
      object["result"] = result
      // When and where it was trained.
      object["run"] = nil
      return String(
        decoding: try JSONSerialization.data(withJSONObject: object, options: .sortedKeys), as: UTF8.self)
    }.sorted()
  }

  private func sweep(_ name: String, _ arguments: String..., environment: [String: String] = [:]) throws
    -> SignetProgram.Outcome
  {
    try SignetProgram.run(
      ["sweep", try plan(), "--quiet", "--results", folder.file("\(name).jsonl")] + arguments, environment: environment)
  }

  @Test(
    "a plan's networks have the same results in one process, in processes and by Slurm, each once; a real network is shared"
  )
  func same() throws {
    let here = try sweep("here")
    try #require(here.code == 0, "\(here.errors)")
    let lines = try results("here.jsonl")
    // real, and two networks of two grids; two more of real, and one with a recipe of other epochs.
    #expect(lines.count == 1 + 2 * 2 + 2 + 1)
    #expect(here.output.contains("digits, 1 real epoch, 1 discrete epoch\n\n| weights |"))
    #expect(here.output.contains("digits, 1 real epoch, real.bias-learning-rate 0.01\n\n| weights |"))
    let out = folder.file("runs")
    let processes = try sweep("processes", "--out", out, "--threads", "2")
    #expect(processes.code == 0 && processes.output == here.output, "\(processes.errors)")
    #expect(try results("processes.jsonl") == lines)
    let runs = try FileManager.default.contentsOfDirectory(atPath: out)
    // Each network has one run, the tanh networks that others start from, too.
    #expect(runs.count == lines.count + 2 && runs.allSatisfy { !$0.hasSuffix(".log") })
    for run in runs where run.contains("discrete") {
      let saved = try FileManager.default.contentsOfDirectory(atPath: "\(out)/\(run)").filter {
        $0.hasSuffix(".safetensors")
      }
      #expect(saved.count == 1, "\(run): \(saved)")
      let record = try SignetProgram.object(String(contentsOfFile: "\(out)/\(run)/run.json", encoding: .utf8))
      #expect((record["startedFrom"] as? [String: String])?.count == 1)
    }
    // With the results, or with the run directories, nothing is left to train.
    #expect(try sweep("processes", "--out", folder.file("none")).output == here.output)
    #expect(!FileManager.default.fileExists(atPath: folder.file("none")))
    #expect(try sweep("collected", "--out", out).output == here.output && results("collected.jsonl") == lines)

    let slurm = try sweep(
      "slurm", "--out", folder.file("slurm"), "--runner", "slurm", "--interval", "1", environment: try slurm())
    #expect(slurm.code == 0 && slurm.output == here.output, "\(slurm.errors)")
    #expect(try results("slurm.jsonl") == lines)
    let calls = try String(contentsOfFile: folder.file("calls"), encoding: .utf8).split(separator: "\n")
    // All that start from nothing, those that start from real, and those that start from a tanh network.
    #expect(calls.count == 1 + 1 + 2 && calls[0].contains("--array=0-3") && !calls[0].contains("--dependency"))
    #expect(calls[1].contains("--array=0-3") && calls[1].hasSuffix("--dependency=afterok:1_0"))
    #expect(calls.suffix(2).allSatisfy { $0.contains("--array=0-0") && $0.contains("--dependency=afterok:2_") })
  }

  @Test("a damaged run directory is one failed network: the others are trained, recorded and shown")
  func damaged() throws {
    let out = folder.file("runs")
    func sweep(_ seeds: String) throws -> SignetProgram.Outcome {
      try SignetProgram.run(
        "sweep", "digits", "--networks", "real", "--real-epochs", "1", "--seeds", seeds, "--quiet", "--out", out,
        "--results", folder.file("results \(seeds).jsonl"))
    }
    _ = try sweep("1-2").done()
    for (run, file) in zip(try FileManager.default.contentsOfDirectory(atPath: out), ["result.json", "log.jsonl"]) {
      try Data("{\n".utf8).write(to: URL(filePath: "\(out)/\(run)/\(file)"))
    }
    let outcome = try sweep("1-3")
    #expect(outcome.code == 70, "\(outcome.errors)")
    for mention in ["result.json: expected a run's results", "log.jsonl, line 1: expected a log line"] {
      #expect(outcome.errors.contains(mention), "\(outcome.errors)")
    }
    #expect(outcome.output.contains("(1 of 3)"))
    #expect(try results("results 1-3.jsonl").count == 1)
  }

  /// Commands in the place of Slurm's: `sbatch` trains the tasks before it answers, and notes its options.
  private func slurm(trains: Bool = true) throws -> [String: String] {
    let commands = [
      "sbatch": """
      echo "$*" >> '\(folder.file("arguments"))'
      options=''
      for word; do
        case $word in --array=0-*) last=${word#--array=0-}; options="$options $word" ;; --dependency=*) options="$options $word" ;; esac
      done
      echo "$options" >> '\(folder.file("calls"))'
      index=0
      while \(trains ? "[ $index -le $last ]" : "false"); do SLURM_ARRAY_TASK_ID=$index sh "$word"; index=$((index + 1)); done
      wc -l < '\(folder.file("calls"))'
      """, "squeue": "exit 0", "scancel": "exit 0",
    ]
    for (name, script) in commands { try folder.script(script, to: "bin/\(name)") }
    return ["PATH": "\(folder.file("bin")):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")"]
  }

  @Test(
    "Slurm gets the partition, the resources, the time and the processors, the training as many threads; else one processor"
  )
  func slurmOptions() throws {
    func sweep(_ seed: String, _ options: String...) throws -> (arguments: [String], record: [String: Any]) {
      let out = folder.file("runs \(seed)")
      _ = try SignetProgram.run(
        [
          "sweep", "digits", "--networks", "real", "--seeds", seed, "--real-epochs", "1", "--quiet", "--interval", "1",
          "--runner", "slurm", "--out", out,
        ] + options, environment: try slurm()
      ).done()
      let calls = try String(contentsOfFile: folder.file("arguments"), encoding: .utf8).split(separator: "\n")
      let words = try #require(calls.last).split(separator: " ").map(String.init)
      let runs = try FileManager.default.contentsOfDirectory(atPath: out).filter { $0.contains("seed-\(seed)_") }
      let run = try #require(runs.first { !$0.hasSuffix(".log") })
      return (words, try SignetProgram.object(String(contentsOfFile: "\(out)/\(run)/run.json", encoding: .utf8)))
    }
    let given = try sweep("1", "--partition", "p", "--gres", "gpu:2", "--time", "30:00", "--cpus-per-task", "3")
    for word in ["--partition=p", "--gres=gpu:2", "--time=30:00", "--cpus-per-task=3"] {
      #expect(given.arguments.contains(word), "\(given.arguments)")
    }
    #expect((given.record["host"] as? [String: Any])?["threads"] as? Int == 3)
    let plain = try sweep("2")
    #expect(plain.arguments.contains("--cpus-per-task=1"))
    #expect(!plain.arguments.contains { word in ["--partition", "--gres", "--time"].contains { word.hasPrefix($0) } })
    #expect((plain.record["host"] as? [String: Any])?["threads"] as? Int == 1)
  }

  @Test(
    "a training that Slurm never finishes is given up after its retries, 3 by default, and so is what starts from it",
    arguments: [([], 3), (["--retries", "1"], 1)])
  func givesUp(options: [String], retries: Int) throws {
    let outcome = try SignetProgram.run(
      [
        "sweep", "digits", "--networks", "discrete-sign", "--weights", "ternary", "--seeds", "1", "--out",
        folder.file("runs"), "--runner", "slurm", "--interval", "1", "--quiet",
      ] + options, environment: try slurm(trains: false))
    #expect(outcome.code == 70, "\(outcome.errors)")
    #expect(outcome.errors.contains("digits_real_seed-1_") && outcome.errors.contains("no task of Slurm finished it"))
    #expect(outcome.errors.contains("which it starts from, was not trained"))
    let calls = try String(contentsOfFile: folder.file("calls"), encoding: .utf8).split(separator: "\n")
    #expect(calls.filter { !$0.contains("--dependency") }.count == 1 + retries)
  }

  @Test("without Slurm, the command that is missing is named")
  func noSlurm() throws {
    let outcome = try SignetProgram.run(
      "sweep", "digits", "--out", folder.file("runs"), "--runner", "slurm", "--quiet",
      environment: ["PATH": folder.file("empty")])
    #expect(outcome.code == 69 && outcome.errors.contains("squeue: expected exit code 0, found"), "\(outcome.errors)")
  }

  @Test(
    "what is wrong with a plan is named by its place",
    arguments: [
      (#"{"trainings": []}"#, "expected trainings, found none", 65), ("[", "expected a plan", 65),
      (#"{"training": []}"#, "found training, which is unknown", 65),
      (#"{"trainings": [{"experiment": "digit"}]}"#, "trainings[0].experiment", 65),
      (
        #"{"trainings": [{"experiment": "digits"}, {"experiment": "digits", "weight": ["ternary"], "seeds": []}]}"#,
        "found trainings[1].weight, which is unknown", 65
      ),
      (#"{"trainings": [{"experiment": "digits", "weights": ["tern"]}]}"#, "trainings[0].weights", 65),
      (#"{"trainings": [{"experiment": "digits", "networks": ["real", "real"]}]}"#, "trainings[0].networks", 65),
      (#"{"trainings": [{"experiment": "digits", "seeds": [1, 1]}]}"#, "trainings[0].seeds", 65),
      (#"{"trainings": [{"experiment": "digits", "seeds": [-1]}]}"#, "an invalid value for trainings[0].seeds", 65),
      (#"{"trainings": [{"experiment": "digits", "realEpochs": 0}]}"#, "trainings[0].realEpochs", 65),
      (#"{"trainings": [{"experiment": "digits", "set": {"batch": "5"}}]}"#, "found batch", 65),
      (#"{"trainings": [{"experiment": "digits", "withoutExtra": true}]}"#, "trainings[0].withoutExtra", 65),
      (#"{"trainings": [{"experiment": "mnist"}]}"#, "trainings[0].data: expected a directory", 65),
    ])
  func wrong(text: String, mention: String, code: Int32) throws {
    let outcome = try SignetProgram.run("sweep", plan(text), "--quiet")
    #expect(outcome.code == code && outcome.errors.contains(mention), "\(outcome.errors)")
  }

  @Test(
    "options that belong in the plan, or to Slurm, are refused beside it",
    arguments: [
      (["--weights", "ternary"], "--weights"), (["--seeds", "1"], "--seeds"), (["--data", "d"], "--data"),
      (["--real-epochs", "1"], "--real-epochs"), (["--discrete-epochs", "1"], "--discrete-epochs"),
      (["--networks", "real"], "--networks"), (["--recipe", "thesis"], "--recipe"),
      (["--set", "batch-size=5"], "--set"),
      (["--without-extra"], "--without-extra: expected it in the trainings of"),
      (["--partition", "p"], "--partition: expected --runner slurm"), (["--gres", "gpu"], "--gres: expected --runner"),
      (["--time", "30:00"], "--time: expected --runner"), (["--retries", "2"], "--retries: expected --runner"),
      (["--interval", "5"], "--interval: expected --runner"),
      (["--cpus-per-task", "2"], "--cpus-per-task: expected --runner"), (["--runner", "slurm"], "--out"),
      (["--runner", "slurm", "--out", "runs", "--retries", "1001"], "--retries: expected"),
      (["--runner", "slurm", "--out", "runs", "--interval", "0"], "--interval: expected"),
      (["--runner", "slurm", "--out", "runs", "--cpus-per-task", "0"], "--cpus-per-task: expected"),
      (["--runner", "slurm", "--out", "runs", "--threads", "2"], "--threads: expected none with --runner slurm"),
    ])
  func refused(options: [String], mention: String) throws {
    let outcome = try SignetProgram.run(["sweep", try plan(), "--quiet"] + options)
    #expect(outcome.code == 64 && outcome.errors.contains(mention), "\(outcome.errors)")
  }
}
