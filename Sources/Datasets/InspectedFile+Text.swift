import Files

extension InspectedFile {
  /// The shape, the labels and the first images as lines of text.
  package func text(images: Int) -> String {
    switch self {
    case .other(let path, let error):
      let (expected, actual) = error.wording
      return [oneLine(path), oneLine("neither images nor labels: expected \(expected), found \(actual)")].joined(
        separator: "\n")
    case .labels(let path, let labels, let columns):
      let count = counted(labels.count, "label", "labels") + (columns > 1 ? ", column 0 of \(columns)" : "")
      return [oneLine(path), count, Self.bars(ImageSheet.histogram(of: labels))].joined(separator: "\n")
    case .images(let sheet):
      let dimensions = "\(counted(sheet.count, "image", "images")), \(sheet.channels)×\(sheet.height)×\(sheet.width)"
      var lines = [oneLine(sheet.path), "\(dimensions), pixels \(sheet.darkest) to \(sheet.brightest)"]
      if let labels = sheet.labels {
        lines.append(counted(Set(labels).count, "class", "classes"))
        lines.append(Self.bars(sheet.histogram))
      }
      let art = sheet.textArt(images: images)
      if images > 0, let labels = sheet.labels {
        let shown = ((art.first?.count ?? 0) + 2) / (sheet.width + 2)
        let listed = labels.prefix(shown).map(String.init).joined(separator: ", ")
        lines.append("the first \(shown == 1 ? "image" : "images"): \(listed)")
      }
      if images > 0 { lines += art.map(withoutTrailingSpaces) }
      return lines.joined(separator: "\n")
    }
  }

  private static func bars(_ histogram: [Int]) -> String {
    let most = max(1, histogram.max() ?? 1)
    return alignedTable(
      histogram.enumerated().map { label, count in
        ["\(label)", "\(count)", String(repeating: "#", count: (count * 40 + most - 1) / most)]
      }, rightAligned: [0, 1])
  }
}
