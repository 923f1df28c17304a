extension Array where Element: Hashable {
  /// Each once, where it is first.
  package var unique: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
