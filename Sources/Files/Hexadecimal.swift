/// The SHA-256 digest of `bytes` as 64 lowercase hexadecimal digits.
package func hexadecimal(sha256 bytes: some Sequence<UInt8>) -> String {
  var digest = MessageDigest(.sha256)
  if bytes.withContiguousStorageIfAvailable({ digest.update(UnsafeRawBufferPointer($0)) }) == nil {
    digest.update(Array(bytes))
  }
  return hexadecimal(bytes: digest.finalized())
}

/// Two lowercase hexadecimal digits per byte.
package func hexadecimal(bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// `0x` and 8 lowercase hexadecimal digits.
package func hexadecimal(_ word: UInt32) -> String { "0x" + hexadecimal(word, digits: 8) }

/// So many lowercase hexadecimal digits, the first of which may be zeros.
///
/// - Precondition: the number has no more digits.
package func hexadecimal(_ number: some UnsignedInteger, digits: Int) -> String {
  let text = String(number, radix: 16)
  return String(repeating: "0", count: digits - text.count) + text
}
