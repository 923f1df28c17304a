import Foundation

/// The output of the harness of `Benchmarks/` with `--format jmh`: the times of every iteration, in microseconds.
package struct HarnessOutput: Sendable {
  /// The nanoseconds of each benchmark's iterations, in the order of the names.
  package let samples: [(name: String, nanoseconds: [Double])]

  private struct Element: Decodable {
    struct Metric: Decodable {
      let scoreUnit: String
      let rawData: [[Double]]
    }
    let benchmark: String
    let secondaryMetrics: [String: Metric]
  }

  /// Reads the harness's output.
  ///
  /// - Parameter path: the file's name, for error messages.
  /// - Throws: `MeasurementFileError`
  package init(_ data: Data, path: String) throws(MeasurementFileError) {
    let elements: [Element]
    do {
      elements = try JSONDecoder().decode([Element].self, from: data)
    } catch {
      throw MeasurementFileError(path: path, expected: "the harness's results", found: "\(error)")
    }
    var samples: [(name: String, nanoseconds: [Double])] = []
    for element in elements {
      guard let metric = element.secondaryMetrics.first(where: { $0.key.hasPrefix("Time (wall clock)") })?.value,
        let microseconds = metric.rawData.first, !microseconds.isEmpty, metric.scoreUnit == "μs"
      else {
        throw MeasurementFileError(
          path: path, expected: "wall-clock samples of \(element.benchmark) in μs",
          found: "\(element.secondaryMetrics.keys.sorted())")
      }
      samples.append((Self.name(element.benchmark), microseconds.map { $0 * 1000 }))
    }
    self.samples = samples.sorted { $0.name < $1.name }
  }

  /// The readable name of a benchmark: `sign forward` for `package.benchmark.Layers.sign_forward`.
  private static func name(_ id: String) -> String {
    id.split(separator: ".", maxSplits: 3).last.map { String($0).replacing("_", with: " ") } ?? id
  }
}
