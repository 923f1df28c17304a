import Foundation

/// The system's description of a file error.
package func reason(of error: any Error) -> String {
  let error = error as NSError
  let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
  return underlying.domain == NSPOSIXErrorDomain
    ? reason(ofErrno: Int32(underlying.code)) : error.localizedDescription
}

/// The system's description of a value of `errno`.
package func reason(ofErrno code: Int32) -> String { String(cString: strerror(code)) }
