import Foundation
import TestSupport
import Testing

/// What all scripts of `ci` have in common. Those that another test or `.ci/run` runs are tested there.
@Suite("Scripts explain themselves")
struct ScriptTests {
  /// The scripts that are run by name; the mutation tests' own program has its help text.
  static let names: [String] = {
    let folder = SignetProgram.root.appending(path: "ci").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { name in
      let text = (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
      return text.hasPrefix("#!/usr/bin/env bash\n") && name != "mutants"
    }.sorted()
  }()

  @Test(
    "--help, wherever it stands, prints the text that the script begins with, and nothing is done", arguments: names)
  func help(_ name: String) throws {
    let script = SignetProgram.root.appending(path: "ci/\(name)")
    let lines = try String(contentsOf: script, encoding: .utf8).split(separator: "\n").dropFirst()
    let comment = lines.prefix { $0.hasPrefix("#") }.map { $0.dropFirst().drop { $0 == " " } }.filter { !$0.isEmpty }
    for arguments in [["--help"], ["x", "-h"]] {
      let outcome = try SignetProgram.run(arguments, program: script.path, directory: "/")
      #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      #expect(outcome.lines.map { $0.drop { $0 == " " } } == comment && comment.count > 1)
    }
  }

  @Test("the scripts are found")
  func found() { #expect(Self.names.contains("test") && Self.names.contains("nightly") && Self.names.count > 20) }
}
