import Foundation
import Kernels
import Testing

@Suite("The variant of the kernels")
struct DispatchTests {
  @Test("the variant in use is the one that SIGNET_KERNELS asks for, and without it one of those that there are")
  func variant() {
    let variant = String(cString: signet_kernels_variant())
    #expect(["plain", "avx2", "avx512", "avx512vpopcntdq"].contains(variant))
    #expect(signet_kernels_variant_error() == nil)
    if let wanted = ProcessInfo.processInfo.environment["SIGNET_KERNELS"], !wanted.isEmpty {
      #expect(variant == wanted)
    }
  }
}
