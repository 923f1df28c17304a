import Experiments
import Testing
import Training

@Suite("The line of a training's progress")
struct TrainingProgressTests {
  @Test("after each step, the time left is what the steps to come take at the speed of those so far")
  func timeLeft() throws {
    var trainings = try SmallTraining.reproduction().trainings(of: [.real])
    guard var run = try trainings.next() else {
      Issue.record("no training")
      return
    }
    // If a quarter of the only epoch took 5 seconds, half of it 15, three quarters 6, and all of it 8.
    let lines = [(5.0, "1/4  0:15 left"), (15, "2/4  0:15 left"), (6, "3/4  0:02 left"), (8, "4/4  0:00 left")]
    for (seconds, text) in lines {
      let step = try #require(try run.step())
      let line = step.text(after: seconds)
      #expect(line.hasPrefix("real  epoch 1/1  step \(text)  loss "), "\(line)")
    }
  }
}
