import Foundation
import TestSupport
import Testing

/// What each option of `data list`, `data verify` and `data inspect` changes, and that text and JSON say the same.
@Suite("Commands by outcome: data")
struct DataOutcomeTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func data(_ arguments: [String]) throws -> SignetProgram.Outcome {
    try SignetProgram.run(["data"] + arguments)
  }

  @Test("data list: the text has what --json has, and where each file is if a directory is given")
  func list() throws {
    try folder.write([UInt8](repeating: 0, count: 4542), to: "t10k-labels-idx1-ubyte.gz")
    for options in [[], ["--data", folder.path]] {
      let sets = try SignetProgram.objects(data(["list", "--json"] + options).done().output)
      let blocks = try data(["list"] + options).done().output.components(separatedBy: "\n\n")
      #expect(sets.count == 9 && blocks.count == 9)
      for (set, block) in zip(sets, blocks) {
        func word(_ key: String) throws -> String { try #require(set[key] as? String, "\(key)") }
        let head = try [
          "\(word("name")): \(word("title"))", set["citation"].map { "  cite:    \($0)" },
          "  licence: \(set["licence"] ?? "see the address")",
          "  kept at: \(word("keptAt"))\(set["isBuiltIn"] as? Bool == true ? " (built in)" : "")",
        ].compactMap { $0 }
        let lines = block.split(separator: "\n").map(String.init)
        #expect(lines.prefix(head.count) == head[...])
        let files = try #require(set["files"] as? [[String: Any]])
        let rows = try files.map { file -> [String] in
          let digest =
            (file["sha256"] as? String).map { "SHA-256 \($0)" } ?? (file["md5"] as? String).map { "MD5 \($0)" }
          let presence = (file["isThere"] as? Bool).map { $0 ? "there: \(file["foundAt"] ?? "")" : "not there" }
          return try [
            #require(file["name"] as? String), "\(#require(file["bytes"] as? Int)) bytes", #require(digest),
          ] + (presence.map { [$0] } ?? [])
        }
        #expect(lines.dropFirst(head.count).map { tableCells($0) } == rows)
      }
      let digest = "SHA-256 f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"
      let row = ["t10k-labels-idx1-ubyte.gz", "4542 bytes", digest]
      let found = blocks[4].split(separator: "\n").map { tableCells($0) }.last
      #expect(found == row + (options.isEmpty ? [] : ["there: t10k-labels-idx1-ubyte.gz"]))
    }
  }

  @Test("data verify: the table has what --json has, cell by cell, and both end with 65 and the same line")
  func verify() throws {
    try folder.write([1], to: "test_32x32.mat")
    try folder.write([1], to: "notes")
    try FileManager.default.createDirectory(atPath: folder.file("fashion-mnist"), withIntermediateDirectories: true)
    try folder.write([1, 2], to: "fashion-mnist/t10k-labels-idx1-ubyte.gz")
    let (text, json) = (
      try data(["verify", "--data", folder.path]), try data(["verify", "--data", folder.path, "--json"])
    )
    for outcome in [text, json] {
      #expect(outcome.code == 65)
      let line = "expected the files of known data sets, found 2 of 2 with wrong contents\n"
      #expect(outcome.errors == "signet: \(folder.path): \(line)")
    }
    let verdicts = try SignetProgram.objects(json.output)
    let rows = try verdicts.map { verdict -> [String] in
      let words = try ["file", "status"].map { try #require(verdict[$0] as? String) }
      let detail = verdict["expected"].map { "expected \($0), found \(verdict["found"] ?? "")" }
      return [verdict["set"] as? String ?? "-"] + words + (detail.map { [$0] } ?? [])
    }
    #expect(text.rows.dropLast(2) == rows[...] && rows.count == 8)
    #expect(rows[1] == ["svhn", "test_32x32.mat", "wrong contents", "expected 64275384 bytes, found 1 bytes"])
    let wrong = ["fashion-mnist/t10k-labels-idx1-ubyte.gz", "wrong contents", "expected 5148 bytes, found 2 bytes"]
    #expect(rows.contains(["fashion-mnist"] + wrong) && rows[7] == ["-", "notes", "unknown"])
    #expect(
      text.lines.suffix(2) == [
        "svhn: 0 of 3 known files are here", "fashion-mnist in fashion-mnist: 0 of 4 known files are here",
      ])
    let empty = try TemporaryFolder()
    let nothing = try data(["verify", "--data", empty.path, "--json"])
    #expect(nothing.code == 65)
    #expect(try SignetProgram.objects(nothing.output).isEmpty)
    #expect(try data(["verify"]).code == 64)
    let file = try data(["verify", "--data", folder.file("notes")])
    #expect(file.code == 74 && file.errors.contains("notes: expected a directory"), "\(file.errors)")
  }

  /// Writes IDX images of some height and width, each of one value throughout, and labels beside them that are these values.
  private func images(_ name: String, _ size: (height: Int, width: Int), _ values: [UInt8]) throws -> String {
    let count = UInt32(values.count)
    try folder.write(idx([count], values), to: "\(name)-labels-idx1-ubyte")
    let pixels = values.flatMap { Array(repeating: $0, count: size.height * size.width) }
    return try folder.write(
      idx([count, UInt32(size.height), UInt32(size.width)], pixels), to: "\(name)-images-idx3-ubyte")
  }

  @Test("data inspect --images: so many images as text, 3 by default, and what comes before them is the same")
  func inspectedImages() throws {
    let path = try images("a", (2, 2), [4, 3, 2, 1, 0])
    let bars = (0...4).map { "\($0)  1  \(String(repeating: "#", count: 40))" }
    let head = [path, "5 images, 1×2×2, pixels 0 to 4", "5 classes"] + bars
    // Of ten characters from empty to full, the one of k/4: 0, 9/4, 18/4, 27/4 and 9, rounded down.
    for (options, shown) in [
      ([], ["the first images: 4, 3, 2", "@@  **  =="]), (["--images", "0"], []),
      (["--images", "1"], ["the first image: 4", "@@"]),
      (["--images", "100"], ["the first images: 4, 3, 2, 1, 0", "@@  **  ==  ::"]),
    ] {
      let outcome = try data(["inspect", path] + options).done()
      #expect(outcome.lines == head + shown && outcome.errors.isEmpty, "\(options)")
    }
    let outcome = try data(["inspect", path, "--images", "101"])
    #expect(outcome.code == 64 && outcome.errors.contains("--images: expected a number from 0 to 100, found 101"))
  }

  @Test("data inspect DIR: what can be read is shown, and each file that cannot be read is told of once, with 65")
  func inspectedDirectory() throws {
    let sound = try images("a", (2, 2), [4, 3])
    _ = try images("b", (2, 2), [1, 0])
    try folder.write(idx([3], [1, 0, 0]), to: "b-labels-idx1-ubyte")
    try folder.write([1, 2, 3], to: "c-labels-idx1-ubyte")
    _ = try images("d", (1, 1), [5])
    try folder.write([1, 2, 3], to: "d-labels-idx1-ubyte")
    let outcome = try data(["inspect", folder.path, "--images", "0"])
    #expect(outcome.code == 65)
    let heads = outcome.output.components(separatedBy: "\n\n").map { $0.split(separator: "\n").first.map(String.init) }
    #expect(heads == [sound, folder.file("b-labels-idx1-ubyte")])
    let errors = outcome.errors.split(separator: "\n")
    try #require(errors.count == 3, "\(errors)")
    for (error, name) in zip(errors, ["b", "c", "d"]) {
      #expect(error.hasPrefix("signet: \(folder.file("\(name)-labels-idx1-ubyte")): "), "\(error)")
    }
    let png = try data(["inspect", folder.file("c-labels-idx1-ubyte"), "--png", folder.file("png")])
    #expect(png.code == 65 && png.errors.contains("c-labels-idx1-ubyte"))
  }

  @Test("data inspect --png: the first 100 images of the first file in ten columns, whatever --images says")
  func inspectedPNG() throws {
    let many = try images("b", (1, 1), [UInt8](repeating: 1, count: 103))
    _ = try images("a", (3, 5), [7])
    let png = folder.file("sheet.png")
    /// The picture's width and height; one pixel lies around and between the images.
    func size(_ arguments: [String]) throws -> [Int] {
      let outcome = try data(["inspect", "--png", png] + arguments).done()
      #expect(outcome.lines.first == (arguments[0] == folder.path ? folder.file("a-images-idx3-ubyte") : arguments[0]))
      let bytes = try folder.bytes(of: "sheet.png")
      return [16, 20].map { at in bytes[at..<(at + 4)].reduce(0) { $0 * 256 + Int($1) } }
    }
    #expect(try size([many]) == [10 * 2 + 1, 10 * 2 + 1])
    #expect(try size([many, "--images", "1"]) == [21, 21])
    #expect(try size([folder.path]) == [5 + 2, 3 + 2])
    let kept = ["b-images-idx3-ubyte", "b-labels-idx1-ubyte"]
    for (read, name) in [(many, kept[0]), (folder.path, kept[0]), (many, kept[1])] {
      let before = try folder.bytes(of: name)
      try data(["inspect", read, "--png", folder.file(name)]).expectFailure(
        64, ["--png: expected a new file or a PNG file, found another file at \(folder.file(name))"])
      #expect(try folder.bytes(of: name) == before)
    }
    // Whoever read it would wait for ever.
    try #require(mkfifo(folder.file("pipe"), 0o600) == 0)
    try data(["inspect", many, "--png", folder.file("pipe")]).expectFailure(
      74, ["pipe: expected a regular file or none, found another kind of file"])
    try FileManager.default.removeItem(atPath: png)
    try data(["inspect", folder.file("a-labels-idx1-ubyte"), "--png", png]).expectFailure(
      64, ["--png: expected a file of images, found none"])
    #expect(!FileManager.default.fileExists(atPath: png))
  }
}
