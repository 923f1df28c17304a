import Foundation

/// The kind of system that the program runs on, as far as its files and figures differ.
package enum SystemKind: Sendable {
  case apple, other

  /// The one that the program was built for.
  package static var this: SystemKind {
    #if canImport(Darwin)
      .apple
    #else
      .other
    #endif
  }
}

/// The file of the running program; nil where the system does not tell.
package var programFile: URL? {
  #if os(Linux)
    URL(filePath: "/proc/self/exe")
  #else
    Bundle.main.executableURL
  #endif
}
