import Foundation

/// A web server on the loopback interface that says what a test makes it say, one request a connection.
package final class LoopbackServer: @unchecked Sendable {
  package struct Request: Sendable {
    package let path: String
    /// Names in lowercase.
    package let headers: [String: String]

    /// The first byte asked for.
    package var begin: Int? {
      headers["range"].flatMap { $0.hasPrefix("bytes=") && $0.hasSuffix("-") ? Int($0.dropFirst(6).dropLast()) : nil }
    }
  }

  package enum Step: Sendable {
    case send([UInt8])
    case pause(Double)
    /// Says nothing more until the server stops.
    case stall

    package static func head(_ status: String, _ headers: [String: String] = [:]) -> Step {
      let lines = ["HTTP/1.1 \(status)", "Connection: close"] + headers.map { "\($0): \($1)" }
      return .send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8))
    }
  }

  package let port: Int
  private let listener: Int32
  private let answer: @Sendable (Request) -> [Step]
  private let lock = NSLock()
  private var seen: [Request] = []
  private var sent = 0
  private var isStopped = false

  /// Every request so far, in order.
  package var requests: [Request] { lock.withLock { seen } }

  /// How many bytes of answers were given to the system.
  package var sentBytes: Int { lock.withLock { sent } }

  package init(_ answer: @escaping @Sendable (Request) -> [Step]) throws {
    self.answer = answer
    #if canImport(Glibc)
      let stream = Int32(SOCK_STREAM.rawValue)
    #else
      let stream = SOCK_STREAM
    #endif
    listener = socket(AF_INET, stream, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    guard isListening else { throw POSIXError(.EADDRNOTAVAIL) }
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        if connection < 0 { break }  // stopped
        Thread.detachNewThread { [weak self] in
          self?.serve(connection)
          close(connection)
        }
      }
      close(listener)
    }
  }

  package func stop() {
    let isFirst = lock.withLock {
      defer { isStopped = true }
      return !isStopped
    }
    // Later the number may be that of another server's socket.
    if isFirst { shutdown(listener, Int32(SHUT_RDWR)) }
  }

  package func url(_ path: String) throws -> URL {
    guard let url = URL(string: "http://127.0.0.1:\(port)/\(path)") else { throw URLError(.badURL) }
    return url
  }

  private func serve(_ connection: Int32) {
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !text.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      let count = recv(connection, &buffer, buffer.count, 0)
      if count <= 0 { return }
      text += buffer[..<count]
    }
    let lines = String(decoding: text, as: UTF8.self).components(separatedBy: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
    }
    let words = lines[0].split(separator: " ")
    let request = Request(path: words.count > 1 ? String(words[1]) : "", headers: headers)
    lock.withLock { seen.append(request) }
    for step in answer(request) {
      switch step {
      case .send(let bytes):
        var rest = bytes[...]
        while !rest.isEmpty {
          let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
          if count <= 0 { return }
          rest = rest.dropFirst(count)
          lock.withLock { sent += count }
        }
      case .pause(let seconds): Thread.sleep(forTimeInterval: seconds)
      case .stall: while !lock.withLock({ isStopped }) { Thread.sleep(forTimeInterval: 0.02) }
      }
    }
    shutdown(connection, Int32(SHUT_WR))
    // What the client still sends is read, so that closing resets nothing.
    while recv(connection, &buffer, buffer.count, 0) > 0 {}
  }
}
