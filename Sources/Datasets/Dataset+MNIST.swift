extension Dataset {
  /// MNIST, 28×28 images of 10 digits: its training file's first 50,000 are for training, its last 10,000 for validation.
  ///
  /// `directory` contains `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
  /// `t10k-labels-idx1-ubyte`, each with or without `.gz` (with it, if both exist), directly or in a folder `MNIST/raw` or
  /// `mnist`; names such as `train-images.idx3-ubyte` will do, too.
  /// Source: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, doi:10.1109/5.726791.
  ///
  /// - Throws: `DataError`; `otherSet` if the files are those of another set.
  public static func mnist(directory: String) throws(DataError) -> Dataset {
    try mnist(directory: directory, validation: 10_000)
  }

  /// Fashion-MNIST, 28×28 images of 10 kinds of clothing, in files named and split like those of ``mnist(directory:)``.
  ///
  /// The files are in `directory` itself or in its folder `FashionMNIST/raw` or `fashion-mnist`. Source: H. Xiao, K. Rasul,
  /// R. Vollgraf, arXiv:1708.07747.
  ///
  /// - Throws: `DataError`; `otherSet` if the files are those of another set.
  public static func fashionMNIST(directory: String) throws(DataError) -> Dataset {
    try idx(Catalogue.fashionMNIST, directory: directory, validation: 10_000)
  }

  /// - Parameter validation: how many of the training file's last images; there must be more than that.
  package static func mnist(directory: String, validation: Int) throws(DataError) -> Dataset {
    try idx(Catalogue.mnist, directory: directory, validation: validation)
  }

  /// - Parameter validation: how many of the training file's last images; there must be more than that.
  private static func idx(
    _ entry: CatalogueEntry, directory: String, validation: Int
  ) throws(DataError) -> Dataset {
    let paths = try DataSearch(entry, in: directory).locate().paths
    try entry.requireNoOther(among: Catalogue.entries, at: paths.map { "\(directory)/\($0)" })
    let form = entry.form
    var digests: [(name: String, sha256: String)] = []
    func part(_ files: Range<Int>, minimum: Int) throws(DataError) -> LabelledImages {
      var stored: [StoredFile] = []
      for (path, limit) in zip(paths[files], [imagesLimit, labelsLimit]) {
        let file = try StoredFile(path: "\(directory)/\(path)", limit: limit)
        digests.append((path, file.sha256))
        stored.append(file)
      }
      let images = try LabelledImages(
        images: stored[0], labels: stored[1], height: form.height, width: form.width, classes: form.classes,
        pixelMaximum: 255)
      if images.count < minimum {
        throw .tooFewItems(at: stored[0].position(4), minimum: minimum, actual: images.count)
      }
      return images
    }
    let training = try part(0..<2, minimum: validation + 1)
    let test = try part(2..<4, minimum: 1)
    let boundary = training.count - validation
    return Dataset(
      name: entry.name, train: training[0..<boundary], validation: training[boundary..<training.count], test: test,
      fileDigests: digests)
  }

  /// MNIST's largest file has 47,040,016 bytes, that of its labels 60,008.
  private static var imagesLimit: Int { 1 << 28 }
  private static var labelsLimit: Int { 1 << 20 }
}

extension CatalogueEntry {
  /// Refuses files whose digests are those of another set with the same file names.
  ///
  /// - Parameter paths: the paths of the set's files, in its order.
  package func requireNoOther(among entries: [CatalogueEntry], at paths: [String]) throws(DataError) {
    for other in entries where other.name != name && other.files.map(\.name) == files.map(\.name) {
      // The labels are small, and differ between sets.
      for (file, path) in zip(other.files, paths) where file.name.contains("labels") {
        if try KnownFile(file).compare(path) == .right {
          throw .otherSet(path: path, expected: name, actual: other.name)
        }
      }
    }
  }
}
