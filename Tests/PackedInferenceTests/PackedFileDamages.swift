import Testing

extension PackedFileTests {
  /// A planted damage of the small file's head, whose architecture begins at byte 40 and whose first layer is described at 52.
  struct Damage: CustomTestStringConvertible {
    let what: String
    let at: Int
    let bytes: [UInt8]
    let words: String
    var testDescription: String { what }
  }

  static let damages = [
    Damage(
      what: "a foreign file", at: 0, bytes: Array("PK".utf8),
      words: "at byte 0: expected a packed network, which begins with SIGNETPK, found other bytes"),
    Damage(
      what: "another version", at: 8, bytes: [2],
      words: "at byte 8: expected version 1, the only one this program reads, found 2"),
    Damage(
      what: "no network", at: 12, bytes: [0], words: "at byte 12: expected a number of networks from 1 to 4096, found 0"
    ),
    Damage(
      what: "hostile networks", at: 12, bytes: [0, 0, 0, 255],
      words: "at byte 12: expected a number of networks from 1 to 4096, found 4278190080"),
    Damage(
      what: "many networks", at: 12, bytes: [0, 16],
      words: "expected 163970 bytes of a file with this head, found the end after 210"),
    Damage(
      what: "hostile channels", at: 16, bytes: [255, 255, 255, 255],
      words: "at byte 16: expected a number of channels from 1 to 65536"),
    Damage(
      what: "hostile height", at: 20, bytes: [0, 0, 1],
      words: "at byte 69: expected thresholds of 4 bytes, for sums up to 131072, found 1"),
    Damage(
      what: "hostile pixels", at: 20, bytes: [0, 0, 1, 0, 0, 0, 1, 0],
      words: "expected images of at most 16777216 pixels, found 1×65536×65536"),
    Damage(
      what: "a hostile width", at: 20, bytes: [255, 255, 0, 0, 0, 0, 1, 0],
      words: "expected images of at most 16777216 pixels, found 1×65535×65536"),
    Damage(
      what: "a width beside a height of 1", at: 20, bytes: [1, 0, 0, 0, 1, 0, 1, 0],
      words: "at byte 24: expected a width from 1 to 65536, found 65537"),
    Damage(what: "no width", at: 24, bytes: [0], words: "at byte 24: expected a width from 1"),
    Damage(
      what: "large pixels", at: 28, bytes: [0, 1],
      words: "at byte 28: expected a largest pixel from 1 to 255, found 256"),
    Damage(
      what: "a hostile notation", at: 32, bytes: [0, 0, 0, 1],
      words: "at byte 32: expected a length of the architecture from 1 to 4096"),
    Damage(
      what: "hostile metadata", at: 36, bytes: [0, 0, 0, 1],
      words: "at byte 36: expected a length of the metadata from 0 to 1048576"),
    Damage(
      what: "another notation", at: 41, bytes: Array("D".utf8), words: "at byte 40: expected an architecture, found"),
    Damage(
      what: "no UTF-8", at: 40, bytes: [255], words: "at byte 40: expected the architecture in UTF-8, found other bytes"
    ),
    Damage(
      what: "many values", at: 52, bytes: [17], words: "at byte 52: expected 2 to 16 values of a weight, found 17"),
    Damage(
      what: "other digits", at: 53, bytes: [4, 7],
      words: "at byte 53: expected 5 digits in 8 bits for 3 values, found 4 in 7"),
    Damage(
      what: "another width", at: 55, bytes: [2],
      words: "at byte 55: expected thresholds of 1 bytes, for sums up to 27, found 2"),
    Damage(
      what: "no denominator", at: 56, bytes: [0], words: "at byte 56: expected a denominator from 1 to 1000, found 0"),
    Damage(
      what: "not in lowest terms", at: 56, bytes: [2, 0, 0, 0, 254, 255, 0, 0, 2, 0],
      words: "at byte 56: expected values of a weight in lowest terms"),
    Damage(
      what: "descending values", at: 60, bytes: [1, 0, 0, 0, 255, 255],
      words: "at byte 60: expected ascending values of a weight"),
    Damage(
      what: "a large sum", at: 28, bytes: [255],
      words: "at byte 55: expected thresholds of 2 bytes, for sums up to 2295, found 1"),
  ]
}
