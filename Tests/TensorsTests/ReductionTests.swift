import Tensors
import TestSupport
import Testing
import Verification

@Suite("Sums in one order")
struct ReductionTests {
  /// As documented, written once more: a chain up to 16 terms, else split at the first multiple of 16 that is not below
  /// half the count, rounded down.
  private func sum<Scalar: TensorScalar>(_ terms: ArraySlice<Scalar>) -> Scalar {
    if terms.count <= 16 { return terms.reduce(0, +) }
    var left = 0
    while left < terms.count / 2 { left += 16 }
    return sum(terms.prefix(left)) + sum(terms.dropFirst(left))
  }

  private func lengths<Scalar: TensorScalar>(_: Scalar.Type) throws {
    var numbers = TestNumbers(seed: 1)
    for count in 1...200 {
      let x: Tensor<Scalar> = numbers.tensor(count)
      try requireSameBits("sum of \(count)", Tensor([1], [x.sum]), expected: Tensor([1], [sum(x.scalars[...])]))
    }
  }

  @Test("the sum is the documented recursion for 1 to 200 terms")
  func sums() throws {
    try lengths(Float.self)
    try lengths(Double.self)
  }

  @Test("a different order would change the bits")
  func plantedOrder() {
    var numbers = TestNumbers(seed: 1)
    let x: Tensor<Float> = numbers.tensor(200)
    #expect(x.scalars.reduce(0, +) != x.sum)
    #expect(sum(x.scalars.reversed()[...]) != x.sum)
  }

  @Test("column sums are the same recursion, with 1 to 200 rows")
  func columnSums() throws {
    var numbers = TestNumbers(seed: 2)
    for rows in 1...200 {
      let x: Tensor<Float> = numbers.tensor(rows, 3)
      let expected = Tensor([3], (0..<3).map { j in sum((0..<rows).map { x[$0, j] }[...]) })
      try requireSameBits("\(rows) rows", x.columnSums(on: .single), expected: expected)
    }
  }

  @Test("row sums are the same recursion, with 1 to 200 columns")
  func rowSums() throws {
    var numbers = TestNumbers(seed: 2)
    for columns in 1...200 {
      let x: Tensor<Float> = numbers.tensor(3, columns)
      let expected = Tensor([3], (0..<3).map { i in sum((0..<columns).map { x[i, $0] }[...]) })
      try requireSameBits("\(columns) columns", x.rowSums, expected: expected)
    }
  }

  @Test("column sums do not depend on threads", arguments: threadCounts)
  func columnSumThreads(threads: Int) throws {
    var numbers = TestNumbers(seed: 3)
    // 16 columns are the least that a thread takes here.
    let x: Tensor<Double> = numbers.tensor(1100, 83)
    let device = Device.processor(threads: threads)
    let expected = Tensor([83], (0..<83).map { j in sum((0..<1100).map { x[$0, j] }[...]) })
    try requireSameBits("columnSums", x.columnSums(on: device), expected: expected)
  }
}
