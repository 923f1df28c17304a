import Files

// Labels with names at the ends of lines, instead of a legend.

extension Chart {
  private static let lineHeight = 12.0
  private static let gap = 3.0
  /// The longest line of a name; longer names take several lines, broken after a hyphen or a space.
  private static let longest = 16

  private struct EndLabel {
    let style: SeriesStyle
    let lines: [String]
    /// Where the line ends.
    let x, y: Double
    /// Whether the last line of text is the value of the best point.
    let hasValue: Bool

    var height: Double { Chart.lineHeight * Double(lines.count) + Chart.gap }
  }

  private var labelled: [Line] {
    lines.filter { !$0.isThin && !$0.name.isEmpty && $0.points.contains(where: \.isFinite) }
  }

  private func words(_ line: Line) -> [String] {
    wrapped(line.name, to: Self.longest) + (bestInWords(line).map { [$0] } ?? [])
  }

  private func bestInWords(_ line: Line) -> String? {
    line.best.map { "\(format($0.y)) at \(Numbers.fixed($0.x, places: 0))" }
  }

  /// The width of the labels beside the chart.
  var labelColumn: Double { 14 + textWidth(labelled.flatMap(words).map(\.count).max() ?? 0) }

  /// Whether there is room for all names, one below the other.
  var hasRoomForLabels: Bool {
    let needed = labelled.reduce(0) { $0 + Self.lineHeight * Double(words($1).count) + Self.gap }
    return needed <= bottom + 4
  }

  func endLabels() -> [Markup] {
    let labels = labelled.compactMap { line -> EndLabel? in
      guard let last = line.points.last(where: \.isFinite) else { return nil }
      return EndLabel(
        style: line.style, lines: words(line), x: place(x: last.x), y: place(y: last.y),
        hasValue: line.best != nil)
    }.sorted { $0.y < $1.y }
    return zip(labels, tops(of: labels)).flatMap { label, top in
      let middle = top + (label.height - Self.gap) / 2
      let leader =
        "M\(coordinate(label.x + 2)) \(coordinate(label.y))L\(coordinate(max(right, label.x + 2) + 6)) \(coordinate(middle))"
      return [Markup.path("leader \(label.style.cssClass)", leader)]
        + label.lines.enumerated().map { index, text in
          let isValue = label.hasValue && index == label.lines.count - 1
          return .label(
            text, x: right + 10, y: top + Self.lineHeight * Double(index) + 10, anchor: "start",
            isValue ? "end-value" : "end-name \(label.style.cssClass)")
        }
    }
  }

  /// The upper edges of the labels: each as near to its line's end as the others allow, in the order of the ends.
  private func tops(of labels: [EndLabel]) -> [Double] {
    var tops: [Double] = []
    var free = 0.0
    for label in labels {
      let top = max(free, label.y - (label.height - Self.gap) / 2)
      tops.append(top)
      free = top + label.height
    }
    var limit = bottom + 4
    for index in tops.indices.reversed() {
      tops[index] = min(tops[index], limit - labels[index].height)
      limit = tops[index]
    }
    return tops
  }
}

/// A text in lines of at most `longest` characters, broken after hyphens and spaces; longer words are shortened.
func wrapped(_ text: String, to longest: Int) -> [String] {
  var (lines, line, word) = ([String](), "", "")
  func finishWord() {
    if line.count + withoutTrailingSpaces(word).count > longest && !line.isEmpty {
      lines.append(withoutTrailingSpaces(line))
      line = ""
    }
    line += withoutTrailingSpaces(word).count > longest ? word.prefix(longest - 1) + "…" : word
    word = ""
  }
  for character in text {
    word.append(character)
    if character == "-" || character == " " { finishWord() }
  }
  finishWord()
  return lines + (line.isEmpty ? [] : [withoutTrailingSpaces(line)])
}
