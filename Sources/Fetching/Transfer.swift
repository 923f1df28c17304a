import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// The answer to a single request, read piece by piece by the thread that made it. Redirections are not followed here.
///
/// At most about a megabyte waits to be read. Silence longer than the timeout is an error.
final class Transfer: NSObject, URLSessionDataDelegate, @unchecked Sendable {
  private let request: URLRequest
  private let timeout: TimeInterval
  private var session: URLSession?

  // Shared by the requesting thread and URLSession's; guarded by the condition's lock.
  private let condition = NSCondition()
  private var response: HTTPURLResponse?
  private var waiting: [Data] = []
  private var waitingBytes = 0
  private var end: End?
  private var isAbandoned = false
  private var isRedirected = false

  private enum End { case finished, failed(String) }

  init(_ request: URLRequest, timeout: TimeInterval) {
    self.request = request
    self.timeout = timeout
    super.init()
    let session = URLSession(
      configuration: .transfer(timeout: timeout), delegate: self, delegateQueue: DeliveryQueue())
    self.session = session
    session.dataTask(with: request).resume()
  }

  private var address: String { request.url?.absoluteString ?? "" }

  /// The head of the answer.
  ///
  /// - Throws: `FetchError.unreachable`, `FetchError.stalled`
  func head() throws(FetchError) -> HTTPURLResponse {
    try awaiting { response != nil || end != nil }
    defer { condition.unlock() }
    if let response { return response }
    if case .failed(let reason) = end { throw .unreachable(address: address, reason: reason) }
    throw .unreachable(address: address, reason: "a response that is not HTTP")
  }

  /// The next bytes of the body; nil at its end, which is an error if the connection ended too early.
  ///
  /// - Throws: `FetchError.unreachable`, `FetchError.stalled`
  func next() throws(FetchError) -> Data? {
    try awaiting { !waiting.isEmpty || end != nil }
    defer { condition.unlock() }
    if !waiting.isEmpty {
      let data = waiting.removeFirst()
      waitingBytes -= data.count
      condition.broadcast()
      return data
    }
    if case .failed(let reason) = end { throw .unreachable(address: address, reason: reason) }
    return nil
  }

  /// Ends the transfer, whether or not it is complete. Must be called once, at the end.
  func close() {
    let isEnding = condition.withLock {
      isAbandoned = true
      waiting = []
      waitingBytes = 0
      condition.broadcast()
      return isRedirected
    }
    // Cancelling between the refusal of a redirection and its effect is a fatal error in the library.
    if isEnding { session?.finishTasksAndInvalidate() } else { session?.invalidateAndCancel() }
    session = nil
  }

  /// Waits until `holds()`, then returns with the lock held; throws without it.
  private func awaiting(_ holds: () -> Bool) throws(FetchError) {
    let deadline = Date(timeIntervalSinceNow: timeout)
    condition.lock()
    while !holds() {
      if !condition.wait(until: deadline), !holds() {
        condition.unlock()
        throw .stalled(address: address, seconds: timeout)
      }
    }
  }

  // Called by URLSession.

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    let isWanted = condition.withLock {
      isRedirected = !isAbandoned
      return isRedirected
    }
    // Nobody waits for it once the task is cancelled; answering then is a fatal error in the library.
    guard isWanted else { return }
    take(response)
    completionHandler(nil)
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    take(response)
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    condition.withLock {
      // Nothing waits any more once the transfer is abandoned.
      while waitingBytes > 1 << 20 { condition.wait() }
      guard !isAbandoned else { return }
      waiting.append(data)
      waitingBytes += data.count
      condition.broadcast()
    }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    take(task.response)
    condition.withLock {
      end = error.map { .failed(Self.words(for: $0)) } ?? .finished
      condition.broadcast()
    }
  }

  private func take(_ response: URLResponse?) {
    condition.withLock {
      if self.response == nil { self.response = response as? HTTPURLResponse }
      condition.broadcast()
    }
  }

  private static func words(for error: any Error) -> String {
    let error = error as NSError
    return (error.userInfo[NSLocalizedDescriptionKey] as? String) ?? "the network error \(error.code)"
  }
}

extension URLSessionConfiguration {
  /// Neither cache nor cookies, and a timer that never ends before the silence of `timeout` seconds, which `Transfer` times itself:
  /// the library's own timer is coarse.
  package static func transfer(timeout: TimeInterval) -> URLSessionConfiguration {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.urlCache = nil
    configuration.httpCookieStorage = nil
    configuration.timeoutIntervalForRequest = 2 * timeout + 60
    return configuration
  }
}
