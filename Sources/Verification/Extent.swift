/// How much work a check does: all of it in a release build; in a debug build, whose code is some fifty times as slow,
/// the same cases with less work each.
///
/// Neither build leaves out a case, so both run as many as `Tests/case-floors.txt` says.
package enum Extent {
  #if DEBUG
    private static let isFull = false
  #else
    private static let isFull = true
  #endif

  /// `full` in a release build, `reduced` in a debug build.
  package static func of<Value>(_ full: @autoclosure () -> Value, debug reduced: @autoclosure () -> Value) -> Value {
    isFull ? full() : reduced()
  }
}
