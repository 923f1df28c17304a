import Experiments
import TestSupport
import Testing

@Suite("The differences between two runs")
struct RunDifferenceTests {
  /// A change of the second run's log, and the lines that tell it.
  private struct Change: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let log: @Sendable ([String]) -> [String]
    let lines: [String]

    static func replacing(_ old: String, with new: String, _ name: String, lines: [String]) -> Change {
      Change(testDescription: name, log: { $0.map { $0.replacing(old, with: new) } }, lines: lines)
    }
  }

  private static let changes: [Change] = [
    Change(testDescription: "nothing", log: { $0 }, lines: []),
    .replacing(
      #""parametersSHA256":"real3""#, with: #""parametersSHA256":"real5""#, "the parameters after an epoch",
      lines: ["real: epoch 3: all losses are the same, but the parameters after it differ"]),
    .replacing(
      #""trainingError":0.51,"#, with: #""trainingError":0.515,"#, "an epoch's training error",
      lines: [
        "discrete-sign: epoch 2: all losses and the parameters after it are the same, but the training error differs: "
          + "0.51 | 0.515"
      ]),
    .replacing(
      #""validationError":0.42,"isBest""#, with: #""validationError":0.425,"isBest""#, "an epoch's validation error",
      lines: [
        "discrete-sign: epoch 3: all losses and the parameters after it are the same, but the validation error differs: "
          + "0.42 | 0.425"
      ]),
    .replacing(
      #""bestEpoch":2,"validationError":0.1,"testError":0.08"#,
      with: #""bestEpoch":3,"validationError":0.10001,"testError":0.080001"#,
      "a result, by less than is shown elsewhere",
      lines: [
        "real: best epoch 2 | 3", "real: validation error 0.1 | 0.10001", "real: test error 0.08 | 0.080001",
      ]),
    Change(
      testDescription: "no result", log: { Array($0.dropLast()) },
      lines: [
        "discrete-sign: best epoch 2 | none", "discrete-sign: validation error 0.28 | none",
        "discrete-sign: test error 0.24 | none", "discrete-sign: parameters 516e | none",
      ]),
    // The last lines are three epochs, a resumption and the result.
    Change(
      testDescription: "fewer epochs", log: { Array($0.dropLast(4) + $0.suffix(1)) },
      lines: ["discrete-sign: the same bits in 1 epoch; then one has 2 more"]),
  ]

  @Test("each difference has its line, also if all losses and parameters are the same", arguments: changes)
  private func lines(_ change: Change) throws {
    let folder = try TemporaryFolder()
    let runs = (try RoundRun.summary(folder, "a"), try RoundRun.summary(folder, "b", changeLog: change.log))
    #expect(try RunDifference.lines(between: runs.0, and: runs.1) == change.lines)
  }
}
