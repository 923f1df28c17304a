import BuiltInDatasets
import Datasets
import Experiments
import Files
import Foundation
import Networks
import TestSupport
import Testing
import Training

@Suite("Run directories")
struct RunDirectoryTests {
  @Test("a directory is in use as long as a process holds its lock, and checking does not take the lock away")
  func inUse() throws {
    let folder = try TemporaryFolder()
    #expect(!RunDirectory.isInUse(folder.path))
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    try #require(descriptor >= 0 && takeLock(on: descriptor))
    for _ in 0..<3 { #expect(RunDirectory.isInUse(folder.path)) }
    close(descriptor)
    #expect(!RunDirectory.isInUse(folder.path))
    #expect(!RunDirectory.isInUse(folder.file("none")))
  }

  @Test("the files of networks are those present, those asked for, or the file itself")
  func networkFiles() throws {
    let folder = try TemporaryFolder()
    let real = try folder.write([1], to: "real.safetensors")
    #expect(try RunDirectory.networkFiles(at: folder.path, of: nil) == [real])
    #expect(
      try RunDirectory.networkFiles(at: folder.path, of: [.discreteSign, .real])
        == [real, folder.file("discrete-sign.safetensors")])
    #expect(try RunDirectory.networkFiles(at: real, of: nil) == [real])
    let error = #expect(throws: RunDirectoryError.self) {
      try RunDirectory.networkFiles(at: folder.file("none"), of: nil)
    }
    #expect(error?.isInputOutput == true)
  }

  @Test("results that are not in their form are damaged, by the name of their file; a run that goes on has none")
  func damagedResults() throws {
    let folder = try TemporaryFolder()
    #expect(try RunDirectory.report(in: folder.path) == nil)
    let file = try folder.write(Array("{".utf8), to: "result.json")
    let error = #expect(throws: RunDirectoryError.self) { try RunDirectory.report(in: folder.path) }
    #expect(error?.description == "\(file): expected a run's results, found something else")
    #expect(error?.isInputOutput == false)
  }

  @Test(
    "a run goes on at the checkpoint of the network that it was training, unless that network's file is there already")
  func checkpoint() throws {
    let folder = try TemporaryFolder()
    let reproduction = try SmallTraining.reproduction()
    let record = RunRecord(reproduction, networks: [.real, .discreteSign])
    /// Uses the directory, and lets go of it.
    func use<Result>(resume: Bool = true, _ body: (RunDirectory) throws -> Result) throws -> Result {
      try body(try RunDirectory(folder.path, record, resume: resume, on: .single))
    }
    /// The checkpoint that a resumed run begins with, in words.
    func resumption() throws -> String? {
      try use { directory in
        let checkpoint = directory.takeCheckpoint()
        let again = directory.takeCheckpoint()
        #expect(again == nil, "once only")
        return checkpoint.map { "\($0.network.kind.rawValue), \($0.epoch), \($0.step)" }
      }
    }
    var (trainings, others) = (
      try reproduction.trainings(of: [.discreteSign]), try reproduction.trainings(of: [.discreteSign])
    )
    let ofReal = try SmallTraining.checkpoint(&others, after: 3)
    try use(resume: false) { try $0.keep(ofReal) }
    #expect(try resumption() == "real, 0, 3")
    let real = try SmallTraining.next(&trainings, of: reproduction)
    try use { try $0.save(real) }
    #expect(try resumption() == nil)
    // As if the program had been killed before it removed the checkpoint.
    try use { try $0.keep(ofReal) }
    #expect(try resumption() == nil)
    let ofSign = try SmallTraining.checkpoint(&trainings, after: 2)
    try use { try $0.keep(ofSign) }
    #expect(try resumption() == "discrete-sign, 0, 2")
    #expect(try use { $0.finished.map(\.result.network) } == [.real])
  }

  @Test("each time that a run goes on, its log says once from where; with nothing left to train, it does not go on")
  func resumptions() throws {
    let folder = try TemporaryFolder()
    let reproduction = try SmallTraining.reproduction()
    let record = RunRecord(reproduction, networks: [.real, .discreteSign])
    func open(resume: Bool = true) throws -> RunDirectory {
      try RunDirectory(folder.path, record, resume: resume, on: .single)
    }
    func told() throws -> [String] {
      try RunDirectory.log(in: folder.path).compactMap {
        guard case .resumed(let network, let epoch, let step) = $0 else { return nil }
        return "\(network.rawValue), \(epoch), \(step)"
      }
    }
    _ = try open(resume: false)
    var trainings = try reproduction.trainings(of: [.discreteSign])
    // Twice, as if the program had been killed before its first checkpoint.
    var others = try reproduction.trainings(of: [.real])
    if let run = try others.next() {
      for _ in 0..<2 { try open().logResumption(with: run) }
    }
    #expect(try told() == ["real, 0, 0", "real, 0, 0"])
    let real = try SmallTraining.next(&trainings, of: reproduction)
    let ofSign = try SmallTraining.checkpoint(&trainings, after: 2)
    try open().save(real)
    // Within the second network; then nothing is left.
    try open().keep(ofSign)
    for _ in 0..<2 { _ = try reproduction.train([.real, .discreteSign], in: open()) }
    let all = ["real, 0, 0", "real, 0, 0", "discrete-sign, 0, 2"]
    #expect(try told() == all && RunSummary(folder.path).resumptions == 3)
    // As if the program had been killed between the networks.
    try FileManager.default.removeItem(atPath: folder.file("discrete-sign.safetensors"))
    _ = try reproduction.train([.real, .discreteSign], in: open())
    #expect(try told() == all + ["discrete-sign, 0, 0"])
  }

  @Test("a program other than the last one that worked on a run is told of, with what is known of both golden traces")
  func otherPrograms() throws {
    let folder = try TemporaryFolder()
    let own = RunRecord(try SmallTraining.reproduction(), networks: [.real])
    /// What is said when the program of this commit begins or resumes the run.
    func said(_ run: String, _ commit: Character, traces: String? = "same") throws -> String? {
      var object = try #require(try JSONSerialization.jsonObject(with: Data(encodeJSON(own).utf8)) as? [String: Any])
      object["signet"] = "1.0"
      object["commit"] = String(repeating: commit, count: 40)
      object["isModified"] = false
      object["programSHA256"] = nil
      object["tracesSHA256"] = traces
      let record = try JSONDecoder().decode(RunRecord.self, from: JSONSerialization.data(withJSONObject: object))
      return try RunDirectory(folder.file(run), record, resume: true, on: .single).otherProgramInWords
    }
    func line(_ program: Character, after other: Character, _ traces: String) -> String {
      let (program, other) = (String(repeating: program, count: 12), String(repeating: other, count: 12))
      return "1.0, commit \(program) continues a run of 1.0, commit \(other); the golden traces of both \(traces)"
    }
    let lines = try ["a", "a", "b", "c", "c", "b"].map { try said("known", $0) }
    #expect(
      lines == [
        nil, nil, line("b", after: "a", "are the same"), line("c", after: "b", "are the same"), nil,
        line("b", after: "c", "are the same"),
      ])
    #expect(try said("unknown", "a", traces: nil) == nil)
    #expect(try said("unknown", "b", traces: nil) == line("b", after: "a", "cannot be compared"))
    #expect(try said("unknown", "c") == line("c", after: "b", "cannot be compared"))
  }

  @Test("what killed processes left half written of a run's files is removed when it is resumed, and nothing else is")
  func remnants() throws {
    let folder = try TemporaryFolder()
    let record = RunRecord(try SmallTraining.reproduction(), networks: [.real])
    let others = [
      ".foo.partial", ".notes", ".real.safetensors.7.partial", ".real.safetensors.partial", ".report.html.77-1.partial",
      "notes.partial",
    ]
    let remnants = [".log.jsonl.1-0.partial", ".real.safetensors.77-1.partial", ".run.json.8-4294967295.partial"]
    for name in others + remnants { try folder.write([1], to: name) }
    _ = try RunDirectory(folder.path, record, resume: false, on: .single)
    // There was no run whose networks they could be.
    #expect(try folder.names == (others + remnants.dropLast() + ["log.jsonl", "run.json"]).sorted())
    _ = try RunDirectory(folder.path, record, resume: true, on: .single)
    #expect(try folder.names == (others + ["log.jsonl", "run.json"]).sorted())
  }

  @Test("a run's record whose experiment's name is a path is refused: files are named after it")
  func nameWithSlash() throws {
    let folder = try TemporaryFolder()
    let record = try encodeJSON(RunRecord(try SmallTraining.reproduction(), networks: [.real]))
    let name = "\"name\" : \"\(try SmallTraining.reproduction().experiment.name)\""
    #expect(record.contains(name))
    let file = try folder.write(Array(record.replacing(name, with: "\"name\" : \"../x\"").utf8), to: "run.json")
    let error = #expect(throws: RunDirectoryError.self) { try RunDirectory.record(in: folder.path) }
    #expect(error?.description == "\(file): expected an experiment's name without a slash, found ../x")
  }

  @Test("a run of an older version, whose record has no note on its data, is shown with the data set's own")
  func olderNote() throws {
    let folder = try TemporaryFolder()
    let reproduction = Reproduction(
      .custom("12-8-10", on: .svhnWithoutExtra), data: try .digits(), seed: 1, device: .single)
    let text = try encodeJSON(RunRecord(reproduction, networks: [.real]))
    var object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(object.removeValue(forKey: "dataNote") != nil)
    let old = try JSONDecoder().decode(RunRecord.self, from: JSONSerialization.data(withJSONObject: object))
    let note = try #require(DataSource.svhnWithoutExtra.note)
    #expect(ReproductionReport(old, []).dataNote == note)
    _ = try RunDirectory(folder.path, old, resume: false, on: .single)
    #expect(try RunSummary(folder.path).text(width: 80).split(separator: "\n").contains(note[...]))
  }

  /// Root may read every directory.
  @Test(
    "a directory that cannot be opened to lock it is an error with the system's reason", .enabled(if: geteuid() != 0))
  func unreadable() throws {
    let folder = try TemporaryFolder()
    let record = RunRecord(try SmallTraining.reproduction(), networks: [.real])
    try FileManager.default.setAttributes([.posixPermissions: 0o300], ofItemAtPath: folder.path)
    defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path) }
    let error = #expect(throws: FileWriteError.self) {
      _ = try RunDirectory(folder.path, record, resume: false, on: .single)
    }
    #expect(error?.description == "\(folder.path): expected to write, found: \(String(cString: strerror(EACCES)))")
  }
}
