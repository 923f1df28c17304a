import Files
import Foundation

/// The commands of the workload manager Slurm that a sweep calls: `sbatch`, `squeue` and `scancel`, of version 20.11 or newer.
package struct Slurm: Sendable {
  /// What is passed on to `sbatch`.
  package struct Options: Sendable, Equatable {
    package var partition, gres, time: String?
    package var processors = 1

    package init(partition: String? = nil, gres: String? = nil, time: String? = nil, processors: Int = 1) {
      (self.partition, self.gres, self.time, self.processors) = (partition, gres, time, processors)
    }

    /// The arguments of `sbatch`.
    var arguments: [String] {
      [("--partition", partition), ("--gres", gres), ("--time", time), ("--cpus-per-task", "\(processors)")]
        .compactMap { option, value in value.map { "\(option)=\($0)" } }
    }
  }

  /// A task of a job array that is waiting or running.
  package struct Task: Sendable, Equatable {
    /// The array's number, and the task's within it.
    package let array, index: Int
    /// The array's name.
    package let name: String
  }

  /// The tasks that an array may have where `MaxArraySize` was not set: the indices are below 1,001.
  static let largestArray = 1000

  package init() {}

  /// Submits a job array.
  ///
  /// - Parameters:
  ///   - name: the array's name.
  ///   - script: the file of the batch script.
  ///   - count: the number of tasks.
  ///   - start: a task of another array that has to succeed first.
  ///   - output: where Slurm's own messages about a task go.
  /// - Returns: the array's number.
  /// - Throws: `SlurmError`
  func submit(
    _ name: String, script: String, count: Int, after start: Task?, output: String, _ options: Options
  ) throws -> Int {
    let arguments =
      [
        "--parsable", "--job-name=\(name)", "--array=0-\(count - 1)", "--output=\(output)", "--open-mode=append",
        "--requeue", "--signal=B:TERM@60",
      ] + options.arguments
      + (start.map { ["--kill-on-invalid-dep=yes", "--dependency=afterok:\($0.array)_\($0.index)"] } ?? []) + [script]
    let answer = try Self.run("sbatch", arguments)
    // NUMBER, or NUMBER;CLUSTER.
    guard
      let number = answer.split(separator: ";").first.flatMap({
        Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
      })
    else { throw SlurmError(command: "sbatch", expected: "a job's number", found: answer) }
    return number
  }

  /// This user's tasks that are waiting or running, of arrays whose names begin with `prefix`.
  ///
  /// - Throws: `SlurmError`
  func tasks(prefix: String) throws -> [Task] {
    try Self.tasks(
      in: Self.run("squeue", ["--noheader", "--array", "--user=\(getuid())", "--format=%F|%K|%T|%j"]), prefix: prefix)
  }

  /// The tasks that `squeue` lists in this form: `ARRAY|INDEX|STATE|NAME`.
  package static func tasks(in text: String, prefix: String) throws(SlurmError) -> [Task] {
    let ended: Set<Substring> = [
      "BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "TIMEOUT",
    ]
    var tasks: [Task] = []
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: "|", maxSplits: 3, omittingEmptySubsequences: false)
      guard parts.count == 4, parts[3].hasPrefix(prefix) else { continue }
      guard let array = Int(parts[0]), let index = Int(parts[1]) else {
        throw SlurmError(command: "squeue", expected: "an array's number and a task's", found: String(line))
      }
      if !ended.contains(parts[2]) { tasks.append(Task(array: array, index: index, name: String(parts[3]))) }
    }
    return tasks
  }

  /// Cancels tasks, and no others of their arrays.
  ///
  /// - Throws: `SlurmError`
  func cancel(_ tasks: [Task]) throws {
    // All tasks of an array in one argument, such as 7_[0,2], are one request to Slurm's controller.
    let arguments = Dictionary(grouping: tasks, by: \.array).sorted { $0.key < $1.key }.map { array, tasks in
      "\(array)_[\(tasks.map(\.index).sorted().map(String.init).joined(separator: ","))]"
    }
    _ = try Self.run("scancel", arguments)
  }

  /// What a command prints.
  private static func run(_ command: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [command] + arguments
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    process.standardInput = FileHandle.nullDevice
    do throws(ProgramStartError) {
      try process.start(command)
    } catch {
      throw SlurmError(command: command, expected: "to start", found: error.reason)
    }
    // Neither prints as much as a pipe holds but for squeue's list, which is read first.
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationReason == .exit && process.terminationStatus == 0 else {
      let found = String(decoding: complaint, as: UTF8.self).split(separator: "\n").last.map(String.init)
      throw SlurmError(
        command: command, expected: "exit code 0", found: found ?? "\(process.terminationStatus)")
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// A command of Slurm did not do what it was asked for.
package struct SlurmError: Error, Equatable, CustomStringConvertible {
  package let command, expected, found: String

  package init(command: String, expected: String, found: String) {
    (self.command, self.expected, self.found) = (command, expected, found)
  }

  package var description: String { "\(command): expected \(expected), found: \(found)" }
}
