/// Which samples train, which choose the model, and which judge it.
package struct Split: Equatable, Sendable {
  /// Indices of samples, ascending in each part; the parts are disjoint and cover all.
  package let train: [Int]
  package let validation: [Int]
  package let test: [Int]

  /// A split that is balanced over the classes and spread over the file, without any randomness (**ours**).
  ///
  /// Order all samples by (label, position in file). Of these `n`, element `j` goes to test if
  /// `⌊(j+1)·test/n⌋ > ⌊j·test/n⌋`. Of the `m` that remain, in the same order, element `j` goes to validation if
  /// `⌊(j+1)·validation/m⌋ > ⌊j·validation/m⌋`. The rest is training. In each part samples keep file order.
  package init(labels: [UInt8], validation: Int, test: Int) {
    precondition(
      validation >= 0 && test >= 0 && validation <= labels.count - test,
      "\(validation) validation and \(test) test samples of \(labels.count)")
    let ordered = labels.indices.sorted { (labels[$0], $0) < (labels[$1], $1) }
    let (forTest, others) = Self.spread(test, over: ordered)
    let (forValidation, forTraining) = Self.spread(validation, over: others)
    self.train = forTraining.sorted()
    self.validation = forValidation.sorted()
    self.test = forTest.sorted()
  }

  /// Takes `count` of the samples at steps as equal as they can be.
  private static func spread(_ count: Int, over samples: [Int]) -> (taken: [Int], left: [Int]) {
    var taken: [Int] = []
    var left: [Int] = []
    for (j, sample) in samples.enumerated() {
      if (j + 1) * count / samples.count > j * count / samples.count {
        taken.append(sample)
      } else {
        left.append(sample)
      }
    }
    return (taken, left)
  }
}
