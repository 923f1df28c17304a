import Foundation

/// Whether the tests run on Linux. Tests that need its devices, files or commands run nowhere else.
#if os(Linux)
  public let isLinux = true
#else
  public let isLinux = false
#endif

/// The folder of what was built together with the tests.
public let buildFolder: URL = {
  #if os(Linux)
    let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
  #else
    let tests = (Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") } ?? .main).bundleURL
  #endif
  return tests.deletingLastPathComponent()
}()
