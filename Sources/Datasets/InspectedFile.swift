import Foundation

/// What `signet data inspect` finds in a file.
package enum InspectedFile: Sendable {
  case images(ImageSheet)
  case labels(path: String, [UInt8])

  /// The file, or the archive and the member.
  package var path: String {
    switch self {
    case .images(let sheet): sheet.path
    case .labels(let path, _): path
    }
  }
}

extension InspectedFile {
  private static let imageEndings =
    ["images-idx3-ubyte.gz", "images-idx3-ubyte", "images.idx3-ubyte.gz", "images.idx3-ubyte"] + archiveEndings + [
      ".bin", ".mat", ".npy", ".npy.gz", ".npz",
    ]
  private static let archiveEndings = [".tar.gz", ".tar"]

  /// Images and labels of a file, of each member of an archive, or of each file of a directory and of the folders in it
  /// where published sets are looked for (see `DataSearch`).
  ///
  /// IDX images take their labels from the file next to them with the same name, but `labels-idx1` instead of `images-idx3` (or
  /// `labels.idx1` instead of `images.idx3`).
  ///
  /// - Throws: `DataError`; `wrongMagic` if a file is of another format.
  package static func read(path: String) throws(DataError) -> [InspectedFile] {
    guard DataSearch.isDirectory(path) else { return try files(path: path) }
    var folders: [String] = []
    for folder in Catalogue.entries.flatMap(\.folders)
    where !folders.contains(folder) && DataSearch.isDirectory("\(path)/\(folder)") { folders.append(folder) }
    let paths = folders.flatMap { folder in
      ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? []).sorted()
        .filter { name in imageEndings.contains { name.hasSuffix($0) } }
        .map { "\(path)/\(folder)\($0)" }.filter(DataSearch.isFile)
    }
    if paths.isEmpty { throw .setMissing(directory: path, names: imageEndings.map { "*" + $0 }, folders: folders) }
    var found: [InspectedFile] = []
    for path in paths { found += try files(path: path) }
    return found
  }

  private static let limit = 1 << 30

  private static func files(path: String) throws(DataError) -> [InspectedFile] {
    if archiveEndings.contains(where: path.hasSuffix) { return try archive(path: path) }
    if path.hasSuffix(".bin") { return [try records(path: path)] }
    if path.hasSuffix(".mat") { return [try svhn(path: path)] }
    if path.hasSuffix(".npy") || path.hasSuffix(".npy.gz") { return [try array(path: path)] }
    if path.hasSuffix(".npz") { return try arrays(path: path) }
    return [try idx(path: path)]
  }

  private static func idx(path: String) throws(DataError) -> InspectedFile {
    let file = try StoredFile(path: path, limit: limit)
    if file.bytes.starts(with: [0, 0, 8, 1]) { return .labels(path: path, Array(try IDX(file, rank: 1).values)) }
    let images = try IDX(file, rank: 3)
    return .images(
      ImageSheet(
        path: path, count: images.dimensions[0], channels: 1, height: images.dimensions[1], width: images.dimensions[2],
        pixels: Array(images.values), labels: try labels(for: images)))
  }

  /// An NPY file of images, or of labels below 256.
  private static func array(path: String) throws(DataError) -> InspectedFile {
    var stream = try ContentStream(path: path, limit: limit)
    return try array(path, from: &stream)
  }

  /// Every NPY file in an archive.
  private static func arrays(path: String) throws(DataError) -> [InspectedFile] {
    var archive = try ZipReader(path: path)
    var found: [InspectedFile] = []
    while let entry = try archive.next() {
      if entry.name.hasSuffix(".npy") { found.append(try array("\(path): \(entry.name)", from: &archive)) }
    }
    if found.isEmpty { throw .missingMember(at: archive.position, name: "*.npy") }
    return found
  }

  private static func array<Source: ByteSource & ~Copyable>(
    _ path: String, from source: inout Source
  ) throws(DataError) -> InspectedFile {
    let header = try ArrayHeader(npy: &source)
    if header.shape.count > 2 {
      let images = try ImageArray(header, from: &source, pixelMaximum: 255)
      return .images(ImageSheet(path: path, images))
    }
    let labels = try LabelArray(header, column: nil, from: &source)
    return .labels(
      path: path,
      try labels.values.enumerated().map { (index, value) throws(DataError) in
        guard let label = UInt8(exactly: value) else {
          throw .unexpected(at: labels.position(index), expected: "a label from 0 to 255", actual: "\(value)")
        }
        return label
      })
  }

  private static func labels(for images: IDX) throws(DataError) -> [UInt8]? {
    let path = images.file.path
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let name = path.dropFirst(folder.count)
    let plain = String(name.hasSuffix(".gz") ? name.dropLast(3) : name)
    let candidates = ["-", "."].flatMap { hyphen in
      let labels = plain.replacing(/images[-.]idx3/, with: "labels\(hyphen)idx1")
      return ["\(folder)\(labels).gz", folder + labels]
    }
    for candidate in candidates where candidate != path && DataSearch.isFile(candidate) {
      let labels = try IDX(StoredFile(path: candidate, limit: limit), rank: 1)
      if labels.dimensions[0] != images.dimensions[0] {
        throw .countMismatch(
          at: labels.file.position(4), images: images.dimensions[0], labels: labels.dimensions[0])
      }
      return Array(labels.values)
    }
    return nil
  }

  /// Every member of a CIFAR archive that is named like one of CIFAR's files.
  private static func archive(path: String) throws(DataError) -> [InspectedFile] {
    var archive = try TarReader(path: path, limit: limit)
    var found: [InspectedFile] = []
    while let entry = try archive.next() {
      guard let records = CIFARRecords.named(entry.name), entry.header.isFile else { continue }
      found.append(.images(try sheet("\(path): \(entry.name)", records, from: &archive)))
    }
    if found.isEmpty { throw .missingMember(at: archive.position, name: "*/data_batch_1.bin or */train.bin") }
    return found
  }

  /// A CIFAR file; a file with another name is read as one of CIFAR-10.
  private static func records(path: String) throws(DataError) -> InspectedFile {
    var file = try ContentStream(path: path, limit: limit)
    return .images(try sheet(path, CIFARRecords.named(path) ?? .cifar10, from: &file))
  }

  private static func sheet<Source: ByteSource & ~Copyable>(
    _ path: String, _ records: CIFARRecords, from source: inout Source
  ) throws(DataError) -> ImageSheet {
    var store = ImageStore(imageSize: CIFARRecords.imageSize)
    let labels = try records.read(from: &source, into: &store)
    return ImageSheet(
      path: path,
      LabelledImages(
        store: store, rows: labels.indices.map { UInt32($0) }, labels: labels, channels: 3, height: 32, width: 32,
        classes: records.classes, pixelMaximum: 255))
  }

  private static func svhn(path: String) throws(DataError) -> InspectedFile {
    var store = ImageStore(imageSize: SVHNFile.imageSize)
    let file = try SVHNFile(path: path, into: &store)
    return .images(ImageSheet(path: path, LabelledImages(digits: store, labels: file.labels)))
  }
}
