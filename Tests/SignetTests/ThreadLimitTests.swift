import Foundation
import TestSupport
import Testing

@Suite("Threads of the program", .enabled(if: isLinux))
struct ThreadLimitTests {
  private static let training = [
    "reproduce", "digits", "--networks", "real", "--real-epochs", "1", "--quiet", "--json",
  ]

  private struct Run {
    let threads: Int
    let parameters: String
  }

  /// What a training in the shell's process says, after `limit` has been set there.
  private func run(_ limit: String, _ options: [String] = []) throws -> Run {
    let script = "\(limit) exec timeout 300 \"$0\" \"$@\""
    let outcome = try SignetProgram.run(
      ["-c", script, SignetProgram.path] + Self.training + options, program: "/bin/bash")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let network = try #require((object["networks"] as? [[String: Any]])?.first)
    return Run(
      threads: try #require(object["threads"] as? Int),
      parameters: try #require(network["parametersSHA256"] as? String))
  }

  @Test("the default is one thread per processor of the affinity mask")
  func affinity() throws {
    #expect(try run("").threads >= 1)
    // The shell's own first processor.
    let bound = "taskset -cp \"$(taskset -cp $$ | sed 's/.*: \\([0-9]*\\).*/\\1/')\" $$ >/dev/null;"
    #expect(try run(bound).threads == 1)
    #expect(try run(bound, ["--threads", "3"]).threads == 3)
  }

  @Test("if no more threads can be started, training uses those that there are, and nothing else changes")
  func limit() throws {
    let limited = try run("ulimit -u 1;", ["--threads", "16"])
    // The limit does not hold for root.
    #expect(limited.threads == (geteuid() == 0 ? 16 : 1))
    #expect(try run("", ["--threads", "1"]).parameters == limited.parameters)
  }
}
