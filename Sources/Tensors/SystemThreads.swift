import Foundation

/// Starts threads. The system refuses to start one if the limit of a user's (`ulimit -u`) or a container's processes is reached,
/// or if there is no memory for its stack.
package struct SystemThreads: Sendable {
  private let start: @Sendable (_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool

  /// - Parameter start: runs the body once on a thread of its own, or returns false.
  package init(_ start: @escaping @Sendable (_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool) {
    self.start = start
  }

  /// Threads started by `pthread_create`, which reports failure; Foundation's `Thread` and Dispatch do not.
  package static let system = SystemThreads { name, body in
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return false }
    defer { pthread_attr_destroy(&attributes) }
    guard pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED)) == 0 else { return false }
    // Runs of weights and of sums over many rows keep up to 0.3 MB there; some systems give a thread 0.1.
    var stack = 0
    if pthread_attr_getstacksize(&attributes, &stack) == 0, stack < 1 << 20 {
      pthread_attr_setstacksize(&attributes, 1 << 20)
    }
    let work = Unmanaged.passRetained(Work(name: name, body: body))
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    let code = pthread_create(
      &thread, &attributes,
      { pointer in
        // On macOS the pointer is not optional.
        if let pointer = pointer as UnsafeMutableRawPointer? {
          Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().run()
        }
        return nil
      }, work.toOpaque())
    if code != 0 { work.release() }
    return code == 0
  }

  /// Runs `body` once on a thread of its own; returns false if the system starts none.
  ///
  /// - Parameter name: at most 15 bytes.
  package func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool { start(name, body) }

  /// What a new thread is given.
  private final class Work: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) { (self.name, self.body) = (name, body) }

    func run() {
      Thread.current.name = name
      body()
    }
  }
}
