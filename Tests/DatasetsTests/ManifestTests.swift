import BuiltInDatasets
import Datasets
import Files
import Fixtures
import Foundation
import TestSupport
import Testing

@Suite struct ManifestTests {
  /// One change to the manifest of the digits, and words of the message it must cause.
  struct Change: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    let mentions: String
    var testDescription: String { "\(old) → \(new)" }
  }

  static let changes = [
    Change(old: "\"classes\": 10", new: "\"classes\": 0", mentions: "classes 0"),
    Change(old: "\"classes\": 10", new: "\"classes\": 257", mentions: "classes 257"),
    Change(old: "\"classes\": 10", new: "\"klasses\": 10", mentions: "no classes"),
    Change(old: "\"classes\": 10", new: "\"classes\": \"ten\"", mentions: "classes"),
    Change(old: "\"pixelMaximum\": 16", new: "\"pixelMaximum\": 0", mentions: "pixelMaximum 0"),
    Change(old: "\"pixelMaximum\": 16", new: "\"pixelMaximum\": 256", mentions: "pixelMaximum 256"),
    Change(old: "\"train\": 1097", new: "\"train\": 1096", mentions: "[1096, 300, 400] samples of 1797"),
    Change(old: "\"train\": 1097", new: "\"train\": -1", mentions: "[-1, 300, 400]"),
    Change(old: "\"test\": 400", new: "\"test\": 9223372036854775807", mentions: "9223372036854775807"),
    Change(old: "\"name\": \"labels-idx1-ubyte.gz\"", new: "\"name\": \"../labels\"", mentions: "../labels"),
    Change(old: "1797,\n        8,\n        8", new: "1797,\n        8", mentions: "[1797, 8]"),
    Change(old: "1797,\n        8,\n        8", new: "1796,\n        8,\n        8", mentions: "[1796, 8, 8]"),
    Change(old: "1797,\n        8,\n        8", new: "1797,\n        0,\n        8", mentions: "[1797, 0, 8]"),
    Change(old: "\"decompressedBytes\": 1805", new: "\"decompressedBytes\": -1", mentions: "decompressedBytes -1"),
    Change(old: "\"split\": {", new: "\"split\": ", mentions: "found "),
  ]

  @Test("an impossible manifest is corrupt, and the message says why in one line", arguments: changes)
  func changed(change: Change) throws {
    let directory = try #require(Fixtures.directory(of: "digits"))
    let text = try String(contentsOfFile: "\(directory)/manifest.json", encoding: .utf8)
    #expect(text.contains(change.old))
    let folder = try TemporaryFolder()
    let path = try folder.write(Array(text.replacing(change.old, with: change.new, maxReplacements: 1).utf8))
    do {
      _ = try DigitsManifest(path: path)
      Issue.record("no error")
    } catch {
      let isManifest = if case .corrupt(_, "manifest", _) = error { true } else { false }
      #expect(isManifest, "\(error)")
      #expect(error.position == .init(path: path, offset: 0))
      #expect(error.description.hasPrefix("\(path): at byte 0: expected valid manifest, found "))
      #expect(error.description.contains(change.mentions) && !error.description.contains("\n"), "\(error)")
    }
  }

  @Test("of each built-in set, every file is listed with its size and its digest as it is stored")
  func listed() throws {
    let sets = try ListedSet.all(in: nil).filter(\.isBuiltIn)
    #expect(sets.map(\.name) == Fixtures.names)
    for set in sets {
      #expect(!set.files.isEmpty)
      for file in set.files {
        let bytes = Array(try Data(contentsOf: URL(filePath: "\(set.keptAt)/\(file.name)")))
        #expect(file.bytes == bytes.count && file.sha256 == hexadecimal(sha256: bytes), "\(set.name), \(file.name)")
      }
    }
  }

  @Test("a published file that is shorter or longer than it was published is not there")
  func incomplete() throws {
    let folder = try TemporaryFolder()
    for (count, isThere) in [(4541, false), (4542, true), (4543, false)] {
      try folder.write([UInt8](repeating: 0, count: count), to: "t10k-labels-idx1-ubyte.gz")
      let set = try #require(try ListedSet.all(in: folder.path).first { $0.name == "mnist" })
      #expect(set.files.map(\.isThere) == [false, false, false, isThere], "\(count)")
      #expect(set.files.compactMap(\.foundAt) == (isThere ? ["t10k-labels-idx1-ubyte.gz"] : []))
    }
  }
}
