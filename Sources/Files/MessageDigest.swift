internal import Kernels

/// A digest of bytes that come in pieces: SHA-256 (FIPS 180-4) or MD5 (RFC 1321), with which some data sets are published.
///
/// We implement it ourselves, since a cryptography library took up most of a first build (380 of 430 steps) and zlib has no
/// such digests. It identifies files; it is not meant for secrets.
package struct MessageDigest: Sendable {
  package enum Algorithm: Sendable { case sha256, md5 }

  private let algorithm: Algorithm
  private var state: [UInt32]
  /// The bytes after the last whole block.
  private var rest: [UInt8] = []
  private var count: UInt64 = 0

  /// The digest of no bytes yet.
  package init(_ algorithm: Algorithm) {
    self.algorithm = algorithm
    state =
      switch algorithm {
      // The first 32 bits of the fractional parts of the square roots of the first 8 primes.
      case .sha256:
        [
          0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
          0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
        ]
      case .md5: [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476]
      }
    rest.reserveCapacity(64)
  }

  /// Adds more bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    count += UInt64(bytes.count)
    var bytes = bytes[...]
    if !rest.isEmpty {
      let missing = bytes.prefix(64 - rest.count)
      rest.append(contentsOf: missing)
      bytes = bytes.dropFirst(missing.count)
      guard rest.count == 64 else { return }
      rest.withUnsafeBytes { Self.take($0, algorithm, &state) }
      rest.removeAll(keepingCapacity: true)
    }
    let whole = bytes.count / 64 * 64
    Self.take(UnsafeRawBufferPointer(rebasing: bytes.prefix(whole)), algorithm, &state)
    rest.append(contentsOf: bytes.dropFirst(whole))
  }

  /// Adds more bytes.
  package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  private static func take(_ blocks: UnsafeRawBufferPointer, _ algorithm: Algorithm, _ state: inout [UInt32]) {
    guard let bytes = blocks.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
    switch algorithm {
    case .sha256: signet_sha256_blocks(&state, bytes, blocks.count / 64)
    case .md5: signet_md5_blocks(&state, bytes, blocks.count / 64)
    }
  }

  /// The digest of all bytes so far: 32 bytes for SHA-256, 16 for MD5.
  package func finalized() -> [UInt8] {
    var last = self
    let bits = count << 3
    let zeros = (119 - Int(count % 64)) % 64
    let length = (0..<8).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
    last.update([0x80] + Array(repeating: 0, count: zeros) + (algorithm == .sha256 ? length.reversed() : length))
    return last.state.flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * (algorithm == .sha256 ? 3 - $0 : $0))) }
    }
  }
}
