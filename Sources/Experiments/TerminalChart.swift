import Files
import Foundation

/// A learning curve in a terminal: bars of plain block characters over an axis of epochs, with the highest and the lowest value beside
/// them.
package struct TerminalChart {
  let title: String
  let values: [Double]
  /// The epochs of the first and the last value.
  let epochs: (first: Int, last: Int)
  let format: (Double) -> String

  /// - Parameter values: the values of successive epochs.
  package init(title: String, values: [Double], epochs: (first: Int, last: Int), format: @escaping (Double) -> String) {
    (self.title, self.values, self.epochs, self.format) = (title, values, epochs, format)
  }

  private static let rows = 5
  private static let blocks: [Character] = Array(" ▁▂▃▄▅▆▇█")

  /// The chart in lines of at most `width` characters.
  package func lines(width: Int) -> [String] {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return ["  \(title): no finite value"] }
    let labels = [format(high), format(low)]
    let margin = (labels.map(\.count).max() ?? 0) + 4
    let room = max(8, width - margin - 8)
    let bars = bars(low: low, high: high, room: room)
    let rows = (0..<Self.rows).map { row -> String in
      let label = row == 0 ? labels[0] : row == Self.rows - 1 ? labels[1] : ""
      // Each bar has at least one eighth, so that no epoch looks as if it were missing.
      let cells = bars.map { bar in
        Self.blocks[min(8, max(0, bar - 8 * (Self.rows - 1 - row)))]
      }
      return padded(label, to: margin - 2) + " |" + String(cells)
    }
    let (first, last) = ("\(epochs.first)", "\(epochs.last)")
    let gap = bars.count - first.count - last.count
    let ends =
      epochs.first == epochs.last || gap < 1 ? first : first + String(repeating: " ", count: gap) + last
    let axis = String(repeating: " ", count: margin - 1) + "+" + String(repeating: "-", count: bars.count)
    let named = String(repeating: " ", count: margin) + ends
    return ["  \(title)"] + rows.map(withoutTrailingSpaces)
      + [axis, named + (named.count + 6 <= width ? " epoch" : "")]
  }

  /// The height of each column in eighths of a row. A column shows the mean of several epochs, or an epoch takes up
  /// several columns.
  private func bars(low: Double, high: Double, room: Int) -> [Int] {
    let columns = values.count >= room ? room : values.count * min(4, room / values.count)
    return (0..<columns).map { column in
      let (begin, end) = (values.count * column / columns, max(values.count * (column + 1) / columns, 1))
      let part = values[begin..<max(begin + 1, end)].filter(\.isFinite)
      guard !part.isEmpty else { return 0 }
      let mean = part.reduce(0, +) / Double(part.count)
      let height = high > low ? (mean - low) / (high - low) : 0
      return 1 + Int((height * Double(8 * Self.rows - 1)).rounded())
    }
  }

  private func padded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
