import Experiments
import Foundation
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
      let line = step.text(after: seconds, from: 0)
      #expect(line.hasPrefix("real  epoch 1/1  step \(text)  loss "), "\(line)")
    }
  }

  @Test("of a resumed training, the time left is what the rest takes at the speed since then")
  func resumed() throws {
    let reproduction = try SmallTraining.reproduction(epochs: 3)
    var trainings = try reproduction.trainings(of: [.real])
    let checkpoint = try SmallTraining.checkpoint(&trainings, after: 2)
    var rest = try reproduction.trainings(of: [.real], from: checkpoint)
    guard var run = try rest.next() else {
      Issue.record("no training")
      return
    }
    let before = run.epochsBefore
    #expect(before == 0.5)
    // A quarter of an epoch took 5 seconds, so the two and a quarter to come take 45.
    let third = try #require(try run.step()).text(after: 5, from: before)
    #expect(third.hasPrefix("real  epoch 1/3  step 3/4  0:45 left  loss "), "\(third)")
    while try run.step() != nil {}
    let late = run.checkpoint()
    // Half an epoch took 5 seconds.
    let epoch = run.finishEpoch().text(after: 5, from: before)
    #expect(epoch.hasPrefix("real  epoch 1/3  0:20 left  validation error "), "\(epoch)")
    let (here, seconds) = (run.secondsHere, run.seconds)
    #expect(here <= seconds - checkpoint.seconds + 1e-6, "without the seconds before")

    // Of what was resumed when only the end of an epoch was due, no speed is known.
    var last = try reproduction.trainings(of: [.real], from: late)
    guard var end = try last.next() else {
      Issue.record("no training")
      return
    }
    let ended = end.epochsBefore
    let text = end.finishEpoch().text(after: 5, from: ended)
    #expect(text.hasPrefix("real  epoch 1/3  validation error "), "\(text)")
  }

  @Test("after an epoch, the line says the deployed network's validation error, and each other number by its name")
  func epoch() throws {
    func line(_ epoch: Int, isBest: Bool) throws -> String {
      let report = """
        {"network": "discrete-sign", "epoch": \(epoch), "epochs": 4, "loss": 1.23456, "trainingError": 0.5, \
        "validationError": 0.125, "isBest": \(isBest), "stepScale": 1, "lossBits": ""}
        """
      return try JSONDecoder().decode(EpochReport.self, from: Data(report.utf8)).text(after: 90, from: 0)
    }
    // Three epochs took 90 seconds, so the last one takes 30.
    #expect(
      try line(3, isBest: true)
        == "discrete-sign  epoch 3/4  0:30 left  validation error 12.50 % (best)  loss 1.2346  training error 50.00 %")
    #expect(
      try line(4, isBest: false)
        == "discrete-sign  epoch 4/4  validation error 12.50 %  loss 1.2346  training error 50.00 %")
  }
}
