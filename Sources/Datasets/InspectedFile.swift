import Files

/// What `signet data inspect` finds in a file.
package enum InspectedFile: Sendable {
  case images(ImageSheet)
  /// Labels, the first of so many columns.
  case labels(path: String, [UInt8], columns: Int = 1)
  /// An array that is neither, and why.
  case other(path: String, DataError)

  /// The file, or the archive and the member.
  package var path: String {
    switch self {
    case .images(let sheet): sheet.path
    case .labels(let path, _, _), .other(let path, _): path
    }
  }
}

extension InspectedFile {
  private static let imageEndings =
    ImageFileFolder.idxEndings(labels: false) + archiveEndings + [".bin", ".mat", ".npy", ".npy.gz", ".npz"]
  private static let endings = imageEndings + ImageFileFolder.idxEndings(labels: true)
  private static let archiveEndings = [".tar.gz", ".tar"]

  /// Images and labels of a file, of each member of an archive, or of each file of a directory and of the folders in it
  /// where published sets are looked for (see `DataSearch`), except IDX labels that are read with images.
  ///
  /// IDX images take their labels from the file next to them with the same name, but `labels-idx1-ubyte` instead of
  /// `images-idx3-ubyte`, say. Of labels in several columns the first is read. Of several NPY arrays, those with names that
  /// training does not read need be neither images nor labels.
  ///
  /// - Parameter unreadable: told of each file of a directory that cannot be read, after which the others are read all the same;
  ///   nil throws the first such error.
  /// - Throws: `DataError`; `unexpected` if a file is of another format.
  package static func read(
    path: String, unreadable: ((DataError) -> Void)? = nil
  ) throws(DataError) -> [InspectedFile] {
    guard isDirectory(path) else { return try files(path: path) }
    var folders: [String] = []
    for folder in Catalogue.entries.flatMap(\.folders)
    where !folders.contains(folder) && isDirectory("\(path)/\(folder)") { folders.append(folder) }
    var paths: [String] = []
    for folder in folders {
      let files = try ImageFileFolder(folder.isEmpty ? path : "\(path)/\(folder.dropLast())")
      paths += files.names.filter { name in endings.contains { name.hasSuffix($0) } }.map(files.file)
    }
    if paths.isEmpty { throw .setMissing(directory: path, names: imageEndings.map { "*" + $0 }, folders: folders) }
    var found: [InspectedFile] = []
    var shown: Set<String> = []
    // Images come before the labels beside them.
    for path in paths where !shown.contains(path) {
      do throws(DataError) {
        found += try files(path: path)
        if let labels = try labelFile(beside: path) { shown.insert(labels) }
      } catch {
        if let other = passedOver(path, named: path.split(separator: "/").last ?? "", after: error) {
          found.append(other)
          continue
        }
        guard let unreadable else { throw error }
        unreadable(error)
      }
    }
    return found
  }

