import Golden
import Testing
import Verification
import VerificationSuites

/// Apart from `ResultTests`, which trains.
@Suite("Results: how test errors over seeds are compared")
struct ResultComparisonTests {
  private func verdict(adding difference: Double, digests: String = "other") throws -> Verdict {
    let golden = try ErrorResults.decode("results/digits.json", from: .builtIn)
    var found = golden
    found.networks[2].testErrors = golden.networks[2].testErrors.map { $0 + difference }
    found.networks[2].parametersSHA256[0] = digests
    return ResultSuite.fields(found, golden, of: "digits")[2].verdict
  }

  @Test("clearly worse errors are reported; better ones, and equal ones with other bits, are not")
  func planted() throws {
    if case .outside(let deviation) = try verdict(adding: 0.05) {
      #expect(deviation.description.contains("digits, discrete-sign"))
      #expect(deviation.description.contains("standard errors"))
    } else {
      Issue.record("an error worse by 5 % passes")
    }
    #expect(try verdict(adding: 0) == .within(0, of: ResultSuite.allowed, in: .standardErrors))
    #expect(try verdict(adding: -0.05) == .within(0, of: ResultSuite.allowed, in: .standardErrors))
    guard case .outside = try verdict(adding: .nan) else {
      Issue.record("NaN passes")
      return
    }
  }

  @Test("where no seed differs from another, a standard error is a hundredth of a percent")
  func equalSeeds() throws {
    var golden = try ErrorResults.decode("results/glyphs.json", from: .builtIn)
    golden.networks[0].testErrors = [0.25, 0.25, 0.25]
    func verdict(_ error: Double) -> Verdict {
      var found = golden
      found.networks[0].testErrors = [error, error, error]
      return ResultSuite.fields(found, golden, of: "glyphs")[0].verdict
    }
    guard case .within(let errors, _, .standardErrors) = verdict(0.2502) else {
      Issue.record("an error worse by two hundredths of a percent is refused")
      return
    }
    #expect(abs(errors - 2) < 1e-9)
    guard case .outside = verdict(0.2504) else {
      Issue.record("an error worse by four hundredths of a percent passes")
      return
    }
  }

  @Test("results of other networks than the golden ones are reported, also if there are none to compare")
  func otherNetworks() throws {
    let whole = try ErrorResults.decode("results/glyphs.json", from: .builtIn)
    var (one, none) = (whole, whole)
    (one.networks, none.networks) = ([whole.networks[1]], [])
    let what = "6C5-P2-32-10 on glyphs, 3 + 4 epochs, seeds 1 to 3"
    let (all, second) = ("\(what): real, discrete-sign, straight-through", "\(what): discrete-sign")
    for (found, golden, words) in [
      (whole, none, "expected \(what): , found \(all)"), (none, whole, "expected \(all), found \(what): "),
      (whole, one, "expected \(second), found \(all)"),
    ] {
      let fields = ResultSuite.fields(found, golden, of: "glyphs")
      guard fields.count == 1, case .outside(let deviation) = fields[0].verdict else {
        Issue.record("passes: \(words)")
        continue
      }
      #expect(deviation.description == "Golden/results/glyphs.json: \(words)")
    }
  }
}
