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

  @Test("every variant that the program takes on this processor is run, behind the traces on 1, 2 and 3 threads")
  func coverage() throws {
    let cases = try ContractSuite.cases(.builtIn, on: .single, program: SignetProgram.path).map(\.name)
    let variants = try ["plain", "avx2", "avx512", "avx512vpopcntdq"].filter {
      try SignetProgram.run("data", "list", environment: ["SIGNET_KERNELS": $0]).code == 0
    }
    #expect(variants.first == "plain" && cases.count == 3 * TraceExperiment.all.count + variants.count)
    #expect(cases.suffix(variants.count) == variants.map { "all traces, \($0) kernels" }[...])
  }
}
