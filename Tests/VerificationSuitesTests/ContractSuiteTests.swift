import Golden
import Tensors
import TestSupport
import Testing
import Verification
import VerificationSuites

@Suite("Bit contract: the program is run again with other kernels")
struct ContractSuiteTests {
  @Test("each variant that the program takes is run with all traces, and its failure is the program's first line")
  func variants() throws {
    let folder = try TemporaryFolder()
    // It does not take avx512, and finds other bits with avx2 alone.
    let program = try folder.script(
      """
      if [ "$1" = --version ]; then [ "$SIGNET_KERNELS" != avx512 ]; exit; fi
      echo "$SIGNET_KERNELS: $*"
      echo "another line"
      [ "$SIGNET_KERNELS" != avx2 ]
      """, to: "signet")
    let all = try ContractSuite.cases(GoldenFolder(directory: "a/b"), on: .single, program: program)
    // Before them, each trace is computed on so many threads.
    let counts = ["1 thread", "2 threads", "3 threads"]
    #expect(
      all.dropLast(3).map(\.name) == counts.flatMap { count in TraceExperiment.all.map { "\($0.name), \(count)" } })
    let cases = all.suffix(3)
    let variants = ["plain", "avx2", "avx512vpopcntdq"]
    #expect(cases.map(\.name) == variants.map { "all traces, \($0) kernels" })
    let results = cases.map { $0.run() }
    #expect(results.map { $0.fields.map(\.name) } == variants.map { ["all traces, \($0) kernels"] })
    #expect(
      results.map(\.failures) == [
        [], ["all traces, avx2 kernels: avx2: verify --suite traces --quiet --golden a/b"], [],
      ])
  }
}
