import Foundation

/// Whether there is a directory at a path, or a symbolic link to one.
package func isDirectory(_ path: String) -> Bool {
  var facts = stat()
  return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
}
