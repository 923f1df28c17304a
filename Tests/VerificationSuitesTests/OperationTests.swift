import Golden
import TestSupport
import Testing
import Verification
import VerificationSuites

@Suite("Operations: values from outside")
struct OperationTests {
  @Test("the operation has the oracle's outputs and gradients", arguments: try OperationSuite.cases(.builtIn))
  func operation(_ golden: VerificationCase) {
    expectPassed(golden.run())
  }

  @Test("everything in Golden/ops is run")
  func coverage() throws {
    let cases = try OperationSuite.cases(.builtIn)
    #expect(Set(cases.map(\.name)).count == cases.count)
  }

  @Test("a golden with another value, a field that is missing or one that Signet lacks is found and named")
  func planted() throws {
    let golden = try #require(try GoldenCase.all(of: "sign").first)
    let computed = try golden.computed(as: Double.self)
    #expect(try OperationSuite.check(golden, computed).count == 3)
    for (index, field) in computed.enumerated() {
      var wrong = computed
      wrong[index].tensor = field.tensor.map(on: .single) { $0 + 1e-14 }
      let results = try OperationSuite.check(golden, wrong)
      let outside = results.filter { if case .outside = $0.verdict { true } else { false } }
      #expect(outside.count == 1 && outside.allSatisfy { $0.name.contains(", \(field.name) (Golden/ops/layers.json") })
      #expect(throws: GoldenError.self) { try OperationSuite.check(golden, computed.filter { $0.name != field.name }) }
    }
  }

  @Test("each golden is computed in Double and in Float, unless its noise is of one of them")
  func precisions() throws {
    let names = Set(try OperationSuite.cases(.builtIn).map(\.name))
    for golden in try OperationSuite.files.flatMap({ try GoldenCase.all(in: $0) })
    where !OperationSuite.statistical.contains(golden.operation) {
      for scalar in ["Double", "Float"] {
        let name = "\(golden.name), \(scalar)"
        #expect(names.contains(name) == (golden.scalar ?? scalar == scalar), "\(name)")
      }
    }
  }
}
