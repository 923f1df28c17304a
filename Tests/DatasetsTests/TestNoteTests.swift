import Datasets
import Testing

@Suite("Data: how many of the published test images there are") struct TestNoteTests {
  private static func dataset(_ name: String, tests: Int, sha256: String = "") -> Dataset {
    let images = LabelledImages(
      pixels: Array(repeating: 0, count: tests), labels: Array(repeating: 0, count: tests), channels: 1, height: 1,
      width: 1, classes: 10, pixelMaximum: 255)
    return Dataset(
      name: name, train: images, validation: images, test: images, fileDigests: [("test_batch.bin", sha256)])
  }

  @Test("as many as published, and a set that nobody published, need no note", arguments: ["mnist", "cifar-10", "npy"])
  func none(name: String) {
    #expect(Self.dataset(name, tests: 10_000).testNote == nil)
    #expect((Self.dataset(name, tests: 9_999).testNote == nil) == (name == "npy"))
  }

  @Test("the first 1,000 of CIFAR-10 are called so if the digest is theirs")
  func first() throws {
    let sha256 = try #require(Catalogue.cifar10.excerpts.first { $0.value == 1000 }?.key)
    #expect(
      Self.dataset("cifar-10", tests: 1000, sha256: sha256).testNote
        == "test errors are of the first 1,000 test images; cifar-10 has 10,000")
    #expect(
      Self.dataset("cifar-10", tests: 1000).testNote == "test errors are of 1,000 test images; cifar-10 has 10,000")
    #expect(
      Self.dataset("svhn", tests: 26, sha256: sha256).testNote == "test errors are of 26 test images; svhn has 26,032")
  }
}
