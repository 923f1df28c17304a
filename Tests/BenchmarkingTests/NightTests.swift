import Benchmarking
import Testing

@Suite("Nights")
struct NightTests {
  private func night() -> Night {
    Night(
      name: "2026-11-23T02-30-00Z", signet: "0", commit: nil, isModified: false,
      host: .init(system: "Linux", processor: "any", cores: 2, kernels: "plain"), command: "ci/nightly")
  }

  @Test("A night is verified only if every suite ran cases and none failed")
  func verified() {
    var night = night()
    #expect(!night.isVerified)
    night.verification = [.init(suite: "ops", cases: 3, failures: [], seconds: 1)]
    #expect(night.isVerified)
    night.verification.append(.init(suite: "traces", cases: 0, failures: [], seconds: 1))
    #expect(!night.isVerified)
    night.verification[1] = .init(suite: "traces", cases: 1, failures: ["a"], seconds: 1)
    #expect(!night.isVerified)
  }
}
