import Networks
import Tensors

/// A network with sign activations as C99: a header and one source file (`Packed.md`).
///
/// The code has no heap, no static state, no recursion and only fixed loop bounds; it includes `<stdint.h>` alone. Its classes, and
/// every bit of its scores, are those of the evaluation in Float: it computes the scores' bits with integers.
public struct CSource: Sendable {
  /// What the functions' and, in capitals, the macros' names begin with; the files are `NAME.h` and `NAME.c`.
  public let name: String
  /// The text of the header.
  public let header: String
  /// The text of the source file.
  public let source: String
  /// The size of the constant tables in bytes.
  public let tableBytes: Int
  /// The size of the buffer that a caller gives, in bytes.
  public let scratchBytes: Int

  /// The name of the C library's header that the files include.
  static let includedHeader = "stdint"

  /// The names of the C library's headers, and of the one that glibc's `<stdint.h>` includes.
  private static let headers: Set<String> = [
    "assert", "complex", "ctype", "errno", "features", "fenv", "float", "inttypes", "iso646", "limits", "locale",
    "math", "setjmp", "signal", "stdalign", "stdarg", "stdatomic", "stdbit", "stdbool", "stdckdint", "stddef",
    includedHeader, "stdio", "stdlib", "stdnoreturn", "string", "tgmath", "threads", "time", "uchar", "wchar", "wctype",
  ]

  /// Whether a header of the C library has this name. Where a compiler is told to look for headers in the directory of the files
  /// (`-I`), theirs would take its place.
  package static func isHeader(_ name: String) -> Bool { headers.contains(name) }

  /// Whether C functions and files can have this name: small letters, digits and underscores, a letter first, at most 24 of them,
  /// but not the name of a header of the C library.
  public static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, name.utf8.count <= 24, !isHeader(name) else { return false }
    let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    return letters ~= first
      && name.utf8.allSatisfy { letters ~= $0 || digits ~= $0 || $0 == UInt8(ascii: "_") }
  }
}

extension PackedNetwork<Float> {
  /// The network in C.
  ///
  /// - Parameters:
  ///   - name: what the functions' names begin with.
  ///   - comment: lines for the head of both files, such as where the network comes from.
  ///   - testImages: the images that the self-test checks, each `C × H × W` pixels from 0 to `input.pixelMaximum`.
  /// - Precondition: `CSource.isName(name)`; every image has `input.image.pixels` pixels; `PackedFile` takes the network.
  public func cSource(name: String = "net", comment: [String] = [], testImages: [[UInt8]] = []) -> CSource {
    precondition(CSource.isName(name), "cSource: the name \(name)")
    precondition(
      testImages.allSatisfy { $0.count == input.image.pixels },
      "cSource: test images of \(testImages.map(\.count)) pixels, and not of \(input.image.pixels)")
    let text = CText(
      name, input, layers, comment: comment, testImages: testImages,
      testScores: testImages.map { image in
        image.withUnsafeBufferPointer { pixels in
          pixels.baseAddress.map { outputs($0, count: 1, on: .single).scalars } ?? []
        }
      })
    return CSource(
      name: name, header: text.header, source: text.source, tableBytes: text.tableBytes,
      scratchBytes: 4 * text.scratchWords)
  }
}
