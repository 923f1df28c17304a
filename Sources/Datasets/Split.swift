/// Which samples are for training, which for choosing the model, and which for testing it.
package struct Split: Equatable, Sendable {
  /// Indices of samples, ascending in each part; the parts are disjoint and cover all.
  package private(set) var train: [Int]
  package let validation: [Int]
  package let test: [Int]

  /// A split without any randomness: first the test samples are taken, then those for validation from the rest; all others are for
  /// training. A part whose share is nil is empty. Samples keep their file order in each part.
  package init(labels: [UInt8], validation: ImageFiles.Share?, test: ImageFiles.Share?) {
    let taken = (validation: validation?.count ?? 0, test: test?.count ?? 0)
    precondition(
      taken.validation >= 0 && taken.test >= 0 && taken.validation <= labels.count - taken.test,
      "\(taken.validation) validation and \(taken.test) test samples of \(labels.count)")
    (self.test, train) = Self.take(test, of: Array(labels.indices), labels)
    (self.validation, train) = Self.take(validation, of: train, labels)
  }

  /// - Parameter samples: in file order, as are the results.
  private static func take(_ share: ImageFiles.Share?, of samples: [Int], _ labels: [UInt8]) -> (
    taken: [Int], left: [Int]
  ) {
    switch share {
    case nil: return ([], samples)
    case .last(let count): return (Array(samples.suffix(count)), samples.dropLast(count))
    case .balanced(let count):
      let ordered = samples.sorted { (labels[$0], $0) < (labels[$1], $1) }
      var parts: (taken: [Int], left: [Int]) = ([], [])
      for (j, sample) in ordered.enumerated() {
        if (j + 1) * count / ordered.count > j * count / ordered.count {
          parts.taken.append(sample)
        } else {
          parts.left.append(sample)
        }
      }
      return (parts.taken.sorted(), parts.left.sorted())
    }
  }
}
