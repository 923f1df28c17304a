/// A published data set: its files as the publisher distributes them, and where they can be fetched.
///
/// Sizes are those of the files as stored. Digests of MNIST and of the files in CIFAR-10's archive were computed from the files
/// (for the latter, from files that match their published SHA-1); all others are the publishers' own.
package struct CatalogueEntry: Sendable {
  /// What identifies a file's bytes, in lowercase hexadecimal.
  package enum Digest: Sendable, Equatable {
    case sha256(String)
    case md5(String)

    /// The digest's name, as its standard writes it.
    package var algorithm: String {
      switch self {
      case .sha256: "SHA-256"
      case .md5: "MD5"
      }
    }

    package var hexadecimal: String {
      switch self {
      case .sha256(let digits), .md5(let digits): digits
      }
    }
  }

  package struct File: Sendable {
    package let name: String
    /// The size of the file as stored.
    package let bytes: Int
    /// The digest of the file as stored.
    package let digest: Digest
    /// The digest of the decompressed contents; nil if it is unknown or the file is not compressed.
    package let decompressedSHA256: String?
    /// Where the file can be fetched, the likeliest first.
    package let addresses: [String]

    package init(name: String, bytes: Int, digest: Digest, decompressedSHA256: String?, addresses: [String]) {
      (self.name, self.bytes, self.digest) = (name, bytes, digest)
      (self.decompressedSHA256, self.addresses) = (decompressedSHA256, addresses)
    }
  }

  /// A file within an archive.
  package struct Member: Sendable {
    package let name: String
    package let bytes: Int
    /// The digest of the file; nil if we have not seen the file.
    package let sha256: String?

    package init(name: String, bytes: Int, sha256: String?) {
      (self.name, self.bytes, self.sha256) = (name, bytes, sha256)
    }
  }

  /// The form of the images.
  package struct Form: Sendable, Equatable {
    package let channels, height, width, classes: Int
  }

  /// The name by which the program calls the set.
  package let name: String
  package let form: Form
  package let title: String
  /// Where its publisher describes it.
  package let homepage: String
  /// The licence; nil if we have seen none stated by the publisher.
  package let licence: String?
  package let citation: String
  package let files: [File]
  /// The files of images in the set's archive, if it is an archive: those to train on, then the one to test on.
  package let extracted: [Member]
  /// The folder in which torchvision or the set's archive puts its files, if there is one.
  package let folder: String?
  /// How many images there are to test on.
  package let testImages: Int
  /// SHA-256 of files in circulation that hold the first of these images only, and how many.
  package let excerpts: [String: Int]

  package init(
    name: String, form: Form, title: String, homepage: String, licence: String?, citation: String, files: [File],
    extracted: [Member] = [], folder: String? = nil, testImages: Int = 10_000, excerpts: [String: Int] = [:]
  ) {
    (self.form, self.testImages, self.excerpts) = (form, testImages, excerpts)
    (self.name, self.title, self.homepage) = (name, title, homepage)
    (self.licence, self.citation, self.files) = (licence, citation, files)
    (self.extracted, self.folder) = (extracted, folder)
  }

  /// The folders of a directory in which the set is looked for, in this order, as prefixes of paths (see `DataSearch`).
  package var folders: [String] {
    let own = folder.map { ["", "\($0)/"] } ?? [""]
    return own + own.map { "\(name)/\($0)" }
  }
}

