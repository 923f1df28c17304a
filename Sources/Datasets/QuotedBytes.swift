/// Bytes as text for a message.
func quotedBytes(_ bytes: some Sequence<UInt8>) -> String {
  let escaped = bytes.map { byte in
    (0x21...0x7e).contains(byte) ? String(UnicodeScalar(byte)) : "\\" + String(byte, radix: 16)
  }
  return "\"\(escaped.joined())\""
}
