import Datasets

/// Writes the IDX format (see `Datasets.IDX`).
package enum IDXFile {
  /// - Parameter shape: the shape, whose product is the number of values.
  package static func bytes(_ values: [UInt8], shape: [Int]) -> [UInt8] {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values are not of shape \(shape)")
    let words = [0x800 + UInt32(shape.count)] + shape.map(UInt32.init)
    return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } } + values
  }
}

/// Writes a tar archive of one folder (POSIX.1-1988, ustar): no times, no owners.
package struct TarArchive {
  private let folder: String
  private var bytes: [UInt8] = []

  package init(folder: String) {
    self.folder = folder
    bytes = Self.header(name: folder + "/", size: 0, mode: "0000755", kind: "5")
  }

  /// Adds a file to the folder.
  package mutating func append(_ contents: [UInt8], name: String) {
    bytes += Self.header(name: "\(folder)/\(name)", size: contents.count, mode: "0000644", kind: "0")
    bytes += contents
    pad(to: 512)
  }

  /// Ends the archive with two blocks of zeros, padded to a whole record of 20 blocks.
  package consuming func finish() -> [UInt8] {
    bytes += [UInt8](repeating: 0, count: 1024)
    pad(to: 20 * 512)
    return bytes
  }

  private mutating func pad(to multiple: Int) {
    let rest = bytes.count % multiple
    if rest > 0 { bytes += [UInt8](repeating: 0, count: multiple - rest) }
  }

  private static func header(name: String, size: Int, mode: String, kind: String) -> [UInt8] {
    precondition(name.utf8.count <= 100, "\(name) is longer than the 100 bytes of a header")
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int) {
      for (i, byte) in text.utf8.enumerated() { header[offset + i] = byte }
    }
    func octal(_ value: Int, digits: Int) -> String {
      let text = String(value, radix: 8)
      return String(repeating: "0", count: digits - text.count) + text
    }
    put(name, at: 0)
    put(mode, at: 100)
    put("0000000", at: 108)
    put("0000000", at: 116)
    put(octal(size, digits: 11), at: 124)
    put(octal(0, digits: 11), at: 136)
    put("        ", at: 148)
    put(kind, at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    let sum = header.reduce(0) { $0 + Int($1) }
    put(octal(sum, digits: 6) + "\0 ", at: 148)
    return header
  }
}

/// Writes a MATLAB 5 MAT-file, little-endian. Source: The MathWorks, *MAT-File Format*, "Level 5 MAT-File Format".
package struct MAT5File: Sendable {
  /// A variable: its dimensions, and the values with the first index fastest.
  package enum Variable: Sendable {
    case bytes(name: String, dimensions: [Int], values: [UInt8])
    /// Doubles, stored as bytes if `areStoredAsBytes`, as MATLAB does if the values allow it.
    case doubles(name: String, dimensions: [Int], values: [UInt8], areStoredAsBytes: Bool)
  }

  /// 116 bytes of text, 8 bytes for an absent subsystem, the version and the byte order.
  package let header: [UInt8]
  /// The variables as whole uncompressed elements.
  package let elements: [[UInt8]]

  package init(_ variables: [Variable]) {
    let text = Array("MATLAB 5.0 MAT-file, Platform: any, Created by: signet fixtures make".utf8)
    header =
      text + [UInt8](repeating: 0x20, count: 116 - text.count) + [UInt8](repeating: 0, count: 8)
      + [0x00, 0x01, 0x49, 0x4d]
    elements = variables.map(Self.element)
  }

  /// The file without compression.
  package var plain: [UInt8] { header + elements.joined() }

  /// The file with each variable in an miCOMPRESSED element (15).
  package var compressed: [UInt8] {
    header
      + elements.flatMap { element in
        let deflated = Deflate.compress(element, as: .zlib)
        return Self.words([15, deflated.count]) + deflated
      }
  }

  private static func element(_ variable: Variable) -> [UInt8] {
    let (name, dimensions, values, arrayClass, type): (String, [Int], [UInt8], Int, Int)
    switch variable {
    case .bytes(let n, let d, let v): (name, dimensions, values, arrayClass, type) = (n, d, v, 9, 2)
    case .doubles(let n, let d, let v, true): (name, dimensions, values, arrayClass, type) = (n, d, v, 6, 2)
    case .doubles(let n, let d, let v, false):
      let doubles = v.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: Double(value).bitPattern >> (8 * $0)) }
      }
      (name, dimensions, values, arrayClass, type) = (n, d, doubles, 6, 9)
    }
    // miUINT32 flags, miINT32 dimensions, miINT8 name, the values; all in a miMATRIX.
    let parts =
      data(type: 6, words([arrayClass, 0])) + data(type: 5, words(dimensions)) + data(type: 1, Array(name.utf8))
      + data(type: type, values)
    return words([14, parts.count]) + parts
  }

  /// A data element: 8 bytes in all if it has at most 4 bytes of data, else type, length and data, padded to a multiple of 8.
  private static func data(type: Int, _ bytes: [UInt8]) -> [UInt8] {
    if (1...4).contains(bytes.count) {
      return words([bytes.count << 16 | type]) + bytes + [UInt8](repeating: 0, count: 4 - bytes.count)
    }
    return words([type, bytes.count]) + bytes + [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)
  }

  private static func words(_ words: [Int]) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }
}
