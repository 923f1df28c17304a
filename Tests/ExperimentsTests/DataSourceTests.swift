import BuiltInDatasets
import Datasets
import Experiments
import Files
import Fixtures
import Foundation
import Networks
import TestSupport
import Testing
import Training

@Suite("Data sources: one catalogue") struct DataSourceTests {
  @Test("every published and every built-in set can be trained on under its name")
  func catalogue() {
    let names = DataSource.all.map(\.name)
    #expect(Set(names).count == names.count)
    for entry in Catalogue.entries {
      let source = DataSource.named(entry.name)
      #expect(source?.isBuiltIn == false && source?.classes == entry.form.classes, "\(entry.name)")
      #expect(
        source?.image == ImageShape(channels: entry.form.channels, height: entry.form.height, width: entry.form.width))
    }
    #expect(Set(Fixtures.names).isSubset(of: DataSource.builtIn.map(\.name)))
    #expect(Set(names).isDisjoint(with: ImageFiles.Format.allCases.map(\.rawValue)))
    #expect(
      DataSource.all.filter(\.takesDirectory)
        == [.digits, .mnist, .fashionMNIST, .cifar10, .cifar100, .svhn, .svhnWithoutExtra])
  }

  @Test("a known set is encoded as its name, and another name is refused")
  func names() throws {
    for source in DataSource.all {
      let text = try encodeLine(source)
      #expect(text == "\"\(source.name)\"")
      #expect(try JSONDecoder().decode(DataSource.self, from: Data(text.utf8)) == source)
      #expect(source.title == source.name)
    }
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(DataSource.self, from: Data("\"emnist\"".utf8)) }
  }

  private static let own =
    #"{"classes":3,"files":{"firstLabel":1,"format":"idx","labelColumn":0,"pixelMaximum":16,"prefix":"a-","test":"last:5","validation":"7"},"input":{"image":{"channels":1,"height":20,"width":10},"pixelMaximum":16},"name":"idx"}"#

  @Test("custom images are encoded with what they are and how they are read")
  func ownImages() throws {
    let source = try JSONDecoder().decode(DataSource.self, from: Data(Self.own.utf8))
    #expect(try encodeLine(source) == Self.own)
    #expect(
      source.files
        == ImageFiles(
          .idx, prefix: "a-", validation: .balanced(7), test: .last(5), firstLabel: 1, labelColumn: 0, pixelMaximum: 16)
    )
    #expect(source.title == "idx (1×20×10, 3 classes)" && !source.isBuiltIn && source.note == nil)
    #expect(Experiment.custom("9-3", on: source).real.epochs == Experiment.digits.real.epochs)
  }

  @Test(
    "numbers that no images can have are refused",
    arguments: [
      (#""classes":3"#, #""classes":0"#), (#""classes":3"#, #""classes":257"#), (#""height":20"#, #""height":0"#),
      (#""width":10"#, #""width":9000000000"#), (#""pixelMaximum":16,"prefix""#, #""pixelMaximum":0,"prefix""#),
      (#""validation":"7""#, #""validation":"0""#), (#""firstLabel":1"#, #""firstLabel":9223372036854775807"#),
      (#""labelColumn":0"#, #""labelColumn":-1"#), (#"},"pixelMaximum":16}"#, #"},"pixelMaximum":17}"#),
    ])
  func refused(part: String, wrong: String) {
    let text = Self.own.replacing(part, with: wrong)
    #expect(text != Self.own)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(DataSource.self, from: Data(text.utf8)) }
  }

  @Test("a source of images in memory can be encoded, and loads nothing")
  func memory() throws {
    let digits = try Dataset.digits()
    #expect(DataSource(of: digits) == .digits)
    let mine = Dataset(name: "mine", train: digits.train, validation: digits.validation, test: digits.test)
    let source = DataSource(of: mine)
    #expect(try JSONDecoder().decode(DataSource.self, from: Data(try encodeLine(source).utf8)) == source)
    #expect(try source.load(from: "anywhere") == nil && source.load(from: nil) == nil)
  }

  @Test("images in memory are not recorded as a known set, even if they have its name and form")
  func nameOfAnother() throws {
    let digits = try Dataset.digits()
    let other = Dataset(name: "digits", train: digits.train, validation: digits.validation, test: digits.test)
    let source = DataSource(of: other)
    #expect(source != .digits && source.name == "digits in memory" && source.input == DataSource.digits.input)
    #expect(try JSONDecoder().decode(DataSource.self, from: Data(try encodeLine(source).utf8)) == source)
    #expect(try source.load(from: nil) == nil)
  }

  @Test("images may have 2²⁴ pixels, and no more", arguments: [(4096, true), (4097, false)])
  func largest(height: Int, isRead: Bool) throws {
    let text = Self.own.replacing(#""height":20"#, with: #""height":\#(height)"#)
      .replacing(#""width":10"#, with: #""width":4096"#)
    let source = try? JSONDecoder().decode(DataSource.self, from: Data(text.utf8))
    #expect((source?.image.height == height) == isRead)
  }

  @Test("a published set is read from its directory, and without one nothing is read")
  func published() throws {
    let folder = try TemporaryFolder()
    for source in DataSource.all where !source.isBuiltIn {
      #expect(try source.load(from: nil) == nil)
      let error = #expect(throws: DataError.self) { try source.load(from: folder.path) }
      #expect(error.map { "\($0)".hasPrefix(folder.path) } == true, "\(source.name)")
      // Its own files are looked for, also in its own folder.
      let own = source == .svhnWithoutExtra ? "svhn" : source.name
      #expect(error.map { "\($0)".contains(", ./\(own)/") } == true, "\(source.name): \(String(describing: error))")
    }
  }

  @Test("data differ if one has more files, whichever it is")
  func differences() throws {
    let (one, two) = (DataFile(file: "a", sha256: "00ff"), DataFile(file: "b", sha256: "11ee"))
    #expect(DataDifference(recorded: [one, two], expected: [one, two]) == nil)
    #expect(
      DataDifference(recorded: [one, two], expected: [one])
        == DataDifference(file: "b", recorded: "11ee…", expected: "none"))
    #expect(
      DataDifference(recorded: [one], expected: [one, two])
        == DataDifference(file: "b", recorded: "none", expected: "11ee…"))
  }
}
