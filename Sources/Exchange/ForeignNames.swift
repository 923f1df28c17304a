import Datasets
import Files
import Foundation

/// The names of the arrays that make up one layer in another library's file.
package struct ForeignNames: Sendable, Equatable, Decodable {
  package var weight: String
  /// The bias of the dense layer or convolution.
  package var bias: String?
  /// Batch normalization's; a missing scale is 1, a missing shift 0.
  package var gamma, beta, mean, variance: String?

  package init(weight: String, bias: String? = nil) { (self.weight, self.bias) = (weight, bias) }

  private enum CodingKeys: CodingKey, CaseIterable { case weight, bias, gamma, beta, mean, variance }

  package init(from decoder: any Decoder) throws {
    try decoder.requireKeys(of: CodingKeys.self)
    let names = try decoder.container(keyedBy: CodingKeys.self)
    weight = try names.decode(String.self, forKey: .weight)
    bias = try names.decodeIfPresent(String.self, forKey: .bias)
    gamma = try names.decodeIfPresent(String.self, forKey: .gamma)
    beta = try names.decodeIfPresent(String.self, forKey: .beta)
    mean = try names.decodeIfPresent(String.self, forKey: .mean)
    variance = try names.decodeIfPresent(String.self, forKey: .variance)
  }
}

/// A file that names the arrays of each layer, and what else the arrays do not say.
package struct ForeignNamesFile: Sendable, Equatable, Decodable {
  package let layers: [ForeignNames]
  /// Arrays that no layer reads.
  package let ignored: [String]?
  /// Where the file is, for messages.
  package private(set) var path = ""

  private enum CodingKeys: CodingKey, CaseIterable { case layers, ignored }

  package init(from decoder: any Decoder) throws {
    try decoder.requireKeys(of: CodingKeys.self)
    let names = try decoder.container(keyedBy: CodingKeys.self)
    layers = try names.decode([ForeignNames].self, forKey: .layers)
    ignored = try names.decodeIfPresent([String].self, forKey: .ignored)
  }

  /// Reads the file.
  ///
  /// - Throws: `FileReadError`, `ImportError.names`
  package init(reading path: String) throws {
    func wrong(_ found: String) -> ImportError {
      .names(
        path: path, expected: #"JSON as {"layers": [{"weight": NAME, "bias": NAME, …}, …]} of at most 1 MB"#,
        found: found)
    }
    guard let bytes = try InputFile.contents(of: path, atMost: 1 << 20) else { throw wrong("more") }
    do { self = try JSONDecoder().decode(Self.self, from: Data(bytes)) } catch { throw wrong(whatDoesNotDecode(error)) }
    if let (expected, found) = StrictJSON.flaw(in: bytes) {
      throw ImportError.names(path: path, expected: expected, found: found)
    }
    self.path = path
  }
}

extension ForeignArrays {
  /// Arrays of one module, such as `features.0`, by the last part of their names: `weight`.
  private struct Module {
    var names: [String: String] = [:]

    /// The first of these that there is.
    func name(_ leaves: String...) -> String? { leaves.lazy.compactMap { names[$0] }.first }
    var weight: String? { name("weight", "kernel") }
    var mean: String? { name("running_mean", "moving_mean") }
  }

  /// The modules by name. The parts of a name are separated by `.` or `/`, and Keras's `:0` at its end says nothing.
  private var modules: [String: Module] {
    var modules: [String: Module] = [:]
    for name in arrays.keys {
      let plain = name.hasSuffix(":0") ? name.dropLast(2) : name[...]
      let cut = plain.lastIndex { $0 == "." || $0 == "/" }
      let leaf = cut.map { plain[plain.index(after: $0)...] } ?? plain
      modules[cut.map { String(plain[..<$0]) } ?? "", default: Module()].names[String(leaf)] = name
    }
    return modules
  }

  /// Finds each layer's arrays by their shapes. Nothing is guessed: if two modules fit a layer, or one fits two, this throws.
  ///
  /// - Parameter layers: for each layer the shape of its weights in this library's layout, and its number of outputs.
  /// - Throws: `ImportError.missing`, `.ambiguous`, `.lastNormalization`
  func names(matching layers: [(shape: [Int], outputs: Int)]) throws(ImportError) -> [ForeignNames] {
    let modules = modules
    func require(_ found: [String], _ layer: Int, _ what: String) throws(ImportError) -> String? {
      guard found.count < 2 else {
        throw .ambiguous(path: path, layer: layer, what: what, candidates: found.sorted())
      }
      return found.first
    }
    var (names, taken) = ([ForeignNames](), [String: Int]())
    for (index, layer) in layers.enumerated() {
      let fitting = modules.filter { _, module in
        module.mean == nil && module.weight.map { arrays[$0]?.shape == layer.shape } == true
      }
      let what = "weights of shape \(layer.shape)"
      guard let module = try require(Array(fitting.keys), index + 1, what), let found = modules[module],
        let weight = found.weight
      else { throw .missing(path: path, layer: index + 1, what: what) }
      if let other = taken.updateValue(index + 1, forKey: module) {
        throw .ambiguous(
          path: path, layer: index + 1, what: "layer with \(what), and not layer \(other), too", candidates: [module])
      }
      var layerNames = ForeignNames(weight: weight, bias: found.name("bias"))
      let normalizing = modules.filter { _, module in
        module.mean.map { arrays[$0]?.shape == [layer.outputs] } == true
      }
      let norm = "batch normalization of \(layer.outputs) channels"
      if index == layers.count - 1 {
        if let mean = normalizing.filter({ taken[$0.key] == nil }).compactMap(\.value.mean).min() {
          throw .lastNormalization(path: path, array: mean)
        }
      } else if let module = try require(Array(normalizing.keys), index + 1, norm) {
        if let other = taken.updateValue(index + 1, forKey: module) {
          throw .ambiguous(
            path: path, layer: index + 1, what: "layer with \(norm), and not layer \(other), too", candidates: [module])
        }
        let found = modules[module] ?? Module()
        layerNames.gamma = found.name("weight", "gamma")
        layerNames.beta = found.name("bias", "beta")
        layerNames.mean = found.mean
        layerNames.variance = found.name("running_var", "moving_variance")
      }
      names.append(layerNames)
    }
    return names
  }
}
