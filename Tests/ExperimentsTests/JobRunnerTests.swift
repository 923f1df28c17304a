import Experiments
import Files
import Foundation
import TestSupport
import Testing
import Training

@Suite("Jobs in processes of their own")
struct JobRunnerTests {
  private let folder: TemporaryFolder
  private let job = TrainingJob(.digits, networks: [.real], seed: 1)

  init() throws { folder = try TemporaryFolder() }

  /// What becomes of the job if a shell script trains it.
  private func outcomes(_ script: String, within time: Duration = .seconds(30)) throws -> [JobOutcome] {
    let program = try folder.script(script, to: "program")
    var outcomes: [JobOutcome] = []
    try JobRunner(
      JobProcesses(in: folder.file("runs"), program: program), deadline: ContinuousClock().now + time
    ).run([job]) { outcomes.append($1) }
    return outcomes
  }

  @Test("a job whose directory another process is using waits, and is not begun before the deadline")
  func inUse() throws {
    let path = try JobProcesses(in: folder.file("runs")).path(job)
    try AtomicFile.makeDirectory(path)
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    try #require(descriptor >= 0 && takeLock(on: descriptor))
    #expect(try outcomes("exit 0", within: .milliseconds(200)) == [.stopped])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("runs")) == [job.name],
      "no process was started, which would have a log")
  }

  @Test("a job whose directory is taken before its process gets it also waits")
  func taken() throws {
    let mark = folder.file("mark")
    #expect(try outcomes("[ -e '\(mark)' ] && exit 0; touch '\(mark)'; echo in use >&2; exit 75") == [.finished])
    #expect(try outcomes("exit 75", within: .milliseconds(200)) == [.stopped])
  }

  @Test("failed, finished and stopped jobs are reported as such, failed ones with their process's last line")
  func ends() throws {
    #expect(try outcomes("echo one >&2; echo two >&2; exit 65") == [.failed("two")])
    #expect(try outcomes("exit 3") == [.failed("exit code 3")])
    #expect(try outcomes("kill -9 $$") == [.failed("ended by signal 9")])
    #expect(try outcomes("echo trap >&2; kill -4 $$") == [.failed("ended by signal 4: trap")])
    // What Swift says of a crash comes after the reason.
    let account = "echo >&2; echo '*** Signal 4: Backtracing... done ***' >&2; echo took 0.04s >&2; kill -4 $$"
    let (explained, unexplained) = (try outcomes("echo no memory >&2; \(account)"), try outcomes(account))
    #expect(explained == [.failed("ended by signal 4: no memory")])
    #expect(unexplained == [.failed("ended by signal 4")])
    // A thread of a test may have blocked the signal that asks the process to end, which it then does by itself.
    #expect(try outcomes("exec sleep 3", within: .milliseconds(300)) == [.stopped])
    try AtomicFile.makeDirectory(folder.file("runs/\(job.name)"))
    try folder.write([], to: "runs/\(job.name)/result.json")
    #expect(try outcomes("exit 65") == [.finished])
  }

  @Test("a job waits for the one it starts from, and is not begun if that one failed or was not begun itself")
  func starts() throws {
    let start = TrainingJob(.digits, networks: [.real], seed: 1, label: "a")
    let next = TrainingJob(.digits, networks: [.discreteSign], seed: 1, startingFrom: [start], label: "b")
    let last = TrainingJob(.digits, networks: [.discreteSignFromTanh], seed: 1, startingFrom: [next], label: "c")
    func outcomes(_ script: String) throws -> [String] {
      let program = try folder.script(script, to: "program")
      var outcomes: [String] = []
      // Those that must wait come first.
      try JobRunner(JobProcesses(in: folder.file("runs"), program: program), slots: 2).run([last, next, start]) {
        outcomes.append("\($0.networks[0]) \($1)")
      }
      return outcomes
    }
    let mark = folder.file("mark")
    #expect(
      try outcomes("case \"$*\" in *--from*) [ -e '\(mark)' ] || exit 1 ;; *) sleep 0.3; touch '\(mark)' ;; esac")
        == ["real finished", "discreteSign finished", "discreteSignFromTanh finished"])
    let failed = try outcomes("echo no >&2; exit 65")
    #expect(
      failed == [
        #"real failed("no")"#, #"discreteSign failed("\#(start.name), which it starts from, was not trained")"#,
        #"discreteSignFromTanh failed("\#(next.name), which it starts from, was not trained")"#,
      ])
  }

  @Test("a program that does not start has failed in its job, and the others are trained")
  func notStarted() throws {
    let (program, next) = (folder.file("program"), TrainingJob(.digits, networks: [.real], seed: 2))
    var outcomes: [UInt64: JobOutcome] = [:]
    try JobRunner(JobProcesses(in: folder.file("runs"), program: program)).run([job, next]) {
      outcomes[$0.seed] = $1
      try folder.script("exit 0", to: "program")
    }
    let first = try #require(outcomes[1])
    #expect("\(first)".hasPrefix("failed(\"\(program): expected to start, found: "), "\(first)")
    #expect(outcomes.count == 2 && outcomes[2] == .finished)
  }

  @Test("however many processes have ended, none of their logs is open any more", .enabled(if: isLinux))
  func descriptors() throws {
    let program = try folder.script("exit 0", to: "program")
    let jobs = (1...5).map { TrainingJob(.digits, networks: [.real], seed: $0) }
    try JobRunner(JobProcesses(in: folder.file("runs"), program: program), slots: 5).run(jobs)
    let manager = FileManager.default
    let open = try manager.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
      try? manager.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
    }
    #expect(open.filter { $0.hasPrefix(folder.path) } == [])
  }

  /// A place where another process trains every job.
  private final class TakenPlace: JobPlace {
    /// When the jobs were to begin.
    private(set) var moments: [ContinuousClock.Instant] = []
    func isFinished(_ job: TrainingJob) -> Bool { false }
    func begin(_ job: TrainingJob) -> JobState {
      moments.append(.now)
      return .inUse
    }
  }

  @Test("a job that is in use is tried again after a second, not sooner, and progress says what is waited for")
  func patience() throws {
    let place = TakenPlace()
    var (outcomes, shown) = ([JobOutcome](), [String]())
    try JobRunner(place, deadline: ContinuousClock().now + .milliseconds(300)) { shown.append($0) }.run([job]) {
      outcomes.append($1)
    }
    #expect(outcomes == [.stopped] && !place.moments.isEmpty)
    let told = "trainings  0/1  waiting for \(job.name), which another process uses  "
    #expect(shown.first?.hasPrefix(told) == true, "\(shown)")
    let times = zip(place.moments, place.moments.dropFirst()).map { $1 - $0 }
    #expect(times.allSatisfy { $0 >= .seconds(1) }, "\(times)")
  }

  /// A place where some jobs are trained, and where none should be begun.
  private struct EndedPlace: JobPlace {
    let finished: [TrainingJob]
    func isFinished(_ job: TrainingJob) -> Bool { finished.contains(job) }
    func begin(_ job: TrainingJob) -> JobState {
      Issue.record("\(job.name) was begun")
      return .inUse
    }
  }

  @Test("when the deadline has passed, jobs that are trained are finished, and only the others are stopped")
  func deadline() throws {
    let jobs = (1...3).map { TrainingJob(.digits, networks: [.real], seed: $0) }
    var outcomes: [UInt64: JobOutcome] = [:]
    try JobRunner(EndedPlace(finished: [jobs[1]]), deadline: .now).run(jobs) { outcomes[$0.seed] = $1 }
    #expect(outcomes == [1: .stopped, 2: .finished, 3: .stopped])
  }

  @Test("an error ends the jobs that are still running before it is thrown")
  func error() throws {
    struct Refused: Error {}
    let other = TrainingJob(.digits, networks: [.real], seed: 2)
    // One writes its process's number and goes on for a while; the other is done as soon as the number is there.
    let number = folder.file("number")
    let program = try folder.script(
      """
      case "$*" in
        *'--seed 1'*) until [ -s '\(number)' ]; do sleep 0.01; done ;;
        *) echo $$ > '\(number)'; exec sleep 3 ;;
      esac
      """, to: "program")
    let runner = JobRunner(try JobProcesses(in: folder.file("runs"), program: program), slots: 2)
    #expect(throws: Refused.self) { try runner.run([job, other]) { _, _ in throw Refused() } }
    let text = try String(contentsOfFile: number, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    let process = try #require(pid_t(text))
    #expect(kill(process, 0) == -1 && errno == ESRCH, "there is no such process any more")
  }

  @Test("a job's arguments name its architecture and every constant that is changed")
  func arguments() throws {
    var experiment = Experiment.custom("6-10", on: .digits)
    experiment.batch = 20
    experiment.real.learningRate = 0.01
    #expect(
      TrainingJob(experiment, networks: [.real], seed: 2, realEpochs: 3).arguments == [
        "train", "--architecture", "6-10", "--dataset", "digits", "--networks", "real", "--real-epochs", "3", "--seed",
        "2",
        "--set", "batch-size=20", "--set", "real.learning-rate=0.01",
      ])
    // A recipe's own number of epochs counts only where none is given.
    experiment = .digits
    experiment.real.epochs = 7
    #expect(
      TrainingJob(experiment, networks: [.real], seed: 1).arguments == [
        "reproduce", "digits", "--networks", "real", "--seed", "1", "--set", "real.epochs=7",
      ])
    #expect(
      TrainingJob(experiment, networks: [.real], seed: 1, realEpochs: 3).arguments == [
        "reproduce", "digits", "--networks", "real", "--real-epochs", "3", "--seed", "1",
      ])
    // SVHN without extra is the catalogue's experiment with an option.
    var svhn = try #require(Experiment.svhn.withoutExtra)
    svhn.batch = 30
    #expect(
      TrainingJob(svhn, networks: [.real], seed: 1, data: "d").arguments == [
        "reproduce", "svhn", "--without-extra", "--data", "d", "--networks", "real", "--seed", "1", "--set",
        "batch-size=30",
      ])
  }

  @Test("progress names the running jobs, and how far each is by the end of its log")
  func progress() throws {
    func line(_ epoch: Int) -> String {
      """
      {"version":1,"type":"epoch","epoch":{"report":{"network":"real","epoch":\(epoch),"epochs":30,"loss":1,"trainingError":0.5,\
      "validationError":0.5,"isBest":true,"stepScale":1,"lossBits":""},"parametersSHA256":"","seconds":1}}

      """
    }
    func shown(_ log: String) throws -> String? {
      try folder.write(Array(log.utf8), to: "runs/\(job.name)/log.jsonl")
      // The process runs until its progress is shown.
      let mark = folder.file("mark")
      try? FileManager.default.removeItem(atPath: mark)
      let program = try folder.script("until [ -e '\(mark)' ]; do sleep 0.01; done", to: "program")
      var shown: [String] = []
      try JobRunner(JobProcesses(in: folder.file("runs"), program: program)) {
        shown.append($0)
        _ = FileManager.default.createFile(atPath: mark, contents: nil)
      }.run([job])
      return shown.first
    }
    try AtomicFile.makeDirectory(folder.file("runs/\(job.name)"))
    #expect(try shown(line(1) + line(2) + line(3).dropLast(9)) == "trainings  0/1  \(job.name) (real 2/30)")
    #expect(try shown("") == "trainings  0/1  \(job.name)")
    let long = String(repeating: " ", count: 2 << 20) + "\n"
    #expect(try shown(long + line(7)) == "trainings  0/1  \(job.name) (real 7/30)")
  }
}