  /// An array that is not as images or labels are, if that is no fault of it: training reads arrays by their names, and passes others.
  private static func passedOver(_ path: String, named file: Substring, after error: DataError) -> InspectedFile? {
    let endings = [".npy", ".npy.gz"]
    guard let ending = endings.first(where: { file.hasSuffix($0) }) else { return nil }
    let name = String(file.dropLast(ending.count))
    let isRead = ImagePart.allCases.contains { part in
      part.arrayNames(of: false).contains(name) || part.arrayNames(of: true).contains(name)
    }
    switch error {
    // What does not begin as an array is none.
    case .unexpected(let at, _, _) where at.offset == 0: return nil
    case .unexpected, .tooFewItems: return isRead ? nil : .other(path: path, error)
    default: return nil
    }
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
    var stream = try ContentStream(path: path, limit: limit)
    let header = try ArrayHeader(idx: &stream)
    return try array(path, header, from: &stream, labels: try labels(beside: path, count: header.shape[0]))
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
      guard entry.name.hasSuffix(".npy") else { continue }
      let path = "\(path): \(entry.name)"
      do throws(DataError) { found.append(try array(path, from: &archive)) } catch {
        guard let other = passedOver(path, named: entry.name[...], after: error) else { throw error }
        found.append(other)
      }
    }
    if found.isEmpty { throw .missingMember(at: archive.position, name: "*.npy") }
    return found
  }

  private static func array<Source: ByteSource & ~Copyable>(
    _ path: String, from source: inout Source
  ) throws(DataError) -> InspectedFile {
    try array(path, try ArrayHeader(npy: &source), from: &source)
  }

  /// The images behind a header of three or more dimensions, which may have labels of another file, or the labels behind another.
  private static func array<Source: ByteSource & ~Copyable>(
    _ path: String, _ header: ArrayHeader, from source: inout Source, labels: [UInt8]? = nil
  ) throws(DataError) -> InspectedFile {
    if header.shape.count > 2 {
      let images = try ImageArray(header, from: &source, pixelMaximum: 255)
      return .images(ImageSheet(path: path, images, labels: labels))
    }
    return .labels(path: path, try self.labels(header, from: &source), columns: header.columns)
  }

  /// The labels behind a header, or the first column of them.
  private static func labels<Source: ByteSource & ~Copyable>(
    _ header: ArrayHeader, from source: inout Source
  ) throws(DataError) -> [UInt8] {
    let labels = try LabelArray(header, column: 0, from: &source)
    return try labels.values.enumerated().map { (index, value) throws(DataError) in
      guard let label = UInt8(exactly: value) else {
        throw .unexpected(at: labels.position(index), expected: "a label from 0 to 255", actual: "\(value)")
      }
      return label
    }
  }

  /// The labels in the file beside one of IDX images; nil if there is none, or for a file of labels.
  private static func labels(beside path: String, count: Int) throws(DataError) -> [UInt8]? {
    guard let file = try labelFile(beside: path) else { return nil }
    var stream = try ContentStream(path: file, limit: limit)
    let header = try ArrayHeader(idx: &stream)
    if header.shape[0] != count {
      throw .countMismatch(at: header.position, images: count, labels: header.shape[0])
    }
    return try labels(header, from: &stream)
  }

  /// The file of the labels beside one of IDX images; nil if there is none, or for a file of labels.
  private static func labelFile(beside path: String) throws(DataError) -> String? {
    guard let ending = ImageFileFolder.idxEndings(labels: false).first(where: path.hasSuffix) else { return nil }
    for name in ImageFileFolder.idxEndings(labels: true) {
      let candidate = String(path.dropLast(ending.count)) + name
      guard DataSearch.isFile(candidate) else { continue }
      var stream = try ContentStream(path: candidate, limit: limit)
      // Labels in several columns leave the choice to the user.
      if try ArrayHeader(idx: &stream).columns <= 1 { return candidate }
    }
    return nil
  }

  /// Every member of a CIFAR archive that is named like one of CIFAR's files.
  private static func archive(path: String) throws(DataError) -> [InspectedFile] {
    var archive = try TarReader(path: path, limit: limit)
    var found: [InspectedFile] = []
    while let entry = try archive.next() {
      guard let labels = ImageFileFolder.labelsPerRecord(of: entry.name), entry.header.isFile else { continue }
      let records = labels == 1 ? CIFARRecords.cifar10 : .cifar100
      found.append(.images(try sheet("\(path): \(entry.name)", records, from: &archive)))
    }
    if found.isEmpty { throw .missingMember(at: archive.position, name: "*/data_batch_1.bin or */train.bin") }
    return found
  }

  /// A file of CIFAR records, of published or of custom images; one label is read per record if the name does not tell how many.
  private static func records(path: String) throws(DataError) -> InspectedFile {
    var file = try ContentStream(path: path, limit: limit)
    let records = CIFARRecords(labels: ImageFileFolder.labelsPerRecord(of: path) ?? 1)
    return .images(try sheet(path, records, from: &file))
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
