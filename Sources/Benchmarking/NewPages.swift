import Foundation

/// How many pages of memory the system has provided for this process so far without reading them from a disk; nil if it does not say.
/// A step that keeps its memory needs none.
var newPages: Int? {
  // RUSAGE_SELF, whose type differs between C libraries.
  let ofThisProcess: Int32 = 0
  var usage = rusage()
  guard getrusage(ofThisProcess, &usage) == 0 else { return nil }
  return Int(usage.ru_minflt)
}
