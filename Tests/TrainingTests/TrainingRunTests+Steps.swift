import Datasets
import Networks
import Tensors
import Testing
import Training

extension TrainingRunTests {
  @Test("a finished training has no more steps, and a step on the caller's own batch is one of the epoch's")
  func steps() throws {
    let batch = try Self.batch()
    var run = try Self.run(.real, epochs: 1)
    var numbers = [try run.step()?.step]
    numbers.append(try run.step(on: batch.inputs, labels: batch.labels).step)
    while let step = try run.step() { numbers.append(step.step) }
    #expect(numbers == [1, 2, 3, 4])
    _ = run.finishEpoch()
    let (isFinished, more) = (run.isFinished, try run.step())
    #expect(isFinished && more == nil)
    let steps = run.stepsDone
    #expect(steps == 0)
  }

  /// A batch of the caller's own.
  private static func batch() throws -> (inputs: Tensor<Float>, labels: [Int]) {
    try data().train.batch(Array(0..<50)[...], nil, seed: 1, epoch: 1, step: 0)
  }

  /// Trains to the last step of the first epoch, ends that epoch if asked to, and takes a step on the caller's own batch.
  private static func stepAfterFirstEpoch(of epochs: Int, ended: Bool) throws {
    var run = try Self.run(.real, epochs: epochs)
    while try run.step() != nil {}
    if ended { _ = run.finishEpoch() }
    let batch = try Self.batch()
    _ = try run.step(on: batch.inputs, labels: batch.labels)
  }

  @Test("a step on the caller's own batch is a programmer error after an epoch's last one, and of a finished training")
  func noStepLeft() async throws {
    try Self.stepAfterFirstEpoch(of: 2, ended: true)
    await #expect(processExitsWith: .failure) {
      try TrainingRunTests.stepAfterFirstEpoch(of: 2, ended: false)
    }
    await #expect(processExitsWith: .failure) {
      try TrainingRunTests.stepAfterFirstEpoch(of: 1, ended: true)
    }
  }

  @Test("a training of no epochs is a programmer error")
  func noEpochs() async {
    await #expect(processExitsWith: .failure) { _ = try TrainingRunTests.run(.real, epochs: 0) }
  }
}
