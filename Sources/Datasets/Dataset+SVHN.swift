extension Dataset {
  /// SVHN's cropped digits, 32×32 colour images: `train` and `extra` to train, less 400 and 200 of each digit for validation.
  ///
  /// `directory` holds `train_32x32.mat`, `extra_32x32.mat` and `test_32x32.mat`. For validation are each digit's last 400
  /// of the first file and last 200 of the second; parts keep the files' order. All pixels are read once, and parts share
  /// them. Source: Y. Netzer et al., *Reading Digits in Natural Images with Unsupervised Feature Learning*, 2011; the split
  /// is that of `method.md` §5.
  ///
  /// - Throws: `DataError`; `unexpected` if a file has fewer images of a digit than go to validation.
  public static func svhn(directory: String) throws(DataError) -> Dataset {
    try svhn(directory: directory, validationOfTrain: 400, validationOfExtra: 200)
  }

  /// - Parameters:
  ///   - validationOfTrain: how many of each digit's last images of `train_32x32.mat` are for validation.
  ///   - validationOfExtra: the same of `extra_32x32.mat`.
  package static func svhn(
    directory: String, validationOfTrain: Int, validationOfExtra: Int
  ) throws(DataError) -> Dataset {
    var images = ImageStore(imageSize: SVHNFile.imageSize)
    let train = try SVHNFile(path: "\(directory)/train_32x32.mat", into: &images)
    let (firstTraining, firstValidation) = try train.split(validation: validationOfTrain)
    let extra = try SVHNFile(path: "\(directory)/extra_32x32.mat", into: &images)
    let (moreTraining, moreValidation) = try extra.split(validation: validationOfExtra)
    if firstTraining.count + moreTraining.count == 0 {
      throw .tooFewItems(at: extra.labelsPosition, minimum: extra.labels.count + 1, actual: extra.labels.count)
    }
    var testImages = ImageStore(imageSize: SVHNFile.imageSize)
    let test = try SVHNFile(path: "\(directory)/test_32x32.mat", into: &testImages)

    let known = LabelledImages(digits: images, labels: train.labels + extra.labels)
    // The second file's images follow the first's, in the store as in the labels.
    let offset = train.labels.count
    return Dataset(
      name: "svhn",
      train: known.selecting(firstTraining + moreTraining.map { offset + $0 }),
      validation: known.selecting(firstValidation + moreValidation.map { offset + $0 }),
      test: LabelledImages(digits: testImages, labels: test.labels),
      fileDigests: [
        ("train_32x32.mat", train.sha256), ("extra_32x32.mat", extra.sha256), ("test_32x32.mat", test.sha256),
      ])
  }
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
  /// All images of a store of SVHN's.
  init(digits store: ImageStore, labels: [UInt8]) {
    self.init(
      store: store, rows: (0..<labels.count).map { UInt32($0) }, labels: labels, channels: 3, height: 32, width: 32,
      classes: 10, pixelMaximum: 255)
  }
}
