import Foundation

/// The value of `errno` in a file error; nil if the system did not cause the error.
package func systemErrorNumber(of error: any Error) -> Int32? {
  // On Linux the cause is not an `NSError` itself.
  let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
  let underlying = (cause ?? error) as NSError
  return underlying.domain == NSPOSIXErrorDomain ? Int32(underlying.code) : nil
}

/// The system's description of a file error.
package func reason(of error: any Error) -> String {
  systemErrorNumber(of: error).map(reason(ofErrno:)) ?? error.localizedDescription
}

/// The system's description of a value of `errno`.
package func reason(ofErrno code: Int32) -> String { String(cString: strerror(code)) }
