import Datasets
import Fixtures

extension Dataset {
  /// The 1,797 built-in handwritten digits of 8×8 pixels: 1,097 for training, 300 for validation, 400 for test.
  ///
  /// Pixels range from 0 to 16. The split is that of `Fixtures/digits/manifest.json`: balanced over the classes, spread
  /// over the writers. Source: E. Alpaydin, C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine
  /// Learning Repository, 1998, doi:10.24432/C50P49 (its test set, CC BY 4.0).
  ///
  /// - Throws: `DataError`; `fileMissing` names each place where the program looked for its fixtures.
  public static func digits() throws(DataError) -> Dataset {
    guard let directory = Fixtures.directory(of: "digits") else {
      throw .fileMissing(path: "digits", lookedFor: Fixtures.candidates(for: "digits"))
    }
    return try digits(directory: directory)
  }

  /// The digits of a folder with `manifest.json`, `images-idx3-ubyte.gz` and `labels-idx1-ubyte.gz`.
  ///
  /// - Throws: `DataError`; `unfit` if the manifest's images, classes or split are not those of the built-in digits; `checksum` if
  ///   a file's contents do not match the manifest.
  public static func digits(directory: String) throws(DataError) -> Dataset {
    let path = "\(directory)/manifest.json"
    let manifest = try DigitsManifest(path: path)
    // The data's identity is that of the two other files, so what the manifest decides must always be the same.
    if manifest.decisions != DigitsManifest.digitsDecisions {
      throw .unfit(path: path, expected: DigitsManifest.digitsDecisions, actual: manifest.decisions)
    }
    let images = try manifest.images.read(in: directory)
    let labels = try manifest.labels.read(in: directory)
    let all = try LabelledImages(
      images: images, labels: labels, height: manifest.images.shape[1], width: manifest.images.shape[2],
      classes: manifest.classes, pixelMaximum: manifest.pixelMaximum)
    if all.count != manifest.sampleCount {
      throw .wrongShape(at: images.position(4), expected: [manifest.sampleCount], actual: [all.count])
    }
    let split = Split(
      labels: all.labels, validation: .balanced(manifest.split.validation), test: .balanced(manifest.split.test))
    return Dataset(
      name: manifest.name, train: all.selecting(split.train), validation: all.selecting(split.validation),
      test: all.selecting(split.test),
      fileDigests: [(manifest.images.name, images.sha256), (manifest.labels.name, labels.sha256)])
  }
}
