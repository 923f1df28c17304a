import Golden
import Tensors
import TestSupport
import Testing
import Verification
import VerificationSuites

/// The same bits from every thread count, variant of the kernels and build. It runs in release and in debug, so that the one
/// golden stands between the two.
@Suite("Bit contract: short trainings give the golden traces")
struct BitContractTests {
  @Test(
    "every step's bits are the golden ones, on 1, 2 and 3 threads and with each variant of the kernels",
    arguments: try ContractSuite.cases(.builtIn, on: .single, program: SignetProgram.path))
  func contract(_ run: VerificationCase) {
    expectPassed(run.run())
  }

  @Test("the plain kernels and one more variant were run")
  func coverage() throws {
    let cases = try ContractSuite.cases(.builtIn, on: .single, program: SignetProgram.path).map(\.name)
    #expect(cases.contains("all traces, plain kernels"))
  }
}
