import Signet

// 600 grey images of 20×20 pixels in three classes: horizontal stripes, vertical stripes and checkerboards.
let pixels = (0..<600 * 400).map { index -> UInt8 in
  let (image, row, column) = (index / 400, index / 20 % 20, index % 20)
  let stripes = [(row + image) / 3 % 2, (column + image) / 3 % 2]
  return UInt8([stripes[0], stripes[1], stripes[0] ^ stripes[1]][image % 3] * 150 + index * 7919 % 101)
}
let images = LabelledImages(
  pixels: pixels, labels: (0..<600).map { UInt8($0 % 3) }, channels: 1, height: 20, width: 20, classes: 3,
  pixelMaximum: 255)
let data = Dataset(name: "stripes", train: images[0..<400], validation: images[400..<500], test: images[500..<600])
let training = Reproduction(.custom("64-3", on: data), data: data, discreteEpochs: 10, seed: 1, device: .single)
var trainings = try training.trainings(of: [.discreteSign])
while var run = try trainings.next() {
  let network = try run.finish().network
  let result = trainings.finish(run)
  print(result.network.rawValue, "test error", result.testError)
  print("predicted classes", data.test[0..<9].predictions(of: Predictor(network, on: .single)))
}
