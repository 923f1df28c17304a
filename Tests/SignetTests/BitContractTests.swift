import Foundation
import Testing

/// `Golden/traces/NAME.json`: the digests of all parameters after a short training.
private struct Trace: Decodable {
  let arguments: [String]
  let parametersSHA256: [String: String]
}

private struct Report: Decodable {
  struct Network: Decodable {
    let network: String
    let parametersSHA256: String
  }

  let networks: [Network]
  let kernels: String
  let threads: Int
}

/// The same bits from every thread count, variant of the kernels and build. It runs in release and in debug, so that the one
/// golden stands between the two.
@Suite("Bit contract: short trainings end in the golden digests")
struct BitContractTests {
  struct Case: CustomTestStringConvertible {
    let kernels: String
    let threads: Int
    var testDescription: String { "\(kernels) kernels, \(threads) threads" }
  }

  /// The variants that this processor can run, with one thread and more.
  static let cases: [Case] = {
    let variants = ["avx512", "avx2", "plain"].filter { variant in
      let outcome = try? SignetProgram.run("--version", environment: ["SIGNET_KERNELS": variant])
      return outcome?.code == 0
    }
    return variants.enumerated().flatMap { index, variant in
      (index == 0 ? [1, 2, 3] : [2]).map { Case(kernels: variant, threads: $0) }
    }
  }()

  /// Dense networks; convolutions, pooling, a grid a layer and the straight-through network; other choices of the method.
  static let traces = ["digits", "convolutions", "variation"]

  @Test("the digests are the golden ones", arguments: cases, traces)
  func digests(_ run: Case, trace name: String) throws {
    let golden = SignetProgram.root.appending(path: "Golden/traces/\(name).json")
    let trace = try JSONDecoder().decode(Trace.self, from: Data(contentsOf: golden))
    let outcome = try SignetProgram.run(
      trace.arguments + ["--threads", "\(run.threads)", "--json", "--quiet"],
      environment: ["SIGNET_KERNELS": run.kernels])
    try #require(outcome.code == 0, "\(outcome.errors)")
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    #expect(report.kernels == run.kernels)
    #expect(report.threads == run.threads)
    #expect(report.networks.count == trace.parametersSHA256.count)
    for network in report.networks {
      #expect(
        network.parametersSHA256 == trace.parametersSHA256[network.network],
        "\(network.network): the bits changed; golden: \(golden.path); if that is meant: ci/accept-trace \"REASON\"")
    }
  }

  @Test("the plain kernels and one more variant, or all that the processor has, were run")
  func coverage() {
    #expect(Self.cases.contains { $0.kernels == "plain" })
    #expect(Self.cases.count >= 3)
  }

  @Test("every trace of Golden/traces is run")
  func allTraces() throws {
    let folder = SignetProgram.root.appending(path: "Golden/traces").path
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == Self.traces.map { $0 + ".json" }.sorted())
  }

  @Test("another seed gives other digests, so that the comparison can fail")
  func anotherSeed() throws {
    let digests = try [1, 2].map { seed in
      let outcome = try SignetProgram.run(
        "reproduce", "digits", "--networks", "real", "--real-epochs", "1", "--seed", "\(seed)", "--json", "--quiet")
      return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8)).networks.map(\.parametersSHA256)
    }
    #expect(digests[0] != digests[1])
  }
}
