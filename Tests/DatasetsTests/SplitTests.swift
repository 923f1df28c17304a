import Datasets
import TestSupport
import Testing
import Verification

@Suite struct SplitTests {
  @Test("the rule, worked by hand")
  func byHand() {
    // Ordered by (label, position): 1 3 5 | 0 2 4. Two of six to test: elements 2 and 5, so 5 and 4.
    // Of 1 3 0 2 one to validation: element 3, so 2.
    let split = Split(labels: [1, 0, 1, 0, 1, 0], validation: 1, test: 2)
    #expect(split.test == [4, 5])
    #expect(split.validation == [2])
    #expect(split.train == [0, 1, 3])
  }

  @Test("the parts are disjoint, ascending, of the sizes asked for, cover all, and are balanced over the classes")
  func properties() {
    var numbers = TestNumbers(seed: 3)
    var cases = 0
    for count in [1, 2, 10, 97, 1000] {
      let labels = numbers.bytes(count, below: 10)
      for test in [0, 1, count / 5, count] {
        for validation in [0, (count - test) / 4, count - test] {
          let split = Split(labels: labels, validation: validation, test: test)
          #expect(split.validation.count == validation && split.test.count == test)
          #expect((split.train + split.validation + split.test).sorted() == Array(0..<count))
          for part in [split.train, split.validation, split.test] {
            #expect(zip(part, part.dropFirst()).allSatisfy { $0 < $1 })
          }
          for label in 0..<10 as Range<UInt8> {
            let exact = Double(labels.count { $0 == label } * test) / Double(count)
            #expect(abs(Double(split.test.count { labels[$0] == label }) - exact) <= 1)
          }
          cases += 1
        }
      }
    }
    #expect(cases == 60)
  }

  @Test("no parts but training, of nothing")
  func nothing() {
    let split = Split(labels: [], validation: 0, test: 0)
    #expect(split.train.isEmpty && split.validation.isEmpty && split.test.isEmpty)
  }
}
