import PackedInference

// What ONNX and QONNX have in common.

extension PackedNetwork<Float> {
  /// Adds the layers to a graph, each reading the output of the one before it; images are flattened before the first dense one.
  ///
  /// - Parameters:
  ///   - values: what the first layer reads.
  ///   - add: adds one layer, given its number and what it reads, and returns the name of its output.
  func addLayers<Failure: Error>(
    to graph: inout ONNXGraph, reading values: String,
    _ add: (IntegerLayer, _ number: Int, _ values: String, inout ONNXGraph) throws(Failure) -> String
  ) throws(Failure) {
    var (values, areVectors) = (values, false)
    for (index, layer) in integerLayers.enumerated() {
      if layer.map == .dense && !areVectors {
        values = graph.node("Flatten", [values], to: "layer\(index + 1).inputs", [("axis", .integer(1))])
        areVectors = true
      }
      values = try add(layer, index + 1, values, &graph)
    }
  }
}

extension IntegerLayer {
  /// Adds `sum · factor + shift`, rounded twice, as the output `scores`.
  ///
  /// - Parameters:
  ///   - sums: the sums as real numbers.
  ///   - images: the number of images; nil for any.
  func addScores(
    to graph: inout ONNXGraph, _ name: String, of sums: String, _ factor: Float, _ shift: [Float], images: Int?
  ) -> String {
    let scaled = graph.node("Mul", [sums, graph.constant("\(name).factor", [], [factor])], to: "\(name).scaled")
    let scores = graph.node("Add", [scaled, graph.constant("\(name).shift", [shift.count], shift)], to: "scores")
    graph.output(scores, .float, images: images, [shift.count], about: "The class is that of the largest score.")
    return scores
  }
}
