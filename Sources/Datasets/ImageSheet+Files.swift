import Foundation

/// What `signet data inspect` found in a file.
package enum InspectedFile: Sendable {
  case images(ImageSheet)
  case labels(path: String, [UInt8])
}

extension InspectedFile {
  /// Images and labels of a file, or of each file of a directory.
  ///
  /// Images take their labels from the file beside them that is named as they are, with `labels-idx1` for `images-idx3`.
  ///
  /// - Throws: `DataError`; `wrongMagic` if a file is of another format.
  package static func read(path: String) throws(DataError) -> [InspectedFile] {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
      return [try file(path: path)]
    }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter {
      $0.hasSuffix("images-idx3-ubyte") || $0.hasSuffix("images-idx3-ubyte.gz")
    }
    if names.isEmpty {
      throw .fileMissing(path: path, lookedFor: ["*images-idx3-ubyte.gz", "*images-idx3-ubyte"])
    }
    var files: [InspectedFile] = []
    for name in names.sorted() { files.append(try file(path: "\(path)/\(name)")) }
    return files
  }

  private static var limit: Int { 1 << 30 }

  private static func file(path: String) throws(DataError) -> InspectedFile {
    let file = try StoredFile(path: path, limit: limit)
    if file.bytes.starts(with: [0, 0, 8, 1]) { return .labels(path: path, Array(try IDX(file, rank: 1).values)) }
    let images = try IDX(file, rank: 3)
    return .images(
      ImageSheet(
        path: path, count: images.dimensions[0], channels: 1, height: images.dimensions[1], width: images.dimensions[2],
        pixels: Array(images.values), labels: try labels(for: images)))
  }

  private static func labels(for images: IDX) throws(DataError) -> [UInt8]? {
    let path = images.file.path
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let name = path.dropFirst(folder.count).replacing("images-idx3", with: "labels-idx1")
    let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : String(name)
    for candidate in ["\(folder)\(plain).gz", folder + plain]
    where candidate != path && FileManager.default.fileExists(atPath: candidate) {
      let labels = try IDX(StoredFile(path: candidate, limit: limit), rank: 1)
      if labels.dimensions[0] != images.dimensions[0] {
        throw .countMismatch(
          at: labels.file.position(4), images: images.dimensions[0], labels: labels.dimensions[0])
      }
      return Array(labels.values)
    }
    return nil
  }
}
