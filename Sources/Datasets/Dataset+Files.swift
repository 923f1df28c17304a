import Files

extension Dataset {
  /// Reads custom images and labels from files, for training, validation and test.
  ///
  /// Labels of the training files must be consecutive numbers from `firstLabel` on, each at least once; how many there are is the
  /// number of classes. The data set's name is the format's.
  ///
  /// - Parameters:
  ///   - files: the format of the files, what their labels mean, and which images are for what.
  ///   - path: the folder that contains the files; for NPY also an `.npz` file.
  /// - Throws: `DataError`
  public init(reading files: ImageFiles, at path: String) throws(DataError) {
    var reader = ImageFileReader(files: files, path: path)
    let parts = try reader.read()
    guard let training = parts[.train] else { preconditionFailure("ImageFileReader: no training images") }
    let classes = try training.classes(firstLabel: files.firstLabel)
    let others = [ImagePart.validation, .test].compactMap { name in parts[name].map { (name, $0) } }
    for (_, part) in others where part.size != training.size {
      throw .wrongShape(at: part.position, expected: training.size, actual: part.size)
    }
    let all = try training.images(classes: classes, files)
    var own: [ImagePart: LabelledImages] = [:]
    for (name, part) in others { own[name] = try part.images(classes: classes, files) }
    let shares = try files.shares(
      of: all.count, hasValidation: own[.validation] != nil, hasTest: own[.test] != nil, in: path,
      at: training.position)
    let split = Split(labels: all.labels, validation: shares.validation, test: shares.test)
    let train = all.selecting(split.train)
    if let missing = (0..<classes).first(where: { !train.labels.contains(UInt8($0)) }) {
      throw .unexpected(
        at: training.position, expected: "images of each class to train on",
        actual: "none of label \(files.firstLabel + missing) beside those for validation and test")
    }
    self.init(
      name: files.format.rawValue, train: train, validation: own[.validation] ?? all.selecting(split.validation),
      test: own[.test] ?? all.selecting(split.test), fileDigests: reader.digests)
  }
}

extension ImageFiles {
  /// The shares of `count` training images that go to validation and test, depending on whether these have their own files.
  fileprivate func shares(
    of count: Int, hasValidation: Bool, hasTest: Bool, in folder: String, at position: DataError.Position
  ) throws(DataError) -> (validation: Share?, test: Share?) {
    for (share, hasFiles, name) in [(validation, hasValidation, "validation"), (test, hasTest, "test")] {
      if let share, hasFiles {
        throw .unfit(
          path: folder, expected: "\(share.count) of the training images as \(name) images, or files of \(name) images",
          actual: "both")
      }
    }
    if test == nil && !hasTest {
      throw .unfit(
        path: folder, expected: "files of test images, or a number of training images to test on", actual: "neither")
    }
    let left = count - (test?.count ?? 0)
    let validation = hasValidation ? nil : validation ?? .balanced(max(1, left / 10))
    // Batch normalization needs two images to train on.
    let minimum = (test?.count ?? 0) + (validation?.count ?? 0) + 2
    if count < minimum { throw .tooFewItems(at: position, minimum: minimum, actual: count) }
    return (validation, test)
  }
}

/// Reads the parts of custom images.
private struct ImageFileReader {
  let files: ImageFiles
  let path: String
  private(set) var digests: [(name: String, sha256: String)] = []

  /// The largest size that a decompressed file may have.
  private static let limit = 1 << 40

  init(files: ImageFiles, path: String) { (self.files, self.path) = (files, path) }

  /// The parts that have files; the training part always has files.
  mutating func read() throws(DataError) -> [ImagePart: LabelledFiles] {
    if files.format == .npy {
      if !isDirectory(path) {
        guard DataSearch.isThere(path) else {
          throw .fileMissing(path: path, lookedFor: ["a directory or an .npz file"])
        }
        return try readArchive(path, as: path)
      }
      let folder = try ImageFileFolder(path)
      let archives = folder.names.filter { $0.hasSuffix(".npz") }
      if archives.count == 1, !folder.names.contains(where: { $0.hasSuffix(".npy") || $0.hasSuffix(".npy.gz") }) {
        return try readArchive(folder.file(archives[0]), as: archives[0])
      }
      return try readArrays(folder) { part, isLabels in
        part.arrayNames(of: isLabels).flatMap { ["\($0).npy", "\($0).npy.gz"] }
      }
    }
    let folder = try ImageFileFolder(path)
    if files.format == .cifar { return try readRecords(folder) }
    let prefix = if let prefix = files.prefix { prefix } else { try folder.idxPrefix() }
    return try readArrays(folder) { part, isLabels in
      ImageFileFolder.idxNames(part, labels: isLabels, prefix: prefix)
    }
  }

