import Files
import PackedInference

/// Arrays by name, and a text, in NumPy's NPZ format: a ZIP archive of NPY files, stored as they are. The same contents give the same
/// bytes.
///
/// Source: NumPy's `savez`; PKWARE, *.ZIP File Format Specification* 6.3.
package struct NPZFile {
  private struct Entry {
    let name: [UInt8]
    let checksum: UInt32
    let size, offset: Int
  }

  private var entries: [Entry] = []
  private var body: [UInt8] = []

  /// What a file with entries begins with. NumPy's own files begin with another version.
  package static let beginning: [UInt8] = [0x50, 0x4b, 0x03, 0x04] + form

  /// Version 2.0, no flags, stored, at the beginning of 1980, which is the least date.
  private static let form: [UInt8] = [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]

  package init() {}

  /// Adds an array.
  ///
  /// - Precondition: NumPy has its type.
  package mutating func add(_ name: String, _ tensor: StoredTensor) { add(name, NPYWriter.bytes(tensor)) }

  /// Adds a text, which NumPy reads as an array of no axes.
  package mutating func add(_ name: String, text: String) { add(name, NPYWriter.bytes(text: text)) }

  private mutating func add(_ name: String, _ bytes: [UInt8]) {
    let entry = Entry(
      name: Array("\(name).npy".utf8), checksum: PackedFile.checksum(bytes[...]), size: bytes.count, offset: body.count)
    entries.append(entry)
    body += Self.beginning
    body += Self.facts(of: entry)
    body += entry.name
    body += bytes
  }

  /// What an entry's head and its line of the directory have in common after the form.
  private static func facts(of entry: Entry) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(integer: entry.checksum)
    // Too large a file is refused when it is complete.
    for _ in 0..<2 { bytes.append(integer: UInt32(truncatingIfNeeded: entry.size)) }
    bytes.append(integer: UInt16(entry.name.count))
    bytes.append(integer: UInt16(0))
    return bytes
  }

  /// The file's bytes.
  ///
  /// - Throws: `ExportError.size` for 4 GB or more.
  package func bytes() throws(ExportError) -> [UInt8] {
    var bytes = body
    for entry in entries {
      bytes.append(integer: UInt32(0x0201_4b50))
      bytes.append(integer: UInt16(20))
      bytes += Self.form + Self.facts(of: entry)
      for number in [0, 0, 0] as [UInt16] { bytes.append(integer: number) }
      bytes.append(integer: UInt32(0))
      bytes.append(integer: UInt32(truncatingIfNeeded: entry.offset))
      bytes += entry.name
    }
    let directory = bytes.count - body.count
    bytes.append(integer: UInt32(0x0605_4b50))
    for number in [0, 0, entries.count, entries.count] { bytes.append(integer: UInt16(number)) }
    for number in [directory, body.count] { bytes.append(integer: UInt32(truncatingIfNeeded: number)) }
    bytes.append(integer: UInt16(0))
    guard bytes.count <= Int(UInt32.max) else {
      throw .size(format: "NPZ", limit: Int(UInt32.max), actual: bytes.count)
    }
    return bytes
  }
}
