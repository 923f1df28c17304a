extension Dataset {
  /// CIFAR-10, 32×32 colour images of 10 classes: the training set's last 5,000 are for validation, the others for training.
  ///
  /// `directory` contains `cifar-10-binary.tar.gz` (or `.tar`, as some browsers leave it) or, failing that, the archive's files
  /// `data_batch_1.bin` … `data_batch_5.bin` and `test_batch.bin`, directly or in a folder `cifar-10-batches-bin` or
  /// `cifar-10`. Source: A. Krizhevsky, *Learning Multiple Layers of Features from Tiny Images*, 2009.
  ///
  /// - Throws: `DataError`
  public static func cifar10(directory: String) throws(DataError) -> Dataset {
    try cifar10(directory: directory, validation: 5000)
  }

  /// CIFAR-100, 32×32 colour images of 100 classes (the fine labels): the training set's last 5,000 are for validation.
  ///
  /// `directory` contains `cifar-100-binary.tar.gz` (or `.tar`) or, failing that, the archive's files `train.bin` and
  /// `test.bin`, directly or in a folder `cifar-100-binary` or `cifar-100`. Source: as for ``cifar10(directory:)``.
  ///
  /// - Throws: `DataError`
  public static func cifar100(directory: String) throws(DataError) -> Dataset {
    try cifar100(directory: directory, validation: 5000)
  }

  /// - Parameter validation: how many of the last training images; there must be more than that.
  package static func cifar10(directory: String, validation: Int) throws(DataError) -> Dataset {
    try CIFARFiles(entry: Catalogue.cifar10, records: .cifar10).read(in: directory, validation: validation)
  }

  /// - Parameter validation: how many of the last training images; there must be more than that.
  package static func cifar100(directory: String, validation: Int) throws(DataError) -> Dataset {
    try CIFARFiles(entry: Catalogue.cifar100, records: .cifar100).read(in: directory, validation: validation)
  }
}

/// Where the images of one of the two data sets are.
private struct CIFARFiles {
  let entry: CatalogueEntry
  let records: CIFARRecords

  /// The files' names in the archive: the training files in their order, then the test file.
  private var members: [String] { entry.extracted.map { (entry.folder.map { "\($0)/" } ?? "") + $0.name } }

  /// CIFAR's archives have 184 MB decompressed, its largest file 154 MB.
  private static let limit = 1 << 29

  /// The images of one file.
  private struct Part {
    let rows: Range<Int>
    let labels: [UInt8]
  }

  /// All images in one store, and the file that each comes from.
  private struct Contents {
    var images = ImageStore(imageSize: CIFARRecords.imageSize)
    var parts: [Part?]
    var digests: [(name: String, sha256: String)] = []
    /// The position where the first file begins, for the error that there are too few images.
    var beginning: DataError.Position?
  }

  func read(in directory: String, validation: Int) throws(DataError) -> Dataset {
    let contents = try contents(in: directory)
    let parts = contents.parts.compactMap { $0 }
    let training = images(contents, parts.dropLast())
    if training.count <= validation {
      let place = contents.beginning ?? .init(path: directory, offset: 0)
      throw .tooFewItems(at: place, minimum: validation + 1, actual: training.count)
    }
    let boundary = training.count - validation
    return Dataset(
      name: entry.name, train: training[0..<boundary], validation: training[boundary..<training.count],
      test: images(contents, parts.suffix(1)), fileDigests: contents.digests)
  }

  private func images(_ contents: Contents, _ parts: ArraySlice<Part>) -> LabelledImages {
    LabelledImages(
      store: contents.images, rows: parts.flatMap { $0.rows.map { UInt32($0) } }, labels: parts.flatMap(\.labels),
      channels: 3, height: 32, width: 32, classes: records.classes, pixelMaximum: 255)
  }

  private func contents(in directory: String) throws(DataError) -> Contents {
    let location = try DataSearch(entry, in: directory).locate()
    return location.isExtracted
      ? try fromFiles(location.paths, in: directory) : try fromArchive(location.paths[0], in: directory)
  }

  private func fromFiles(_ paths: [String], in directory: String) throws(DataError) -> Contents {
    var contents = Contents(parts: [])
    for path in paths {
      var file = try ContentStream(path: "\(directory)/\(path)", limit: Self.limit)
      if contents.beginning == nil { contents.beginning = file.position }
      contents.parts.append(try part(from: &file, into: &contents.images))
      contents.digests.append((path, file.sha256))
    }
    return contents
  }

  /// The members may come in any order, with others among them.
  private func fromArchive(_ path: String, in directory: String) throws(DataError) -> Contents {
    let members = members
    var contents = Contents(parts: members.map { _ in nil })
    var archive = try TarReader(path: "\(directory)/\(path)", limit: Self.limit)
    while let entry = try archive.next() {
      guard let index = members.firstIndex(of: entry.name) else { continue }
      if contents.parts[index] != nil { throw .duplicateMember(at: entry.position, name: entry.name) }
      guard entry.header.isFile else {
        throw .notAFile(at: entry.position, name: entry.name, kind: entry.header.kind)
      }
      if index == 0 { contents.beginning = archive.position }
      contents.parts[index] = try part(from: &archive, into: &contents.images)
    }
    if let index = contents.parts.firstIndex(where: { $0 == nil }) {
      throw .missingMember(at: archive.position, name: members[index])
    }
    contents.digests = [(path, archive.sha256)]
    return contents
  }

  private func part<Source: ByteSource & ~Copyable>(
    from source: inout Source, into images: inout ImageStore
  ) throws(DataError) -> Part {
    let start = images.count
    let labels = try records.read(from: &source, into: &images)
    return Part(rows: start..<images.count, labels: labels)
  }
}
