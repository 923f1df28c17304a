import Exchange
import Layers
import Networks
import Tensors
import TestSupport
import Testing

/// Which array is which layer's.
extension ImportTests {
  @Test("batch normalization as wide as a hidden layer and the last one is the hidden layer's")
  func sameWidth() throws {
    let own = try network("10-10", .real)
    var arrays = ForeignNetwork()
    for (index, block) in own.blocks.enumerated() {
      arrays.setWeights("l\(index).weight", block.parameters[0].tensor, .torch, image: index == 0 ? (2, 6, 7) : nil)
    }
    arrays.set("norm.running_mean", [10], (0..<10).map { Double($0) })
    // With the epsilon 0.01, the deviation is 2.
    arrays.set("norm.running_var", [10], Array(repeating: 3.99, count: 10))
    let network = try imported(arrays, as: own.specification).network
    let running = try #require(network.blocks[0].normalization).running
    #expect(running.mean.scalars == (0..<10).map { Float($0) })
    #expect(running.inverseDeviation.scalars == [Float](repeating: 0.5, count: 10))
    #expect(network.blocks[1].linear.bias?.scalars == [Float](repeating: 0, count: 10))
  }

  @Test("one array, or one batch normalization, is not two layers': both are named")
  func shared() throws {
    let own = try network("5-5-5-10", .real)
    var arrays = ForeignNetwork()
    for (index, block) in own.blocks.enumerated() where index != 2 {
      arrays.setWeights("fc\(index).weight", block.parameters[0].tensor, .torch, image: index == 0 ? (2, 6, 7) : nil)
    }
    #expect(
      throws: ImportError.ambiguous(
        path: "net.npz", layer: 3, what: "layer with weights of shape [5, 5], and not layer 2, too",
        candidates: ["fc1"])
    ) { try imported(arrays, as: own.specification) }
    let other = try network("5-6-5-10", .real)
    arrays = ForeignNetwork()
    for (index, block) in other.blocks.enumerated() {
      arrays.setWeights("fc\(index).weight", block.parameters[0].tensor, .torch, image: index == 0 ? (2, 6, 7) : nil)
    }
    for part in ["mean", "var"] { arrays.set("norm.running_\(part)", [5], Array(repeating: 1, count: 5)) }
    #expect(
      throws: ImportError.ambiguous(
        path: "net.npz", layer: 3, what: "layer with batch normalization of 5 channels, and not layer 1, too",
        candidates: ["norm"])
    ) { try imported(arrays, as: other.specification) }
  }

  @Test("two layers of one shape need a file of names, which chooses")
  func names() throws {
    let folder = try TemporaryFolder()
    let own = try network("5-5-5-10", .real)
    var arrays = ForeignNetwork()
    for (index, block) in own.blocks.enumerated() {
      arrays.setWeights("fc\(index).weight", block.parameters[0].tensor, .torch, image: index == 0 ? (2, 6, 7) : nil)
    }
    #expect(
      throws: ImportError.ambiguous(
        path: "net.npz", layer: 2, what: "weights of shape [5, 5]", candidates: ["fc1", "fc2"])
    ) { try imported(arrays, as: own.specification) }
    func read(_ text: String) throws -> ForeignNamesFile {
      try ForeignNamesFile(reading: try folder.write(Array(text.utf8), to: "names.json"))
    }
    let layers = (0..<4).map { #"{"weight": "fc\#($0).weight"}"# }.joined(separator: ", ")
    let network = try imported(arrays, as: own.specification, names: read(#"{"layers": [\#(layers)]}"#)).network
    #expect(
      network.blocks.indices.allSatisfy {
        network.blocks[$0].parameters[0].tensor == own.blocks[$0].parameters[0].tensor
      })
    let text = { (action: () throws -> Void) -> String in
      do {
        try action()
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(
      text { _ = try imported(arrays, as: own.specification, names: read(#"{"layers": []}"#)) }
        == "\(folder.file("names.json")): expected names of 4 layers, found 0")
    #expect(text { _ = try read("{") }.contains("names.json: expected JSON as"))
    #expect(
      text {
        _ = try imported(
          arrays, as: own.specification, names: read(#"{"layers": [\#(layers.replacing("fc3", with: "fc4"))]}"#))
      }.contains("'fc3.weight': expected a layer that reads it, found none"))
    let ignoring = #"{"ignored": ["fc3.weight"], "layers": [\#(layers.replacing("fc3", with: "fc4"))]}"#
    #expect(
      text { _ = try imported(arrays, as: own.specification, names: read(ignoring)) }
        == "net.npz: array 'fc4.weight': expected an array with this name, found none")
    let bad = [
      (
        #"{"layers": [\#(layers.replacing(#"fc0.weight""#, with: #"fc0.weight", "bais": "b""#))]}"#,
        ", found layers[0].bais, which is unknown"
      ),
      (#"{"layers": [], "layers": [\#(layers)]}"#, "names.json: expected each key once, found layers twice"),
      (#"{"layers": [\#(layers)], "ignored": ["fc5"]}"#, "'fc5': expected an array with this name, found none"),
      (
        #"{"layers": [\#(layers)], "ignored": ["fc0.weight"]}"#,
        "names.json: expected ignored arrays that no layer reads, found 'fc0.weight'"
      ),
    ]
    for (names, words) in bad {
      let error = text { _ = try imported(arrays, as: own.specification, names: read(names)) }
      #expect(error.hasSuffix(words), "\(error)")
    }
    // Batch normalization of the last layer is refused, whether it is found by its shape or named.
    arrays.set("norm", [10], Array(repeating: 1, count: 10))
    for part in ["mean", "variance", "gamma", "beta"] {
      let normalized = String(layers.dropLast()) + #", "\#(part)": "norm"}"#
      #expect(
        text { _ = try imported(arrays, as: own.specification, names: read(#"{"layers": [\#(normalized)]}"#)) }
          .hasPrefix("net.npz: array 'norm': expected no batch normalization in the last layer"), "\(part)")
    }
  }
}
