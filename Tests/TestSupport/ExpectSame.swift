import Testing

/// Expects two long lists to be equal, and names the first place where they differ.
///
/// `#expect(a == b)` works out how to edit one into the other when they differ, which takes minutes for some ten thousand elements:
/// for more than a few hundred, this is the way to compare. Inlinable, so that millions of bytes take no longer than reading them.
@inlinable
public func expectSame<Element: Equatable>(
  _ actual: some Collection<Element>, _ expected: some Collection<Element>, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let difference = firstDifference(actual, expected) else { return }
  Issue.record("\(what.isEmpty ? "" : "\(what): ")\(difference)", sourceLocation: sourceLocation)
}

/// The first place where two lists differ, in words; nil if they are equal.
@inlinable
public func firstDifference<Element: Equatable>(
  _ actual: some Collection<Element>, _ expected: some Collection<Element>
) -> String? {
  guard actual.count == expected.count else { return "expected \(expected.count) elements, found \(actual.count)" }
  let pairs = zip(actual, expected)
  guard let (index, (found, wanted)) = pairs.enumerated().first(where: { $0.element.0 != $0.element.1 }) else {
    return nil
  }
  return "[\(index)]: expected \(wanted), found \(found); \(pairs.count { $0 != $1 }) of \(actual.count) differ"
}
