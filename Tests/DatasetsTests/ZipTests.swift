import Datasets
import Files
import TestSupport
import Testing

@Suite("ZIP archives of arrays") struct ZipTests {
  let folder: TemporaryFolder
  private let images = npy("|u1", [4, 1, 2], [1, 2, 3, 4, 5, 6, 7, 8])
  private let labels = npy("|u1", [4], [0, 1, 0, 1])

  init() throws { folder = try TemporaryFolder() }

  private func read(_ bytes: [UInt8]) throws -> Dataset {
    let files = ImageFiles(.npy, validation: .last(1), test: .last(1))
    return try Dataset(reading: files, at: try folder.write(bytes, to: "a.npz"))
  }

  private func entries(_ change: (inout ZipEntry) -> Void = { _ in }) -> [ZipEntry] {
    var first = ZipEntry(name: "train-images.npy", data: images)
    change(&first)
    return [first, ZipEntry(name: "train-labels.npy", data: labels)]
  }

  @Test("damaged, encrypted or cut archives, and those of another form, are refused", arguments: [false, true])
  func refused(isDeflated: Bool) throws {
    #expect(try read(zipArchive(entries { $0.isDeflated = isDeflated })).train.labels == [0, 1])
    func expect(_ word: String, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws {
      do {
        _ = try read(bytes)
        Issue.record("no error of \(word)", sourceLocation: sourceLocation)
      } catch let error as DataError {
        let text = error.description
        #expect(text.contains(word) && !text.contains("\n"), "\(text)", sourceLocation: sourceLocation)
        #expect(text.hasPrefix(folder.path), "\(text)", sourceLocation: sourceLocation)
      }
    }
    try expect("CRC-32 0x0000007b", zipArchive(entries { ($0.isDeflated, $0.checksum) = (isDeflated, 123) }))
    try expect("an unencrypted entry", zipArchive(entries { ($0.isDeflated, $0.flags) = (isDeflated, 1) }))
    try expect("whose size is in its header", zipArchive(entries { ($0.isDeflated, $0.flags) = (isDeflated, 8) }))
    try expect("one train-images.npy, found a second", zipArchive(entries { $0.isDeflated = isDeflated } + entries()))
    try expect("train-labels.npy, found the end without it", zipArchive([entries { $0.isDeflated = isDeflated }[0]]))
    let whole = zipArchive(entries { $0.isDeflated = isDeflated })
    for length in 0..<whole.count { try expect("expected ", Array(whole[..<length])) }
    try expect("the end after", whole + [0])
    try expect("a ZIP archive's entry", Array("PK\u{5}\u{7}".utf8) + whole)
  }

  @Test("an empty archive lacks its arrays")
  func empty() throws {
    do {
      _ = try read(zipArchive([]))
      Issue.record("no error")
    } catch let error as DataError {
      #expect(error.description.contains("train-images.npy, found the end without it"))
    }
  }

  @Test("an entry of no bytes that is no array is passed over, stored or deflated", arguments: [false, true])
  func emptyEntry(isDeflated: Bool) throws {
    let note = ZipEntry(name: "note", data: [], isDeflated: isDeflated)
    #expect(try read(zipArchive([note] + entries() + [note])).train.labels == [0, 1])
  }

  @Test("an entry that claims more than it can hold takes no memory")
  func bomb() throws {
    var bytes = zipArchive(entries { $0.isDeflated = true })
    // The size in 64 bits, after the header's 30 bytes, the name's 16 and the field's 4.
    bytes.replaceSubrange(50..<58, with: [0, 0, 0, 0, 0, 1, 0, 0])
    do {
      _ = try read(bytes)
      Issue.record("no error")
    } catch let error as DataError {
      #expect(error.description.contains("expected sizes that fit together"), "\(error)")
    }
  }

  @Test("the directory may have fields of its own, the end for archives of more than 4 GB, and a comment")
  func directory() throws {
    // A field of kind 0x5455 with five bytes, as zip writes it.
    let fields: [UInt8] = [0x55, 0x54, 5, 0, 3, 1, 2, 3, 4]
    for (isLong, comment) in [(false, ""), (true, ""), (false, "by hand"), (true, "PK")] {
      for ownFields in [[], fields] {
        let archive = zipArchive(entries { $0.directoryFields = ownFields }, isLong: isLong, comment: comment)
        #expect(try read(archive).train.labels == [0, 1])
        #expect(throws: DataError.self) { try read(Array(archive.dropLast())) }
      }
    }
  }

  @Test("sizes in 64 bits are looked for behind other fields, and if only one of the two is missing from the header")
  func fields() throws {
    // A field of kind 0x5455, as long as two sizes.
    let times: [UInt8] = [0x55, 0x54, 16, 0] + [UInt8](repeating: 1, count: 16)
    for isDeflated in [false, true] {
      for hasShortSize in [false, true] {
        let archive = zipArchive(
          entries {
            ($0.isDeflated, $0.hasShortSize, $0.otherFields) = (isDeflated, hasShortSize, times)
          })
        #expect(try read(archive).train.labels == [0, 1])
      }
    }
  }
}
