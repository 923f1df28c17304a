import Files
import Testing

@Suite("Digests: SHA-256 and MD5 agree with their standards and with another program")
struct DigestTests {
  private func digest(_ algorithm: MessageDigest.Algorithm, _ text: String, times: Int = 1) -> String {
    var digest = MessageDigest(algorithm)
    for _ in 0..<times { digest.update(Array(text.utf8)) }
    return hexadecimal(bytes: digest.finalized())
  }

  @Test("SHA-256 of the examples of FIPS 180-4 and of a million times a")
  func sha256() {
    #expect(digest(.sha256, "") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(digest(.sha256, "abc") == abc)
    #expect(hexadecimal(sha256: Array("abc".utf8)) == abc)
    #expect(hexadecimal(sha256: "abc".utf8.lazy.map { $0 }) == abc)
    #expect(
      digest(.sha256, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      digest(.sha256, String(repeating: "a", count: 1000), times: 1000)
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("MD5 of the examples of RFC 1321")
  func md5() {
    #expect(digest(.md5, "") == "d41d8cd98f00b204e9800998ecf8427e")
    #expect(digest(.md5, "abc") == "900150983cd24fb0d6963f7d28e17f72")
    #expect(
      digest(.md5, "12345678901234567890123456789012345678901234567890123456789012345678901234567890")
        == "57edf4a22be3c955ac49da2e2107b67a")
  }

  /// Byte `i` is `7 i² + ⌊i / 8⌋`, modulo 256. In Python, hashlib's digest of the digests of the first 0, 1, … 999 bytes:
  ///
  ///     pattern = bytes((i * i * 7 + (i >> 3)) & 255 for i in range(1000))
  ///     hashlib.sha256(b"".join(hashlib.sha256(pattern[:n]).digest() for n in range(1000))).hexdigest()
  @Test(
    "the digests of 1,000 lengths agree with hashlib, in whatever pieces the bytes come",
    arguments: [
      (MessageDigest.Algorithm.sha256, "621cce811ffcfdd3fea2bff39686091b138b5993a9f33ec1f9c03e7eddc2ddae"),
      (.md5, "de2c1f41f33121546d248dbf6d996d1d"),
    ])
  func lengths(algorithm: MessageDigest.Algorithm, expected: String) {
    let pattern = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * $0 * 7 + $0 >> 3) }
    for piece in [1, 7, 63, 64, 65, 1000] {
      var all = MessageDigest(algorithm)
      for length in 0..<1000 {
        var one = MessageDigest(algorithm)
        for start in stride(from: 0, to: length, by: piece) {
          one.update(Array(pattern[start..<min(start + piece, length)]))
        }
        all.update(one.finalized())
      }
      #expect(hexadecimal(bytes: all.finalized()) == expected, "in pieces of \(piece)")
    }
  }
}
