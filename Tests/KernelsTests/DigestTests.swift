import Kernels
import Testing

@Suite("SHA-256's blocks")
struct DigestTests {
  private static let start: [UInt32] = [
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ]

  private func state(after blocks: [UInt8], from state: [UInt32] = start) -> [UInt32] {
    var state = state
    signet_sha256_blocks(&state, blocks, blocks.count / 64)
    return state
  }

  /// The last block of a message whose other blocks are whole.
  private func lastBlock(_ rest: [UInt8], bits: UInt64) -> [UInt8] {
    rest + [0x80] + [UInt8](repeating: 0, count: 55 - rest.count)
      + (0..<8).reversed().map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
  }

  @Test("one block and many have the digests of FIPS 180-4's examples")
  func examples() {
    #expect(
      state(after: lastBlock(Array("abc".utf8), bits: 24)) == [
        0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223, 0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad,
      ])
    #expect(
      state(after: [UInt8](repeating: 0x61, count: 1_000_000) + lastBlock([], bits: 8_000_000)) == [
        0xcdc76e5c, 0x9914fb92, 0x81a1c7e2, 0x84d73e67, 0xf1809a48, 0xa497200e, 0x046d39cc, 0xc7112cd0,
      ])
  }

  @Test("blocks at any address, together or one after the other, leave the same state; none leave it as it was")
  func parts() {
    let bytes = (0..<64 * 5 + 3).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 5) }
    for offset in 0...3 {
      let blocks = Array(bytes[offset..<offset + 320])
      let oneByOne = stride(from: 0, to: 320, by: 64).reduce(Self.start) {
        state(after: Array(blocks[$1..<$1 + 64]), from: $0)
      }
      var together = Self.start
      bytes.withUnsafeBufferPointer { signet_sha256_blocks(&together, $0.baseAddress! + offset, 5) }
      #expect(together == oneByOne && together != Self.start)
    }
    #expect(state(after: []) == Self.start)
  }
}
