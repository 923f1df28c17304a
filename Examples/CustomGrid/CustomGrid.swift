import Signet

/// Trains one network with several sets of weight values, and prints a table: `swift run -c release CustomGrid`.
@main
struct CustomGrid {
  static func main() throws {
    let data = rings()
    let device = Device.processor(threads: 2)
    var experiment = Experiment.custom("32-3", on: data)
    func reproduction() -> Reproduction {
      Reproduction(experiment, data: data, realEpochs: 10, discreteEpochs: 10, seed: 1, device: device)
    }
    // The real network does not depend on the grid, so it is trained only once.
    var real: [NetworkKind: Network<Float>] = [:]
    var trainings = try reproduction().trainings(of: [.real])
    while var run = try trainings.next() { real[.real] = try run.finish().network }

    print("values\tvalidation error\ttest error\tSHA-256 of the parameters")
    for grid: WeightGrid in ["binary", "ternary", "-1,-1/2,0,1/4,1", "-1,0,3"] {
      experiment.method.grids = [grid]
      var trainings = try reproduction().trainings(of: [.discreteSign], startingWith: real)
      while var run = try trainings.next() {
        _ = try run.finish()
        let result = trainings.finish(run)
        print(result.weights, result.validationError, result.testError, result.parametersSHA256, separator: "\t")
      }
    }
  }

  /// Noisy images of 12×12 pixels with a ring of one of three sizes.
  static func rings() -> Dataset {
    let noise: Tensor<Float> = RandomStream(seed: 7, purpose: .fixture).uniform([900, 144], on: .single)
    let labels = (0..<900).map { UInt8($0 % 3) }
    let pixels = noise.scalars.enumerated().map { index, noise -> UInt8 in
      let (x, y) = (Float(index % 12) - 5.5, Float(index / 12 % 12) - 5.5)
      let distance = (x * x + y * y).squareRoot() - Float(labels[index / 144]) - 2
      return UInt8(min(abs(distance), 1) * 60 + noise * 190)
    }
    let images = LabelledImages(
      pixels: pixels, labels: labels, channels: 1, height: 12, width: 12, classes: 3, pixelMaximum: 255)
    return Dataset(name: "rings", train: images[0..<600], validation: images[600..<750], test: images[750..<900])
  }
}
