import Golden
import Tensors
import TestSupport
import Testing
import Verification
import VerificationSuites

@Suite("Results: test errors over seeds")
struct ResultTests {
  @Test("the errors are the golden ones", arguments: ResultSuite.cases(.builtIn, on: Device.processor(threads: 2)))
  func results(_ run: VerificationCase) {
    expectPassed(run.run())
  }
}
