import Foundation

/// The system's description of a file error.
package func reason(of error: any Error) -> String {
  // On Linux the cause is not an `NSError` itself.
  let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
  let underlying = (cause ?? error) as NSError
  return underlying.domain == NSPOSIXErrorDomain
    ? reason(ofErrno: Int32(underlying.code)) : error.localizedDescription
}

/// The system's description of a value of `errno`.
package func reason(ofErrno code: Int32) -> String { String(cString: strerror(code)) }
