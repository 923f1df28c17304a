internal import Kernels

/// The text that devices compile: the formulas, functions and products of `Kernels`, which a processor's program has compiled in.
package struct DeviceText: Sendable {
  /// The whole text, without lines that include others.
  package private(set) var text: String

  /// The text as it is.
  package init() {
    var sources: [String: String] = [:]
    var root: String?
    var index: Int32 = 0
    while let name = signet_device_source(index).name, let text = signet_device_source(index).text {
      sources[String(cString: name)] = String(cString: text)
      root = root ?? String(cString: name)
      index += 1
    }
    text = root.map { Self.resolved($0, sources) } ?? ""
  }

  /// The text with a fault, for tests: `old`, which it must contain, replaced by `new`.
  package func replacing(_ old: String, _ new: String) -> DeviceText {
    precondition(text.contains(old), "DeviceText: no \(old)")
    var changed = self
    changed.text = text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    return changed
  }

  /// A source with those that it includes in the place of the lines that say so. Standard headers are left out, since devices have none.
  private static func resolved(_ name: String, _ sources: [String: String]) -> String {
    guard let text = sources[name] else { preconditionFailure("DeviceText: no source \(name)") }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard line.hasPrefix("#include") else { return String(line) }
      let quoted = line.split(separator: "\"")
      guard quoted.count > 1, let file = quoted[1].split(separator: "/").last else { return "" }
      return resolved(String(file), sources)
    }.joined(separator: "\n")
  }
}
