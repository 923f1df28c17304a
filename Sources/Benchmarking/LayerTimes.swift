import BuildInformation
import Files
internal import Kernels
import Networks
import Statistics
import Tensors
import Training

/// The times of each layer's products alone; on a device other than the processor, with each of its tiles.
package struct LayerTimes: TimeTable {
  package let version, experiment, network, device: String
  package let batch, threads: Int
  package let kernels: String?
  package let rounds: Int
  /// Billions of additions and multiplications a second in registers, and of bytes read and written in memory.
  package let peak, bandwidth: Double
  package let products: [Product]

  private enum CodingKeys: String, CodingKey {
    case version, experiment, network, device, batch, threads, kernels, rounds, products
    case peak = "peak_gflop_per_s"
    case bandwidth = "bandwidth_gb_per_s"
  }

  /// A product of a layer.
  package struct Product: Encodable {
    /// The layer's number, from 1, and the number of terms of each output.
    package let layer, terms: Int
    /// The shape of the outputs of one image.
    package let outputs: [Int]
    package let product: String
    /// Billions of additions and multiplications.
    package let operations: Double
    package let times: [Time]

    private enum CodingKeys: String, CodingKey {
      case layer, terms, outputs, product, times
      case operations = "gflop"
    }

    package init(layer: Int, terms: Int, outputs: [Int], product: String, operations: Double, times: [Time]) {
      (self.layer, self.terms, self.outputs, self.product) = (layer, terms, outputs, product)
      (self.operations, self.times) = (operations, times)
    }
  }

  /// The time of a product, in milliseconds.
  package struct Time: Encodable {
    /// Rows and columns of a tile; nil on a processor.
    package let tile: Int?
    package let median, minimum: Double

    private enum CodingKeys: String, CodingKey {
      case tile
      case median = "ms_median"
      case minimum = "ms_minimum"
    }

    package init(tile: Int?, _ times: [Double]) {
      (self.tile, median, minimum) = (tile, Statistics.median(times), times.min() ?? .nan)
    }
  }

  /// Times the products of a network's layers.
  ///
  /// - Parameters:
  ///   - known: the ceilings, instead of those that are measured beside each layer.
  ///   - progress: is called with each layer's number and the number of layers.
  package init(
    measuring network: NetworkKind, of experiment: Experiment, seed: UInt64, rounds: Int, on device: Device,
    ceilings known: MachineCeilings? = nil, progress: (Int, Int) -> Void = { _, _ in }
  ) throws {
    let layers = try LayerWork.all(of: experiment, network)
    let tiles: [(tile: Int?, device: Device)] =
      device.identity == nil
      ? [(nil, device)] : ProductTile.allCases.map { ($0.rawValue, device.with(tile: $0)) }
    var (products, ceilings): ([Product], [MachineCeilings]) = ([], [])
    for layer in layers {
      progress(layer.index + 1, layers.count)
      ceilings.append(known ?? MachineCeilings(device))
      let operands = tiles.map { layer.operands(seed: seed, on: $0.device) }
      for product in layer.products {
        let times = zip(tiles, operands).map { tile, operands in
          Time(
            tile: tile.tile,
            Self.times(rounds, on: tile.device) { layer.compute(product, of: operands, on: tile.device) })
        }
        products.append(
          Product(
            layer: layer.index + 1, terms: layer.shape.fanIn, outputs: layer.shape.output, product: product.rawValue,
            operations: layer.operations / 1e9, times: times))
      }
    }
    self.init(
      products, of: experiment, network, rounds: rounds, peak: 2 * median(ceilings.map(\.multiplyAdds)) / 1e6,
      bandwidth: median(ceilings.map(\.bytes)) / 1e6, on: device)
  }

  /// The times of some rounds in milliseconds, after one that is not timed.
  private static func times(_ rounds: Int, on device: Device, _ body: () -> Void) -> [Double] {
    Array((0...rounds).map { _ in device.duration(of: body) / .milliseconds(1) }.dropFirst())
  }

  package init(
    _ products: [Product], of experiment: Experiment, _ network: NetworkKind, rounds: Int, peak: Double,
    bandwidth: Double, on device: Device
  ) {
    version = BuildInformation.version
    (self.experiment, self.network, batch) = (experiment.name, network.rawValue, experiment.batch)
    (self.device, threads) = (device.hardware, device.threads)
    kernels = device.identity == nil ? String(cString: signet_kernels_variant()) : nil
    (self.products, self.rounds, self.peak, self.bandwidth) = (products, rounds, peak, bandwidth)
  }

  package var words: Int { 2 }

  /// A row for each product.
  package var rows: [[String]] {
    let tiles = (products.first?.times ?? []).map { $0.tile.map { "tile \($0)" } ?? "time" }
    let header = ["layer", "product", "GFLOP"] + tiles.flatMap { [$0, "GFLOP/s"] } + ["of the peak"]
    return [header]
      + products.map { product in
        let rates = product.times.map { 1000 * product.operations / $0.median }
        return [
          "\(product.layer): \(product.terms) to \(product.outputs.map(String.init).joined(separator: "×"))",
          product.product, fixed(product.operations, places: 3),
        ]
          + zip(product.times, rates).flatMap { [fixed($0.median, places: 3) + " ms", fixed($1, places: 0)] }
          + [fixed(100 * (rates.max() ?? .nan) / peak, places: 0) + " %"]
      }
  }

  /// What the table's figures are.
  package var legend: String {
    let place = kernels.map { "\(counted(threads, "thread", "threads")), \($0)" } ?? device
    return """
      Medians of \(counted(rounds, "round", "rounds")); \(experiment), \(network), batch \(batch), on \(place); Signet \(version). \
      The peak is \(fixed(peak, places: 0)) GFLOP/s in registers\(kernels == nil ? ", of which the fastest tile's share is shown" : ""); memory is \
      read and written at \(fixed(bandwidth, places: 0)) GB/s.
      """
  }
}
