import Datasets
import Networks
import Tensors
import Testing
import Training

extension TrainingRunTests {
  @Test("a finished training has no more steps, and a step on the caller's own batch is one of the epoch's")
  func steps() throws {
    let digits = try Self.data()
    let batch: (inputs: Tensor<Float>, labels: [Int]) = digits.train.batch(
      Array(0..<50)[...], nil, seed: 1, epoch: 1, step: 0)
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

  @Test("a training of no epochs is a programmer error")
  func noEpochs() async {
    await #expect(processExitsWith: .failure) { _ = try TrainingRunTests.run(.real, epochs: 0) }
  }
}
