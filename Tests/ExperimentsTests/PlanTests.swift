import BuiltInDatasets
import Datasets
import Experiments
import Foundation
import TestSupport
import Testing

@Suite("Plans: the sweeps of a file")
struct PlanTests {
  @Test("each training's data are those of its own directory, which is read once and named by the training's jobs")
  func directories() throws {
    let folder = try TemporaryFolder()
    let entries = [("a", 1), ("b", 1), ("a", 2), (nil, 1), ("b", 3)] as [(String?, Int)]
    let trainings = entries.map { directory, seed in
      let data = directory.map { #""data": "\#($0)", "# } ?? ""
      return #"{"experiment": "digits", \#(data)"networks": ["real"], "seeds": [\#(seed)]}"#
    }
    let path = try folder.write(Array(#"{"trainings": [\#(trainings.joined(separator: ", "))]}"#.utf8), to: "plan.json")
    let digits = try Dataset.digits()
    var loaded: [String?] = []
    let sweeps = try Plan(reading: path).sweeps(from: path) { _, directory in
      loaded.append(directory)
      return Dataset(
        name: directory ?? "built in", train: digits.train, validation: digits.validation, test: digits.test)
    }
    #expect(loaded == ["a", "b", nil])
    #expect(sweeps.map(\.data.name) == ["a", "b", "a", "built in", "b"])
    #expect(sweeps.map { $0.jobs(without: []).map(\.data) } == entries.map { [$0.0] })
  }

  @Test("with withoutExtra, svhn is trained on the data without the file extra")
  func withoutExtra() throws {
    let folder = try TemporaryFolder()
    let trainings = ["", #", "withoutExtra": false"#, #", "withoutExtra": true"#].map {
      #"{"experiment": "svhn", "data": "a", "networks": ["real"], "seeds": [1]\#($0)}"#
    }
    let path = try folder.write(Array(#"{"trainings": [\#(trainings.joined(separator: ", "))]}"#.utf8), to: "plan.json")
    let digits = try Dataset.digits()
    var loaded: [String] = []
    let sweeps = try Plan(reading: path).sweeps(from: path) { source, _ in
      loaded.append(source.name)
      return digits
    }
    #expect(sweeps.map(\.experiment.data.name) == ["svhn", "svhn", "svhn-without-extra"])
    #expect(loaded == ["svhn", "svhn-without-extra"], "each is read once")
  }

  @Test(
    "a key given twice is refused and named, whichever object has it: a decoder would take one of the two",
    arguments: [
      (#"{"trainings": [{"experiment": "digits", "seeds": [1, 2], "seeds": [3]}]}"#, "seeds"),
      (#"{"trainings": [{"experiment": "x"}, {"experiment": "x", "set": {"a": "}", "b": "", "a": ""}}]}"#, "a"),
      (#" {"trainings": [], "trainings": [{"experiment": "x", "realEpochs": 1, "withoutExtra": true}]}"#, "trainings"),
    ])
  func repeatedKeys(text: String, key: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array(text.utf8), to: "plan.json")
    #expect(throws: SettingsFileError.damaged(path: path, problem: "expected each key once, found \(key) twice")) {
      try Plan(reading: path)
    }
  }

  @Test("text that is no JSON, or may hide a key given twice, is refused, although a decoder takes it")
  func otherText() throws {
    let twice = #"{"trainings": [{"experiment": "digits", "seeds": [1], "seeds": [2]}]}"#
    let marked: [UInt8] = [0xef, 0xbb, 0xbf] + Array(twice.utf8)
    let wide: [UInt8] = [0xff, 0xfe] + twice.utf8.flatMap { [$0, 0] }
    let comma = #"{"trainings": [{"experiment": "x", "set": {"a": "",}}]}"#
    let list = #"{"trainings": [{"experiment": "x", "seeds": [1,]}]}"#
    let folder = try TemporaryFolder()
    for (bytes, problem) in [
      (marked, "expected { at byte 0, found the byte 0xef"), (wide, "expected UTF-8 text at byte 0, found other bytes"),
      (Array(comma.utf8), "expected a string at byte 51, found '}'"),
      (Array(list.utf8), "expected a value at byte 47, found ']'"),
    ] {
      let path = try folder.write(bytes, to: "plan.json")
      #expect(throws: SettingsFileError.damaged(path: path, problem: problem)) { try Plan(reading: path) }
    }
  }

  @Test("a plan can come through a pipe, and one without an end is refused", .enabled(if: isLinux))
  func pipe() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("plan.json")
    try #require(mkfifo(path, 0o600) == 0)
    let text = #"{"trainings": [{"experiment": "digits"}]}"#
    Thread.detachNewThread { FileHandle(forWritingAtPath: path)?.write(Data(text.utf8)) }
    #expect(try Plan(reading: path).trainings.map(\.experiment) == ["digits"])
    #expect(
      throws: SettingsFileError.damaged(path: "/dev/zero", problem: "expected at most 16777216 bytes, found more")
    ) { try Plan(reading: "/dev/zero") }
  }

  @Test(
    "what is wrong with a training is said by its place in the plan, and by the plan's names and not by the options'",
    arguments: [
      (#""seeds": [1, -1]"#, "expected a plan, found an invalid value for trainings[1].seeds"),
      (#""realEpochs": 1.5"#, "expected a plan, found an invalid value for trainings[1].realEpochs"),
      (
        #""weights": ["ternary"], "set": {"weights": "binary"}"#,
        "trainings[1].set: weights: expected the sweep's own list of weights, found the key with binary"
      ),
      (
        #""realEpochs": 2, "set": {"real.epochs": "3"}"#,
        "trainings[1].set: real.epochs: expected one value, found another by realEpochs"
      ),
      (
        #""discreteEpochs": 2, "networks": ["real"]"#,
        "trainings[1].discreteEpochs: expected a network that it has an effect on (discrete-tanh, discrete-sign, "
          + "discrete-sign-from-tanh, straight-through), found real"
      ),
      (
        #""recipe": "thesis""#,
        "trainings[1].recipe: thesis: expected an experiment that it is for (cifar-10, cifar-100, mnist, mnist-pi), found digits"
      ),
      (
        #""set": {"real.dropout": "0"}"#,
        "trainings[1]: architecture 256-256-10: expected 3 dropout rates, one for each dense layer and convolution, found 1"
      ),
    ])
  func places(member: String, problem: String) throws {
    try expectProblem(#"{"experiment": "digits", \#(member)}"#, problem)
  }

  @Test("a training on published data without their directory is refused before anything is read")
  func noDirectory() throws {
    try expectProblem(
      #"{"experiment": "mnist-pi"}"#, "trainings[1].data: expected a directory with the files of mnist, found none")
  }

  /// Expects that a plan is refused whose second training is this one.
  private func expectProblem(_ training: String, _ problem: String) throws {
    let folder = try TemporaryFolder()
    let text = #"{"trainings": [{"experiment": "digits", "seeds": [1]}, \#(training)]}"#
    let path = try folder.write(Array(text.utf8), to: "plan.json")
    #expect(throws: SettingsFileError.damaged(path: path, problem: problem)) {
      try Plan(reading: path).sweeps(from: path) { _, _ in try .digits() }
    }
  }
}
