import Golden
import Tensors
import Testing
import Verification
import VerificationSuites

@Suite("Suites of signet verify: each has all of its parts")
struct SuiteCoverageTests {
  private func cases(_ suite: VerificationSuite) throws -> [VerificationCase] {
    try suite.cases(VerificationSuite.Setting(golden: .builtIn, device: .single, program: ""))
  }

  @Test("ops: the elementary functions, the random streams, the training steps and the statistics are among its cases")
  func ops() throws {
    let names = Set(try cases(.ops).map(\.name))
    for part in [
      try FunctionSuite.cases(.builtIn), try StreamSuite.cases(.builtIn), try StepSuite.cases(.builtIn),
      try StatisticsSuite.cases(.builtIn),
    ] {
      #expect(!part.isEmpty)
      for each in part { #expect(names.contains(each.name), "\(each)") }
    }
  }

  @Test("gradients: those by difference quotients, and the straight-through ones by their formulas")
  func gradients() throws {
    let names = try cases(.gradients).map(\.name)
    for probe in GradientSuite.probes { #expect(names.contains(probe.name)) }
    for each in StraightThroughSuite.cases() { #expect(names.contains(each.name), "\(each)") }
  }

  @Test("sign: of a ±1 variable, the variance and its derivative by the mean, in both precisions")
  func bernoulli() throws {
    let others = try cases(.sign).filter { !$0.name.hasPrefix("sign at variance ") }
    for scalar in ["Double", "Float"] {
      let results = others.filter { $0.name.hasSuffix(", \(scalar)") }.map { $0.run() }
      try #require(!results.isEmpty)
      for result in results {
        let fields = result.fields.compactMap { $0.name.split(separator: " (").first?.split(separator: ", ").last }
        #expect(fields == ["variance", "byMean"], "\(result.name)")
      }
    }
  }

  @Test("fixtures: every built-in set's files, its images, and, of those that are drawn, the same again")
  func fixtures() throws {
    let names = try cases(.fixtures).map(\.name)
    #expect(
      names == [
        "files of digits", "files of glyphs", "files of shapes", "files of numbers", "data set digits",
        "data set glyphs", "data set shapes", "data set shapes-100", "data set numbers", "glyphs, drawn again",
        "shapes, drawn again", "numbers, drawn again",
      ])
  }
}
