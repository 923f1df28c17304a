import Experiments
import Testing

@Suite("Learning curves in a terminal")
struct TerminalChartTests {
  private func chart(_ values: [Double], width: Int = 80) -> [String] {
    TerminalChart(title: "loss", values: values, epochs: (1, values.count), format: { "\($0)" }).lines(width: width)
  }

  @Test("the highest value is at the top, the lowest at the bottom, and the epochs at the ends")
  func axes() {
    #expect(
      chart([4, 2]) == [
        "  loss", "  4.0 |████", "      |████", "      |████", "      |████", "  2.0 |████▁▁▁▁", "      +--------",
        "       1      2 epoch",
      ])
  }

  @Test("no line is wider than the terminal, however many epochs there are", arguments: [20, 40, 80, 200])
  func width(_ width: Int) {
    for count in [1, 2, 7, 60, 100, 1000] {
      let lines = chart((1...count).map { 1 / Double($0) }.map { ($0 * 100).rounded() / 100 }, width: width)
      #expect(lines.count == 8 && lines.allSatisfy { $0.count <= width }, "\(count)")
    }
  }

  @Test("of more epochs than columns, each column shows the mean of its own")
  func means() {
    // 48 columns beside labels of three characters, each of an epoch with 0 and one with 1: half of 39 eighths, and one.
    let lines = chart((0..<96).map { Double($0 % 2) }, width: 63)
    #expect(lines[1] == "  1.0 |" && lines[2] == "      |")
    #expect(lines[3] == "      |" + String(repeating: "▅", count: 48))
    #expect(lines[5] == "  0.0 |" + String(repeating: "█", count: 48))
  }

  @Test("equal values, a single value and values that are not finite have a chart, too")
  func odd() {
    #expect(chart([1, 1])[5] == "  1.0 |▁▁▁▁▁▁▁▁")
    #expect(chart([3]).last == "       1 epoch")
    #expect(chart([.nan, .infinity]) == ["  loss: no finite value"])
    #expect(chart([.nan, 2, 1])[1].hasSuffix("|    ████"))
  }
}
