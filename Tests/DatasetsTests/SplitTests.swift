import Datasets
import TestSupport
import Testing
import Verification

@Suite struct SplitTests {
  @Test("the rule, worked by hand")
  func byHand() {
    // Ordered by (label, position): 1 3 5 | 0 2 4. Two of six to test: elements 2 and 5, so 5 and 4.
    // Of 1 3 0 2 one to validation: element 3, so 2.
    let split = Split(labels: [1, 0, 1, 0, 1, 0], validation: .balanced(1), test: .balanced(2))
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
          let split = Split(labels: labels, validation: .balanced(validation), test: .balanced(test))
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

  @Test("the last samples are taken from what others leave, and shares are read as they are written")
  func last() {
    let split = Split(labels: [1, 0, 1, 0, 1, 0], validation: .last(2), test: .last(1))
    #expect(split.test == [5] && split.validation == [3, 4] && split.train == [0, 1, 2])
    // Without the last, ordered by (label, position): 1 3 | 0 2 4. Two of five: elements 2 and 4, so 0 and 4.
    let mixed = Split(labels: [1, 0, 1, 0, 1, 0], validation: .balanced(2), test: .last(1))
    #expect(mixed.test == [5] && mixed.validation == [0, 4] && mixed.train == [1, 2, 3])
    for (text, share) in [("12", ImageFiles.Share.balanced(12)), ("last:7", .last(7))] {
      #expect(ImageFiles.Share(text) == share && share.description == text)
    }
    for wrong in ["", "0", "-1", "last:", "last:0", "first:3", "1.5", " 1", "2147483648", "last:9223372036854775807"] {
      #expect(ImageFiles.Share(wrong) == nil)
    }
  }

  @Test("without samples, all parts are empty")
  func nothing() {
    let split = Split(labels: [], validation: nil, test: .balanced(0))
    #expect(split.train.isEmpty && split.validation.isEmpty && split.test.isEmpty)
  }
}
