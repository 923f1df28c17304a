import Experiments
import Foundation
import TestSupport
import Testing
import Training

@Suite("Results files that several processes use")
struct ResultsFileTests {
  @Test("a record is added only when no one else reads the file any more")
  func lock() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("results.jsonl")
    let record = Sweep.Record(
      experiment: "digits", seed: 1, realEpochs: 2,
      result: NetworkResult(
        network: .real, weights: "real", activation: "tanh", epochs: 2, bestEpoch: 1, validationError: 0.25,
        testError: 0.125, seconds: 1, parametersSHA256: "ab"))
    try ResultsFile(path: path).prepare()
    let reader = open(path, O_RDONLY | O_CLOEXEC)
    defer { close(reader) }
    try #require(reader >= 0 && flock(reader, LOCK_SH) == 0)
    let isAdded = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      _ = try? ResultsFile(path: path).append(record)
      isAdded.signal()
    }
    let result = isAdded.wait(timeout: .now() + 0.2)
    #expect(try folder.bytes(of: "results.jsonl").isEmpty)
    try #require(flock(reader, LOCK_UN) == 0)
    if result == .timedOut { isAdded.wait() }
    #expect(try ResultsFile(path: path).records() == [record])
  }
}
