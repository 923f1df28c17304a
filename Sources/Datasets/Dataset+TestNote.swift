extension Dataset {
  /// What must be said of test errors if the images to test on are not as many as the published ones; nil for a published set that
  /// is whole, and for other sets.
  package var testNote: String? {
    guard let entry = Catalogue.entry(named: name), test.count != entry.testImages else { return nil }
    let isFirst = fileDigests.contains { entry.excerpts[$0.sha256] == test.count }
    return "test errors are of \(isFirst ? "the first " : "")\(grouped(test.count)) test images; \(name) has "
      + "\(grouped(entry.testImages))"
  }
}

/// A number with a comma before each three digits: 26,032.
private func grouped(_ number: Int) -> String {
  number < 1000 ? "\(number)" : grouped(number / 1000) + "," + "\(1000 + number % 1000)".dropFirst()
}
