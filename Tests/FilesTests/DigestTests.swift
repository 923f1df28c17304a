import Files
import Testing

@Suite struct DigestTests {
  @Test("SHA-256 of nothing and of abc are those of FIPS 180-4")
  func knownAnswers() {
    #expect(
      hexadecimal(sha256: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(hexadecimal(sha256: Array("abc".utf8)) == abc)
    #expect(hexadecimal(sha256: "abc".utf8.lazy.map { $0 }) == abc)
  }
}
