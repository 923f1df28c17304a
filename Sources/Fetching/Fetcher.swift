import Datasets
import Files
import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Fetches files over http and https into one directory.
///
/// A file appears under its name only when all its bytes have been received and its digest is right; until then it is named
/// `NAME.partial`, and later calls resume it where it ended (RFC 9110 §14, `Range`, `If-Range`). Addresses are tried in order.
package struct Fetcher {
  private let directory: String
  private let timeout: Double
  private let isReplacing: Bool
  private let observer: (FetchEvent) -> Void

  /// - Parameters:
  ///   - directory: the directory to write to, which is created if it is missing.
  ///   - timeout: how many seconds to wait for a silent server.
  ///   - isReplacing: whether an existing file with wrong contents is replaced.
  ///   - observer: called with each event.
  package init(
    directory: String, timeout: Double = 30, isReplacing: Bool = false,
    observer: @escaping (FetchEvent) -> Void = { _ in }
  ) {
    self.directory = directory
    self.timeout = timeout
    self.isReplacing = isReplacing
    self.observer = observer
  }

  /// Fetches a file unless it already exists.
  ///
  /// - Throws: `FetchError`; `everyAddress` if there were several.
  package func fetch(_ file: RemoteFile) throws(FetchError) -> FetchOutcome {
    guard !file.name.isEmpty, file.name != ".", file.name != "..",
      !file.name.contains(where: { $0 == "/" || $0 == "\0" })
    else { throw .unusableName(file.name) }
    let addresses = try file.addresses.map { given throws(FetchError) in
      guard let address = given.fetchable else { throw .unusableAddress(given.absoluteString) }
      return address
    }
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw .cannotWrite(path: directory, reason: reason(of: error))
    }
    let path = "\(directory)/\(file.name)"
    if let difference = try difference(of: path, from: file) {
      guard let (expected, actual) = difference else { return .present }
      guard isReplacing else { throw .wrongContents(path: path, expected: expected, actual: actual) }
    }
    var partial = try PartialFile(name: file.name, in: directory)
    var errors: [FetchError] = []
    for address in addresses {
      do throws(FetchError) {
        let resumedAt = try fetch(file, at: address, into: &partial)
        try partial.commit()
        return .fetched(address: address, resumedAt: resumedAt)
      } catch {
        if error.kind == .inputOutput { throw error }
        errors.append(error)
        if errors.count < addresses.count { observer(.addressFailed(error)) }
      }
    }
    throw errors.count == 1 ? errors[0] : .everyAddress(errors)
  }

  /// The first difference from the expected file; nil if there is no such file, `.some(nil)` if it is right.
  private func difference(
    of path: String, from file: RemoteFile
  ) throws(FetchError) -> (expected: String, actual: String)?? {
    let found: FileDigests
    do throws(DataError) {
      found = try FileDigests(path: path)
    } catch {
      if case .fileMissing = error { return nil }
      if case .unreadable(_, let errno) = error { throw .cannotWrite(path: path, errno: errno) }
      throw .cannotWrite(path: path, reason: "\(error)")
    }
    if found.bytes != file.bytes { return ("\(file.bytes) bytes", "\(found.bytes)") }
    let digits = found.digits(like: file.digest)
    if digits != file.digest.hexadecimal { return ("\(file.digest.algorithm) \(file.digest.hexadecimal)", digits) }
    return .some(nil)
  }

  /// Completes the partial file and checks it. If it was begun earlier and turns out to be wrong, all of it is fetched again.
  private func fetch(
    _ file: RemoteFile, at address: URL, into partial: inout PartialFile
  ) throws(FetchError) -> Int {
    if partial.size > file.bytes { try partial.clear() }
    var begin = partial.size
    while true {
      if begin == 0 || begin < file.bytes { begin = try receive(file, at: address, into: &partial) }
      observer(.checking(file))
      guard let difference = try difference(of: partial.path, from: file), let (_, actual) = difference else {
        return begin
      }
      try partial.clear()
      if begin == 0 {
        throw .wrongDigest(
          address: address.absoluteString, algorithm: file.digest.algorithm, expected: file.digest.hexadecimal,
          actual: actual)
      }
      begin = 0
    }
  }

  /// Receives the missing part of the partial file, and returns the offset at which that began.
  private func receive(
    _ file: RemoteFile, at address: URL, into partial: inout PartialFile
  ) throws(FetchError) -> Int {
    let place = address.absoluteString
    let (transfer, head) = try answer(at: address, from: partial.size, origin: partial.origin())
    defer { transfer.close() }
    let encoding = head.value(forHTTPHeaderField: "Content-Encoding")?.lowercased()
    let isEncoded = ![nil, "", "identity"].contains(encoding)
    switch (head.statusCode, partial.size) {
    case (200, _):
      // The library decodes gzip (a test checks this); it may not know other encodings.
      if isEncoded, let encoding, !["gzip", "x-gzip"].contains(encoding) {
        throw .encoded(address: place, encoding: encoding)
      }
      // The length that the server reports is that of the encoded bytes, not that of the file.
      if !isEncoded, let length = head.value(forHTTPHeaderField: "Content-Length").flatMap(Int.init),
        length != file.bytes
      {
        throw .wrongLength(address: place, expected: file.bytes, actual: length, isAtLeast: false)
      }
      try partial.clear()
      // The validator, too, is that of the encoded bytes rather than the file.
      try partial.note(isEncoded ? nil : head.validator.map { PartialFile.Origin(address: place, validator: $0) })
    case (206, 1...) where !isEncoded && head.continues(at: partial.size, of: file.bytes): break
    case (206, 1...), (416, 1...):
      // Another part, a part of encoded bytes, or a shorter file: it does not continue what has been received.
      transfer.close()
      try partial.clear()
      return try receive(file, at: address, into: &partial)
    default: throw .status(address: place, code: head.statusCode)
    }
    let begin = partial.size
    observer(.receiving(file, resumedAt: begin, received: begin))
    try drain(transfer, of: file, place: place, begin: begin, into: &partial)
    return begin
  }

  private func drain(
    _ transfer: Transfer, of file: RemoteFile, place: String, begin: Int, into partial: inout PartialFile
  ) throws(FetchError) {
    while true {
      let data: Data?
      do throws(FetchError) {
        data = try transfer.next()
      } catch .unreachable {
        throw .cutOff(address: place, expected: file.bytes, actual: partial.size)
      }
      guard let data else { break }
      if partial.size + data.count > file.bytes {
        let actual = partial.size + data.count
        try partial.clear()
        throw .wrongLength(address: place, expected: file.bytes, actual: actual, isAtLeast: true)
      }
      try partial.append(data)
      observer(.receiving(file, resumedAt: begin, received: partial.size))
    }
    if partial.size < file.bytes {
      throw .wrongLength(address: place, expected: file.bytes, actual: partial.size, isAtLeast: false)
    }
  }

  /// The first answer that is not a redirection, after at most five redirections.
  private func answer(
    at address: URL, from offset: Int, origin: PartialFile.Origin?
  ) throws(FetchError) -> (Transfer, HTTPURLResponse) {
    let limit = 5
    var place = address
    for _ in 0...limit {
      var request = URLRequest(url: place)
      // A transfer with compressed content cannot be resumed; some servers compress in spite of this.
      request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
      if offset > 0 {
        request.setValue("bytes=\(offset)-", forHTTPHeaderField: "Range")
        if let origin, origin.address == address.absoluteString {
          request.setValue(origin.validator, forHTTPHeaderField: "If-Range")
        }
      }
      let transfer = Transfer(request, timeout: timeout)
      do throws(FetchError) {
        let head = try transfer.head()
        guard [301, 302, 303, 307, 308].contains(head.statusCode),
          let location = head.value(forHTTPHeaderField: "Location")
        else { return (transfer, head) }
        transfer.close()
        guard let target = URL(string: location, relativeTo: place)?.absoluteURL.fetchable,
          Self.mayRedirect(from: place, to: target)
        else { throw .refusedRedirection(address: place.absoluteString, target: location) }
        place = target
      } catch {
        transfer.close()
        throw error
      }
    }
    throw .tooManyRedirections(address: address.absoluteString, limit: limit)
  }

  /// Whether a redirection is allowed; never from an encrypted connection to an unencrypted one.
  package static func mayRedirect(from place: URL, to target: URL) -> Bool {
    guard let place = place.fetchable, let target = target.fetchable else { return false }
    return place.scheme != "https" || target.scheme == "https"
  }
}

extension URL {
  /// The address with its scheme in small letters, as the system's library needs it; nil if it is not an http or https address with
  /// a host. The case of a scheme has no meaning (RFC 3986 §3.1).
  package var fetchable: URL? {
    guard let given = scheme, !(host ?? "").isEmpty else { return nil }
    let scheme = given.lowercased()
    guard ["http", "https"].contains(scheme) else { return nil }
    return given == scheme ? self : URL(string: scheme + absoluteString.dropFirst(given.count))
  }
}

extension HTTPURLResponse {
  /// The value for `If-Range`: a strong entity tag, or else the date of the last change.
  fileprivate var validator: String? {
    if let tag = value(forHTTPHeaderField: "ETag"), tag.hasPrefix("\"") { return tag }
    return value(forHTTPHeaderField: "Last-Modified")
  }

  /// Whether this is the part of a file of `length` bytes from `offset` to its end: `bytes OFFSET-END/LENGTH`.
  fileprivate func continues(at offset: Int, of length: Int) -> Bool {
    let range = value(forHTTPHeaderField: "Content-Range")?.lowercased().replacing(" ", with: "")
    return ["\(length)", "*"].contains { range == "bytes\(offset)-\(length - 1)/\($0)" }
  }
}
