import BuiltInDatasets
import Datasets
import Experiments
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
}
