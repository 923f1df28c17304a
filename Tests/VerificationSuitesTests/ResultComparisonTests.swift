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

  @Test("a single seed's error varies as the golden ones of all seeds do; it may be better by any amount, too")
  func singleSeed() throws {
    var all = try ErrorResults.decode("results/glyphs.json", from: .builtIn)
    all.networks[0].testErrors = [0.1, 0.2, 0.3]
    var golden = all
    golden.networks[0].testErrors = [0.1]
    func verdict(_ error: Double, outOf all: ErrorResults?) -> Verdict {
      var found = golden
      found.networks[0].testErrors = [error]
      return ResultSuite.fields(found, golden, outOf: all, of: "glyphs")[0].verdict
    }
    #expect(verdict(0.1, outOf: all) == .bitExact)
    // Squares of 0.1² twice, divided by 2, are the variance of each error. The golden mean, 0.2, has a third of it: a standard
    // error is √(0.04 / 3), and 0.2 is √3 of them.
    guard case .within(let errors, let allowed, .standardErrors) = verdict(0.4, outOf: all) else {
      Issue.record("an error worse by √3 standard errors is refused")
      return
    }
    #expect(abs(errors - 3.0.squareRoot()) < 1e-12 && allowed == 3)
    for (error, all) in [(0.05, all), (0.05, nil), (0, nil)] as [(Double, ErrorResults?)] {
      #expect(verdict(error, outOf: all) == .within(0, of: 3, in: .standardErrors))
    }
    guard case .outside(let deviation) = verdict(0.55, outOf: all) else {
      Issue.record("an error worse by 0.35, which is more than three standard errors, passes")
      return
    }
    #expect(deviation.description.contains("expected a mean test error of 0.2"))
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
