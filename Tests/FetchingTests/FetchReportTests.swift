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

  /// A set of three files, or of these.
  private func entry(_ files: [CatalogueEntry.File]? = nil) -> CatalogueEntry {
    let three = ["file10", "file20", "file30"].map { name in
      let bytes = bench.bytes.prefix(Self.size(of: name))
      return CatalogueEntry.File(
        name: name, bytes: bytes.count, digest: .sha256(hexadecimal(sha256: Array(bytes))), decompressedSHA256: nil,
        addresses: [])
    }
    return CatalogueEntry(
      name: "small", form: Catalogue.mnist.form, title: "Small", homepage: "",
      licence: nil, citation: "", files: files ?? three)
  }

  private func report(on files: [CatalogueEntry.File]? = nil, isReplacing: Bool = false) throws -> FetchReport {
    try FetchReport(
      fetching: entry(files), into: bench.directory, mirror: server.url("m"), timeout: 5, isReplacing: isReplacing
    ) { _ in }
  }

  @Test(
    "a file that is there, one that is resumed and one with other contents: each has its status, table and JSON agree")
  func statuses() throws {
    try FileManager.default.createDirectory(
      atPath: "\(bench.directory)/small", withIntermediateDirectories: true)
    try bench.write(bench.bytes.prefix(10), to: "small/file10")
    try bench.write(bench.bytes.prefix(7), to: "small/file20.partial")
    try bench.write([1], to: "small/file30")
    let first = try report()
    let address = try server.url("m/file20").absoluteString
    #expect(
      tableRows(first.table) == [
        ["small/file10", "10 bytes", "present"], ["small/file20", "20 bytes", "fetched", address],
        ["small/file30", "1 byte", "wrong contents"],
      ])
    #expect(first.files.map(\.resumedAt) == [nil, 7, nil] && first.files.map(\.address) == [nil, address, nil])
    #expect(first.files.map(\.name) == ["file10", "file20", "file30"] && first.set == "small")
    #expect(first.wrong?.kind == .contents && first.directory == bench.directory)
    expectSame(bench.contents("small/file20") ?? [], Array(bench.bytes.prefix(20)))
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(encodeJSON(first).utf8)) as? [String: Any])
    #expect(Set(json.keys) == ["version", "set", "directory", "files"])
    let files = try #require(json["files"] as? [[String: Any]])
    #expect(files.map { $0["status"] as? String } == ["present", "fetched", "wrong contents"])
    #expect(files.map { $0["path"] as? String } == ["small/file10", "small/file20", "small/file30"])
    #expect(files.map { $0["bytes"] as? Int } == [10, 20, 1])

    let second = try report(isReplacing: true)
    #expect(second.files.map(\.status) == [.present, .present, .fetched] && second.wrong == nil)
    #expect(second.files.map(\.resumedAt) == [nil, nil, 0])
    expectSame(bench.contents("small/file30") ?? [], bench.bytes)
    #expect(server.requests.map(\.path) == ["/m/file20", "/m/file30"])
  }

  @Test("a decompressed copy of a compressed file has its own size in the report, not the compressed one's")
  func decompressed() throws {
    try bench.write(bench.bytes, to: "images")
    let published = CatalogueEntry.File(
      name: "images.gz", bytes: 7, digest: .sha256(hexadecimal(sha256: [1])),
      decompressedSHA256: hexadecimal(sha256: bench.bytes), addresses: [])
    let found = try report(on: [published])
    #expect(tableRows(found.table) == [["images", "30 bytes", "present"]])
    #expect(found.files.map(\.bytes) == [30] && found.files.map(\.name) == ["images.gz"])
    #expect(server.requests.isEmpty)
  }

  @Test("a set is completed in the folder that has most of its files, where reading then finds it")
  func folders() throws {
    try FileManager.default.createDirectory(atPath: "\(bench.directory)/small", withIntermediateDirectories: true)
    for name in ["file10", "small/file10", "small/file20"] {
      try bench.write(bench.bytes.prefix(Self.size(of: name)), to: name)
    }
    let found = try report()
    #expect(found.files.map(\.path) == ["small/file10", "small/file20", "small/file30"])
    #expect(found.files.map(\.status) == [.present, .present, .fetched])
    #expect(try DataSearch(entry(), in: bench.directory).locate().paths == found.files.map(\.path))
  }
}