  /// Reads the pairs of IDX or NPY files.
  private mutating func readArrays(
    _ folder: ImageFileFolder, names: (ImagePart, _ isLabels: Bool) -> [String]
  ) throws(DataError) -> [ImagePart: LabelledFiles] {
    var parts: [ImagePart: LabelledFiles] = [:]
    for part in ImagePart.allCases {
      let (images, labels) = (names(part, false), names(part, true))
      guard let pair = try folder.pair(images: images, labels: labels) else {
        if part == .train { throw .fileMissing(path: path, lookedFor: images) }
        continue
      }
      var stream = try ContentStream(path: folder.file(pair.images), limit: Self.limit)
      let array = try ImageArray(try header(&stream), from: &stream, pixelMaximum: files.pixelMaximum)
      digests.append((pair.images, stream.sha256))
      stream = try ContentStream(path: folder.file(pair.labels), limit: Self.limit)
      let numbers = try LabelArray(try header(&stream), column: files.labelColumn, from: &stream)
      digests.append((pair.labels, stream.sha256))
      parts[part] = try LabelledFiles(array, numbers)
    }
    return parts
  }

  private func header(_ stream: inout ContentStream) throws(DataError) -> ArrayHeader {
    files.format == .idx ? try ArrayHeader(idx: &stream) : try ArrayHeader(npy: &stream)
  }

  /// Reads the arrays of one `.npz` file, in whatever order they are.
  private mutating func readArchive(_ path: String, as name: String) throws(DataError) -> [ImagePart: LabelledFiles] {
    var archive = try ZipReader(path: path)
    var (images, labels): ([ImagePart: ImageArray], [ImagePart: LabelArray]) = ([:], [:])
    while let entry = try archive.next() {
      for part in ImagePart.allCases {
        if part.arrayNames(of: false).contains(where: { entry.name == "\($0).npy" }) {
          if images[part] != nil { throw .duplicateMember(at: entry.position, name: entry.name) }
          images[part] = try ImageArray(
            try ArrayHeader(npy: &archive), from: &archive, pixelMaximum: files.pixelMaximum)
        } else if part.arrayNames(of: true).contains(where: { entry.name == "\($0).npy" }) {
          if labels[part] != nil { throw .duplicateMember(at: entry.position, name: entry.name) }
          labels[part] = try LabelArray(try ArrayHeader(npy: &archive), column: files.labelColumn, from: &archive)
        }
      }
    }
    digests = [(name, archive.sha256)]
    var parts: [ImagePart: LabelledFiles] = [:]
    for part in ImagePart.allCases where part == .train || images[part] != nil || labels[part] != nil {
      guard let array = images[part] else {
        throw .missingMember(at: archive.position, name: "\(part.arrayNames(of: false)[0]).npy")
      }
      guard let numbers = labels[part] else {
        throw .missingMember(at: archive.position, name: "\(part.arrayNames(of: true)[0]).npy")
      }
      parts[part] = try LabelledFiles(array, numbers)
    }
    return parts
  }

  /// Reads files of CIFAR records.
  private mutating func readRecords(_ folder: ImageFileFolder) throws(DataError) -> [ImagePart: LabelledFiles] {
    var parts: [ImagePart: LabelledFiles] = [:]
    for part in ImagePart.allCases {
      let (names, count) = try folder.cifarFiles(part)
      if names.isEmpty {
        if part == .train { throw .fileMissing(path: path, lookedFor: ["data_batch_1.bin", "train.bin"]) }
        continue
      }
      if let column = files.labelColumn, column >= count {
        throw .unfit(
          path: folder.file(names[0]), expected: "more than \(column) labels per record", actual: "\(count)")
      }
      let records = CIFARRecords(labels: count, labelColumn: files.labelColumn)
      var store = ImageStore(imageSize: CIFARRecords.imageSize)
      var labels: [LabelArray] = []
      for name in names {
        var stream = try ContentStream(path: folder.file(name), limit: Self.limit)
        let first = stream.position.advanced(by: records.labelColumn)
        let values = try records.read(from: &stream, into: &store).map { Int($0) }
        labels.append(LabelArray(values: values, first: first, stride: records.recordSize))
        digests.append((name, stream.sha256))
      }
      parts[part] = LabelledFiles(store, size: [3, 32, 32], position: labels[0].first, labels)
    }
    return parts
  }
}
