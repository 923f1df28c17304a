import Experiments
import Files
import Foundation
import Nightly
import TestSupport
import Testing

@Suite("A night's trainings in processes of their own")
struct TrainingJobsTests {
  @Test("a job whose directory another process has waits, and is not begun in the night's time")
  func inUse() throws {
    let folder = try TemporaryFolder()
    let job = TrainingPlan.fixtures[0]
    let jobs = TrainingJobs(
      directory: folder.path, slots: 1, deadline: ContinuousClock().now + .milliseconds(200), interruption: nil
    ) { _ in }
    try AtomicFile.makeDirectory(jobs.path(job))
    let descriptor = open(jobs.path(job), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(descriptor) }
    try #require(descriptor >= 0 && takeLock(on: descriptor))
    var outcomes: [TrainingJobs.Outcome] = []
    try jobs.run([job]) { outcomes.append($1) }
    #expect(outcomes == [.stopped])
    #expect(try folder.names == [job.name], "no process was started, which would have a log")
  }
}
