import Datasets
import Fetching
import Files
import Foundation
import TestSupport
import Testing

/// What `signet data fetch` reports, of a set of small files.
@Suite("Fetching: a set, and its report") struct FetchReportTests {
  private let bench: Bench
  private let server: LoopbackServer

  init() throws {
    bench = try Bench(count: 30)
    let bytes = bench.bytes
    server = try bench.serve { request in WholeFile(bytes: Array(bytes.prefix(Self.size(of: request.path))))(request) }
  }

  /// The files' sizes are in their names.
  private static func size(of path: String) -> Int { Int(path.filter(\.isNumber)) ?? 0 }

  private func report(isReplacing: Bool = false) throws -> FetchReport {
    let files = ["file10", "file20", "file30"].map { name in
      let bytes = bench.bytes.prefix(Self.size(of: name))
      return CatalogueEntry.File(
        name: name, bytes: bytes.count, digest: .sha256(hexadecimal(sha256: Array(bytes))), decompressedSHA256: nil,
        addresses: [])
    }
    let entry = CatalogueEntry(
      name: "small", form: Catalogue.mnist.form, title: "Small", homepage: "",
      licence: nil, citation: "", files: files)
    return try FetchReport(
      fetching: entry, into: bench.directory, mirror: server.url("m"), timeout: 5, isReplacing: isReplacing
    ) { _ in }
  }

  @Test(
    "a file that is there, one that is resumed and one with other contents: each has its status, table and JSON agree")
  func statuses() throws {
    try FileManager.default.createDirectory(
      atPath: "\(bench.directory)/small", withIntermediateDirectories: true)
    try bench.write(bench.bytes.prefix(10), to: "small/file10")
    try bench.write(bench.bytes.prefix(7), to: "file20.partial")
    try bench.write([1], to: "file30")
    let first = try report()
    let address = try server.url("m/file20").absoluteString
    #expect(
      tableRows(first.table) == [
        ["small/file10", "10 bytes", "present"], ["file20", "20 bytes", "fetched", address],
        ["file30", "30 bytes", "wrong contents"],
      ])
    #expect(first.files.map(\.resumedAt) == [nil, 7, nil] && first.files.map(\.address) == [nil, address, nil])
    #expect(first.files.map(\.name) == ["file10", "file20", "file30"] && first.set == "small")
    #expect(first.wrong?.kind == .contents && first.directory == bench.directory)
    expectSame(bench.contents("file20") ?? [], Array(bench.bytes.prefix(20)))
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(encodeJSON(first).utf8)) as? [String: Any])
    #expect(Set(json.keys) == ["version", "set", "directory", "files"])
    let files = try #require(json["files"] as? [[String: Any]])
    #expect(files.map { $0["status"] as? String } == ["present", "fetched", "wrong contents"])
    #expect(files.map { $0["path"] as? String } == ["small/file10", "file20", "file30"])
    #expect(files.map { $0["bytes"] as? Int } == [10, 20, 30])

    let second = try report(isReplacing: true)
    #expect(second.files.map(\.status) == [.present, .present, .fetched] && second.wrong == nil)
    #expect(second.files.map(\.resumedAt) == [nil, nil, 0])
    expectSame(bench.contents("file30") ?? [], bench.bytes)
    #expect(server.requests.map(\.path) == ["/m/file20", "/m/file30"])
  }
}
