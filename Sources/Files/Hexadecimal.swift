import Crypto

/// The SHA-256 digest of `bytes` as 64 lowercase hexadecimal digits.
package func hexadecimal(sha256 bytes: some Sequence<UInt8>) -> String {
  var hasher = SHA256()
  if bytes.withContiguousStorageIfAvailable({ hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
    hasher.update(data: Array(bytes))
  }
  return hexadecimal(hasher.finalize())
}

/// A finished SHA-256 digest as 64 lowercase hexadecimal digits.
package func hexadecimal(_ digest: SHA256Digest) -> String { hexadecimal(bytes: digest) }

/// Two lowercase hexadecimal digits a byte.
package func hexadecimal(bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// `0x` and 8 lowercase hexadecimal digits.
package func hexadecimal(_ word: UInt32) -> String {
  let digits = String(word, radix: 16)
  return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}
