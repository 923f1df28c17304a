import Fetching
import Files
import Foundation
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// What is told of a download while it goes on, and what ends it.
@Suite("Fetching: the line of a download, and its patience") struct DownloadLineTests {
  private func file(of bytes: Int) -> RemoteFile {
    RemoteFile(name: "data.gz", bytes: bytes, digest: .sha256(""), addresses: [])
  }

  @Test("the line has megabytes, the share, the rate since this call began, and the time that is left at this rate")
  func receiving() {
    let event = FetchEvent.receiving(file(of: 30_000_000), resumedAt: 10_000_000, received: 20_000_000)
    #expect(event.text(after: 10) == "data.gz  20.0/30.0 MB  66.67 %  1.0 MB/s  0:10 left")
    #expect(event.text(after: 4000) == "data.gz  20.0/30.0 MB  66.67 %  0.0 MB/s  1:06:40 left")
  }

  @Test("as long as nothing has come, a byte a second is expected, even by a clock that has not moved")
  func beginning() {
    let event = FetchEvent.receiving(file(of: 100), resumedAt: 40, received: 40)
    for seconds in [0, 4.0] {
      #expect(event.text(after: seconds) == "data.gz  0.0/0.0 MB  40.00 %  0.0 MB/s  1:00 left")
    }
  }

  @Test("a file's time begins with what an address sends first, and anew with the next address")
  func clock() {
    let (line, file, clock) = (ProgressLine(isQuiet: true), file(of: 100), ContinuousClock())
    func since(_ begin: ContinuousClock.Instant) -> Double { (clock.now - begin) / .seconds(1) }
    func receive(_ received: Int, resumedAt: Int) {
      line.show(FetchEvent.receiving(file, resumedAt: resumedAt, received: received))
    }
    receive(0, resumedAt: 0)
    let first = clock.now
    while since(first) < 0.02 {}
    receive(40, resumedAt: 0)
    #expect(line.seconds(of: "data.gz") >= 0.02)
    line.show(FetchEvent.addressFailed(.status(address: "http://a/data.gz", code: 404)))
    let second = clock.now
    receive(40, resumedAt: 40)
    #expect(line.seconds(of: "data.gz") <= since(second))
  }

  @Test("checking names the digest, and an address that failed is followed by the next")
  func others() {
    #expect(FetchEvent.checking(file(of: 1)).text(after: 0) == "data.gz  checking SHA-256")
    let error = FetchError.status(address: "http://a/data.gz", code: 404)
    #expect(
      FetchEvent.addressFailed(error).text(after: 0)
        == "http://a/data.gz: expected status 200, found status 404; trying the next address")
  }

  @Test("that an address failed is told at once, in a line that stays")
  func failedAddress() async throws {
    let result = try await #require(processExitsWith: .success, observing: [\.standardErrorContent]) {
      ProgressLine(isQuiet: false).show(FetchEvent.addressFailed(.status(address: "http://a/data.gz", code: 404)))
    }
    let text = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(
      text.contains("http://a/data.gz: expected status 200, found status 404; trying the next address\n"), "\(text)")
  }

  @Test("a silence is told in whole seconds where it is whole", arguments: [(30, "30"), (1.2, "1.2"), (0.5, "0.5")])
  func silence(seconds: Double, text: String) {
    #expect(
      "\(FetchError.stalled(address: "http://a", seconds: seconds))"
        == "http://a: expected bytes, found none for \(text) seconds")
  }

  @Test("the library's own timer leaves the silence to us, however long it may last", arguments: [0.25, 30, 300, 7200])
  func timer(timeout: Double) {
    let configuration = URLSessionConfiguration.transfer(timeout: timeout)
    #expect(configuration.timeoutIntervalForRequest >= timeout + 60)
    #expect(configuration.urlCache == nil && configuration.httpCookieStorage == nil)
  }
}
