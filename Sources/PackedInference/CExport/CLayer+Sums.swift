import Layers

// The function of a layer that counts bits: an output's integer sum.

extension CLayer {
  /// The function that gives the sum of an output, without what it starts from.
  var sumText: String {
    let names = terms.indices.map { "count\($0)" }
    let products = zip(terms, names).map { "\($0.factor == 1 ? "" : "\($0.factor) * ")\($1)" }
    let total = products.count == 1 ? products[0] : "(\(products.joined(separator: " + ")))"
    return """
      static int32_t \(prefix)_sum\(number)(const uint32_t *x, const uint32_t *w)
      {
        int32_t \(names.map { "\($0) = 0" }.joined(separator: ", "));
      \((layer.pixelMaximum == nil ? countLines : planeLines).map { "  " + $0 }.joined(separator: "\n"))
        return -2 * \(total);
      }

      """
  }

  /// Statements that count the planes of pixels, word by word, with plane `b` counted `2^b` times.
  ///
  /// Up to four planes, or five, are counted in bytes: 8 · (1 + 2 + 4 + 8 + 16) is below 256.
  private var planeLines: [String] {
    let planes = layer.planes
    let groups = planes <= 5 ? [0..<planes] : [0..<4, 4..<planes]
    var lines: [String] = []
    for (index, term) in terms.enumerated() {
      for group in groups {
        let pairs = stride(from: group.lowerBound, to: group.upperBound, by: 2).map { plane in
          let second = plane + 1 < group.upperBound ? word(plane + 1, weight: 0, term) : "0"
          let factor = 1 << (plane - group.lowerBound)
          return "\(factor == 1 ? "" : "\(factor)u * ")\(prefix)_pair(\(word(plane, weight: 0, term)), \(second))"
        }
        let factor = group.lowerBound == 0 ? "" : "\(1 << group.lowerBound) * "
        lines.append("count\(index) += \(factor)\(prefix)_total(\(pairs.joined(separator: "\n    + ")));")
      }
    }
    guard words > 1 else { return lines }
    lines += ["x += \(planes);", "w += \(columns);"]
    let indented = lines.map { "  " + $0.replacing("\n", with: "\n  ") }
    return ["uint32_t i;", "for (i = 0; i < \(words)u; i++) {"] + indented + ["}"]
  }

  /// Statements that count the words of a row of signs, three at a time.
  private var countLines: [String] {
    let (groups, rest) = (words / 3, words % 3)
    let groupsPerTotal = Self.wordsPerTotal / 3
    let bytes = terms.indices.map { "bytes\($0) = 0" }.joined(separator: ", ")
    var lines: [String] = []
    var left = groups
    if words > Self.wordsPerTotal {
      lines += ["uint32_t block;", "for (block = 0; block < \(groups / groupsPerTotal)u; block++) {"]
      lines += ["  uint32_t \(bytes), i;"] + loop(groupsPerTotal).map { "  " + $0 }
      lines += totals.map { "  " + $0 } + ["}"]
      left = groups % groupsPerTotal
    }
    if left + rest > 0 {
      lines.append("uint32_t \(bytes)\(left > 1 ? ", i" : "");")
      if left > 1 { lines += loop(left) } else if left == 1 { lines += step(3, isLast: rest == 0) }
      lines += (rest > 0 ? step(rest, isLast: true) : []) + totals
    }
    return lines
  }

  private func loop(_ groups: Int) -> [String] {
    ["for (i = 0; i < \(groups)u; i++) {"] + step(3, isLast: false).map { "  " + $0 } + ["}"]
  }

  private var totals: [String] { terms.indices.map { "count\($0) += \(prefix)_total(bytes\($0));" } }

  /// Counts the next one to three words, and goes on to those after them.
  private func step(_ count: Int, isLast: Bool) -> [String] {
    let counts = terms.enumerated().map { index, term in
      let words = (0..<3).map { $0 < count ? word($0, weight: $0 * columns, term) : "0" }
      return "bytes\(index) += \(prefix)_count(\(words.joined(separator: ", ")));"
    }
    return counts + (isLast ? [] : ["x += \(count);", "w += \(count * columns);"])
  }

  /// The bits to count in word `index` of the inputs, with the weights from word `weight` on.
  private func word(_ index: Int, weight: Int, _ term: Term) -> String {
    let signed = term.sign.map { "x[\(index)] ^ w[\(weight + $0)]" }
    guard let mask = term.mask.map({ "w[\(weight + $0)]" }) else { return signed ?? "x[\(index)]" }
    return signed.map { "(\($0)) & \(mask)" } ?? "x[\(index)] & \(mask)"
  }
}
