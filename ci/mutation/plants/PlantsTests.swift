import MutationPlants
import Testing

@Suite struct PlantsTests {
  @Test("what the planted mutants change")
  func values() {
    #expect(Plants.sum(2, 3) == 5)
    #expect(Plants.product(0, 3) == 0 && Plants.product(2, 3) == 6)
    #expect(Plants.steps(to: 4) == 4)
    #expect(Plants.element(2, of: [5, 7]) == 7)
    #expect(Plants.branch(2) == 2)
    #expect(Plants.text(3) == "2")
    #expect(Plants.table[4...5] == [7, 11])
    #expect(Plants.typed(2, 3) == 6)
  }
}
