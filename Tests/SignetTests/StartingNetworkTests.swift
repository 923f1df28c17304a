import Foundation
import TestSupport
import Testing

@Suite("Networks taken from another run, to start from")
struct StartingNetworkTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test("a network taken from another run gives the same bits; one trained otherwise is refused with the difference")
  func from() throws {
    func train(_ networks: String, _ arguments: String...) throws -> SignetProgram.Outcome {
      let epochs = networks == "real" ? [] : ["--discrete-epochs", "1"]
      return try SignetProgram.run(
        ["reproduce", "digits", "--networks", networks, "--quiet", "--json"] + epochs + arguments)
    }
    func digest(_ outcome: SignetProgram.Outcome, _ network: String) throws -> String {
      let networks = try #require(SignetProgram.object(outcome.output)["networks"] as? [[String: Any]])
      return try #require(networks.first { $0["network"] as? String == network }?["parametersSHA256"] as? String)
    }
    let run = folder.file("run")
    let whole = try train("real,discrete-sign", "--real-epochs", "1", "--out", run)
    try #require(whole.code == 0, "\(whole.errors)")
    let taken = try train("discrete-sign", "--real-epochs", "1", "--from", run)
    #expect(taken.code == 0, "\(taken.errors)")
    #expect(try digest(taken, "discrete-sign") == digest(whole, "discrete-sign"))
    #expect(try SignetProgram.object(taken.output)["networks"].map { ($0 as? [Any])?.count } == 1)
    for (arguments, mention) in [
      (["--real-epochs", "2"], "epochs"), (["--real-epochs", "1", "--seed", "2"], "seed 1 and not 2"),
      (["--real-epochs", "1", "--set", "real.learning-rate=0.002"], "weightStep"),
    ] {
      let refused = try SignetProgram.run(
        ["reproduce", "digits", "--networks", "discrete-sign", "--discrete-epochs", "1", "--quiet", "--from", run]
          + arguments)
      #expect(refused.code == 65 && refused.errors.contains("expected real, trained as here, found real with"))
      #expect(refused.errors.contains(mention), "\(refused.errors)")
    }
    let nothing = try train("real", "--real-epochs", "1", "--from", run)
    #expect(nothing.code == 65 && nothing.errors.contains("expected a network to start from"), "\(nothing.errors)")
    // The file of another network under the name of the real one.
    let other = try train("real", "--real-epochs", "1", "--seed", "2", "--out", folder.file("other"))
    try #require(other.code == 0)
    try FileManager.default.removeItem(atPath: run + "/real.safetensors")
    try FileManager.default.copyItem(atPath: folder.file("other/real.safetensors"), toPath: run + "/real.safetensors")
    let swapped = try train("discrete-sign", "--real-epochs", "1", "--from", run)
    #expect(swapped.code == 65 && swapped.errors.contains("found a file of real that is not the run's"))
  }

  @Test("each run of --from gives the networks that it has, and none of them is trained again")
  func several() throws {
    func train(_ networks: String, _ options: [String]) throws -> [[String: Any]] {
      let outcome = try SignetProgram.run(
        ["train", "--architecture", "12-10", "--networks", networks, "--real-epochs", "1", "--quiet", "--json"]
          + (networks == "real" ? [] : ["--discrete-epochs", "1"]) + options
      ).done()
      return try #require(try SignetProgram.object(outcome.output)["networks"] as? [[String: Any]])
    }
    let (a, b) = (folder.file("a"), folder.file("b"))
    _ = try train("real", ["--out", a])
    _ = try train("discrete-tanh", ["--from", a, "--out", b])
    // The first starts from the real network, the second from the tanh network.
    let names = ["discrete-sign", "discrete-sign-from-tanh"]
    let whole = try train(names.joined(separator: ","), [])
    func facts(_ networks: [[String: Any]]) -> [String] {
      networks.map { "\($0["network"] ?? "") \($0["parametersSHA256"] ?? "")" }
    }
    let expected = facts(whole.filter { names.contains($0["network"] as? String ?? "") })
    #expect(whole.count == 4 && expected.count == 2)
    for runs in [[a, b], [b, a]] {
      #expect(try facts(train(names.joined(separator: ","), runs.flatMap { ["--from", $0] })) == expected)
    }
  }
}
