extension Dataset {
  /// SVHN's cropped digits, 32×32 colour images: `train` and `extra` are for training, less 400 and 200 images of each digit for
  /// validation.
  ///
  /// `directory` contains `train_32x32.mat`, `extra_32x32.mat` and `test_32x32.mat`, directly or in a folder `svhn`. Each digit's
  /// last 400 images of the first file and last 200 of the second are for validation; all parts keep the files' order and share
  /// the pixels. Source: Y. Netzer et al., *Reading Digits in Natural Images with Unsupervised Feature Learning*, 2011; the split
  /// is that of `Method.md` §5. Without the second file the split is **ours**: each digit's last 400 images of the first file,
  /// 4,000 in all, are for validation, the others for training.
  ///
  /// - Parameter withoutExtra: whether `extra_32x32.mat` is left out; it then need not exist.
  /// - Throws: `DataError`; `unexpected` if a file has fewer images of a digit than go to validation.
  public static func svhn(directory: String, withoutExtra: Bool = false) throws(DataError) -> Dataset {
    try svhn(directory: directory, validationOfTrain: 400, validationOfExtra: withoutExtra ? nil : 200)
  }

  /// - Parameters:
  ///   - validationOfTrain: how many of each digit's last images of `train_32x32.mat` are for validation.
  ///   - validationOfExtra: the same for `extra_32x32.mat`; nil leaves that file out.
  package static func svhn(
    directory: String, validationOfTrain: Int, validationOfExtra: Int?
  ) throws(DataError) -> Dataset {
    let withoutExtra = validationOfExtra == nil
    let names = ["train_32x32.mat", "extra_32x32.mat", "test_32x32.mat"].filter { !withoutExtra || $0 != extraName }
    let paths = try DataSearch(Catalogue.svhn, in: directory).locate(leavingOut: withoutExtra ? [extraName] : []).paths
    var digests: [(name: String, sha256: String)] = []
    func read(_ name: String, into images: inout ImageStore) throws(DataError) -> SVHNFile {
      let path = paths.first { $0.hasSuffix(name) } ?? name
      let file = try SVHNFile(path: "\(directory)/\(path)", into: &images)
      digests.append((path, file.sha256))
      return file
    }
    var images = ImageStore(imageSize: SVHNFile.imageSize)
    var (training, validation): ([Int], [Int]) = ([], [])
    var labels: [UInt8] = []
    for (name, count) in zip(names, [validationOfTrain] + [validationOfExtra].compactMap { $0 }) {
      let file = try read(name, into: &images)
      let split = try file.split(validation: count)
      // A file's images follow those of the previous file, in the store as well as in the labels.
      training += split.training.map { labels.count + $0 }
      validation += split.validation.map { labels.count + $0 }
      labels += file.labels
      if name == names.dropLast().last && training.isEmpty {
        throw .tooFewItems(at: file.labelsPosition, minimum: file.labels.count + 1, actual: file.labels.count)
      }
    }
    var testImages = ImageStore(imageSize: SVHNFile.imageSize)
    let test = try read(names[names.count - 1], into: &testImages)
    let known = LabelledImages(digits: images, labels: labels)
    return Dataset(
      name: "svhn", train: known.selecting(training), validation: known.selecting(validation),
      test: LabelledImages(digits: testImages, labels: test.labels), fileDigests: digests)
  }

  private static var extraName: String { "extra_32x32.mat" }
}

extension SVHNFile {
  /// Each digit's last `validation` images, and all others, both in the file's order.
  fileprivate func split(validation: Int) throws(DataError) -> (training: [Int], validation: [Int]) {
    var wanted = [Int](repeating: validation, count: 10)
    var isValidation = [Bool](repeating: false, count: labels.count)
    for (index, label) in labels.enumerated().reversed() where wanted[Int(label)] > 0 {
      wanted[Int(label)] -= 1
      isValidation[index] = true
    }
    if let digit = wanted.firstIndex(where: { $0 > 0 }) {
      throw .unexpected(
        at: labelsPosition, expected: "at least \(validation) images of digit \(digit)",
        actual: "\(validation - wanted[digit])")
    }
    return (labels.indices.filter { !isValidation[$0] }, labels.indices.filter { isValidation[$0] })
  }
}

extension LabelledImages {
  /// All images of a store with SVHN's images.
  init(digits store: ImageStore, labels: [UInt8]) {
    self.init(
      store: store, rows: (0..<labels.count).map { UInt32($0) }, labels: labels, channels: 3, height: 32, width: 32,
      classes: 10, pixelMaximum: 255)
  }
}
