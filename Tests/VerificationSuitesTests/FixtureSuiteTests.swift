import TestSupport
import Testing
import Verification
import VerificationSuites

@Suite("Built-in data sets, as signet verify sees them")
struct FixtureSuiteTests {
  @Test("files, contents and labels are those of the manifests", arguments: FixtureSuite.cases())
  func fixtures(_ run: VerificationCase) {
    expectPassed(run.run())
  }

  @Test("a case that checks nothing fails, and so does one that throws")
  func nothing() {
    #expect(VerificationCase("empty") { [] }.run().failures == ["empty: nothing was checked"])
    #expect(VerificationCase("stopped") { throw CancellationError() }.run().failures.count == 1)
  }
}
