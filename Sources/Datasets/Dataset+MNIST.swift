extension Dataset {
  /// MNIST, 28×28 images of 10 digits: its training file's first 50,000 to train, its last 10,000 for validation.
  ///
  /// `directory` holds `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
  /// `t10k-labels-idx1-ubyte`, each with `.gz` or without (with, where both are there), itself or in `MNIST/raw` or
  /// `mnist`; `train-images.idx3-ubyte` and its like will do, too. Files of other data sets in this form (Fashion-MNIST)
  /// are read alike. Source: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, doi:10.1109/5.726791.
  ///
  /// - Throws: `DataError`
  public static func mnist(directory: String) throws(DataError) -> Dataset {
    try mnist(directory: directory, validation: 10_000)
  }

  /// - Parameter validation: how many of the training file's last images; there must be more than that.
  package static func mnist(directory: String, validation: Int) throws(DataError) -> Dataset {
    let paths = try DataSearch(Catalogue.mnist, in: directory).locate().paths
    var digests: [(name: String, sha256: String)] = []
    func part(_ files: Range<Int>, minimum: Int) throws(DataError) -> LabelledImages {
      var stored: [StoredFile] = []
      for (path, limit) in zip(paths[files], [imagesLimit, labelsLimit]) {
        let file = try StoredFile(path: "\(directory)/\(path)", limit: limit)
        digests.append((path, file.sha256))
        stored.append(file)
      }
      let images = try LabelledImages(
        images: stored[0], labels: stored[1], height: 28, width: 28, classes: 10, pixelMaximum: 255)
      if images.count < minimum {
        throw .tooFewItems(at: stored[0].position(4), minimum: minimum, actual: images.count)
      }
      return images
    }
    let training = try part(0..<2, minimum: validation + 1)
    let test = try part(2..<4, minimum: 1)
    let boundary = training.count - validation
    return Dataset(
      name: "mnist", train: training[0..<boundary], validation: training[boundary..<training.count], test: test,
      fileDigests: digests)
  }

  /// MNIST's largest file takes 47,040,016 bytes, its labels 60,008.
  private static var imagesLimit: Int { 1 << 28 }
  private static var labelsLimit: Int { 1 << 20 }
}