/// The published data sets that the program knows.
package enum Catalogue {
  package static let entries = [mnist, fashionMNIST, cifar10, cifar100, svhn]

  package static func entry(named name: String) -> CatalogueEntry? { entries.first { $0.name == name } }

  package static let mnist = CatalogueEntry(
    name: "mnist",
    form: CatalogueEntry.Form(channels: 1, height: 28, width: 28, classes: 10),
    title: "60,000 and 10,000 handwritten digits, 28×28 grey",
    homepage: "http://yann.lecun.com/exdb/mnist/", licence: nil,
    citation:
      "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner. Gradient-Based Learning Applied to Document Recognition. "
      + "Proc. IEEE 86(11), 1998. doi:10.1109/5.726791",
    files: [
      (
        "train-images-idx3-ubyte.gz", 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"
      ),
      (
        "train-labels-idx1-ubyte.gz", 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"
      ),
      (
        "t10k-images-idx3-ubyte.gz", 1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"
      ),
      (
        "t10k-labels-idx1-ubyte.gz", 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"
      ),
    ].map { (name: String, bytes: Int, sha256: String, decompressed: String) in
      CatalogueEntry.File(
        name: name, bytes: bytes, digest: .sha256(sha256), decompressedSHA256: decompressed,
        addresses: [
          "https://ossci-datasets.s3.amazonaws.com/mnist/\(name)",
          "https://storage.googleapis.com/cvdf-datasets/mnist/\(name)",
          "http://yann.lecun.com/exdb/mnist/\(name)",
        ])
    }, folder: "MNIST/raw")

  package static let fashionMNIST = CatalogueEntry(
    name: "fashion-mnist",
    form: CatalogueEntry.Form(channels: 1, height: 28, width: 28, classes: 10),
    title: "60,000 and 10,000 pieces of clothing of 10 kinds, 28×28 grey",
    homepage: "https://github.com/zalandoresearch/fashion-mnist", licence: "MIT",
    citation:
      "H. Xiao, K. Rasul, R. Vollgraf. Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning "
      + "Algorithms. 2017. arXiv:1708.07747",
    files: [
      ("train-images-idx3-ubyte.gz", 26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
      ("train-labels-idx1-ubyte.gz", 29_515, "25c81989df183df01b3e8a0aad5dffbe"),
      ("t10k-images-idx3-ubyte.gz", 4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
      ("t10k-labels-idx1-ubyte.gz", 5148, "bb300cfdad3c16e7a12a480ee83cd310"),
    ].map { (name: String, bytes: Int, md5: String) in
      file(
        name, bytes, md5: md5,
        at: [
          "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
          "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
          "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        ])
    }, folder: "FashionMNIST/raw")

  private static let toronto = "https://www.cs.toronto.edu/~kriz/"
  private static let krizhevsky =
    "A. Krizhevsky. Learning Multiple Layers of Features from Tiny Images. Technical report, University of Toronto, 2009"

  package static let cifar10 = CatalogueEntry(
    name: "cifar-10",
    form: CatalogueEntry.Form(channels: 3, height: 32, width: 32, classes: 10),
    title: "50,000 and 10,000 photographs of 10 kinds of things, 32×32 colour",
    homepage: "https://www.cs.toronto.edu/~kriz/cifar.html", licence: nil, citation: krizhevsky,
    files: [file("cifar-10-binary.tar.gz", 170_052_171, md5: "c32a1d4ab5d03f1284b67883e8d87530", at: [toronto])],
    extracted: [
      ("data_batch_1.bin", "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
      ("data_batch_2.bin", "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
      ("data_batch_3.bin", "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
      ("data_batch_4.bin", "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
      ("data_batch_5.bin", "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
      ("test_batch.bin", nil),
    ].map { CatalogueEntry.Member(name: $0, bytes: 10_000 * 3073, sha256: $1) },
    folder: "cifar-10-batches-bin",
    excerpts: ["8314c96d7cd65618193bab23acdd5d4c4af15bf6dd00a1781d55beedf3be1ef5": 1000])

  package static let cifar100 = CatalogueEntry(
    name: "cifar-100",
    form: CatalogueEntry.Form(channels: 3, height: 32, width: 32, classes: 100),
    title: "50,000 and 10,000 photographs of 100 kinds of things, 32×32 colour",
    homepage: "https://www.cs.toronto.edu/~kriz/cifar.html", licence: nil, citation: krizhevsky,
    files: [file("cifar-100-binary.tar.gz", 168_513_733, md5: "03b5dce01913d631647c71ecec9e9cb8", at: [toronto])],
    extracted: [
      CatalogueEntry.Member(name: "train.bin", bytes: 50_000 * 3074, sha256: nil),
      CatalogueEntry.Member(name: "test.bin", bytes: 10_000 * 3074, sha256: nil),
    ],
    folder: "cifar-100-binary")

  package static let svhn = CatalogueEntry(
    name: "svhn",
    form: CatalogueEntry.Form(channels: 3, height: 32, width: 32, classes: 10),
    title: "73,257, 531,131 and 26,032 digits of house numbers, 32×32 colour",
    homepage: "http://ufldl.stanford.edu/housenumbers/", licence: nil,
    citation:
      "Y. Netzer, T. Wang, A. Coates, A. Bissacco, B. Wu, A. Y. Ng. Reading Digits in Natural Images with Unsupervised "
      + "Feature Learning. NIPS Workshop on Deep Learning and Unsupervised Feature Learning, 2011",
    files: [
      ("train_32x32.mat", 182_040_794, "e26dedcc434d2e4c54c9b2d4a06d8373"),
      ("test_32x32.mat", 64_275_384, "eb5a983be6a315427106f1b164d9cef3"),
      ("extra_32x32.mat", 1_329_278_602, "a93ce644f1a588dc4d68dda5feec44a7"),
    ].map { (name: String, bytes: Int, md5: String) in
      file(name, bytes, md5: md5, at: ["http://ufldl.stanford.edu/housenumbers/"])
    }, testImages: 26_032)

  private static func file(_ name: String, _ bytes: Int, md5: String, at folders: [String]) -> CatalogueEntry.File {
    CatalogueEntry.File(
      name: name, bytes: bytes, digest: .md5(md5), decompressedSHA256: nil, addresses: folders.map { $0 + name })
  }
}
