import BuiltInDatasets
import Datasets
import RandomStreams
import Tensors
import Testing
import Training

@Suite("Augmentation: shifts and reflections, batches ahead")
struct AugmentationTests {
  private let stream = RandomStream(seed: 3, purpose: .augmentation, epoch: 2, step: 5)

  @Test("every shift within the range occurs equally often, and half of the images are reflected")
  func draws() {
    let augmentation = Augmentation(shift: 4, flips: true)
    let draws = (0..<9000).map { augmentation.draw($0, from: stream) }
    for offset in -4...4 {
      // 1000 expected, standard deviation 30.
      #expect(abs(draws.count { $0.down == offset } - 1000) < 150)
      #expect(abs(draws.count { $0.right == offset } - 1000) < 150)
    }
    #expect(draws.allSatisfy { (-4...4).contains($0.down) && (-4...4).contains($0.right) })
    #expect(abs(draws.count(where: \.isFlipped) - 4500) < 250)
    // Shifts down, to the right and reflections have nothing to do with each other: 500 expected each.
    #expect(abs(draws.count { $0.down > 0 && $0.right > 0 && $0.isFlipped } - 889) < 150)
    #expect((0..<100).allSatisfy { !Augmentation(shift: 4, flips: false).draw($0, from: stream).isFlipped })
    let still = (0..<100).map { Augmentation(shift: 0, flips: false).draw($0, from: stream) }
    #expect(still.allSatisfy { $0.down == 0 && $0.right == 0 && !$0.isFlipped })
  }

  @Test("image i is shifted down, to the right and reflected by words 3i, 3i + 1 and 3i + 2, which no other image has")
  func words() {
    let augmentation = Augmentation(shift: 4, flips: true)
    for image in 0..<100 {
      let shares = (0..<3).map { Double(stream.word(3 * image + $0)) / 0x1p32 }
      let draw = augmentation.draw(image, from: stream)
      #expect(draw.down == Int(shares[0] * 9) - 4 && draw.right == Int(shares[1] * 9) - 4)
      #expect(draw.isFlipped == (shares[2] >= 0.5))
    }
  }

  @Test("pixels move as drawn, zeros come in, and all channels move together", arguments: [(8, 5), (3, 7), (1, 1)])
  func pixels(height: Int, width: Int) {
    let augmentation = Augmentation(shift: 4, flips: true)
    let (n, c) = (40, 3)
    let x = Tensor<Float>([n, c, height, width], (0..<n * c * height * width).map { Float($0 + 1) })
    let y = augmentation(x, drawnFrom: stream)
    #expect(y.shape == x.shape)
    for i in 0..<n {
      let draw = augmentation.draw(i, from: stream)
      // A textbook's two steps: an image of zeros that the shifted one is written into, then its mirror image.
      for plane in 0..<c {
        var shifted = Array(repeating: Array(repeating: Float(0), count: width), count: height)
        for h in 0..<height {
          for w in 0..<width where (0..<height).contains(h + draw.down) && (0..<width).contains(w + draw.right) {
            shifted[h + draw.down][w + draw.right] = x.scalars[((i * c + plane) * height + h) * width + w]
          }
        }
        let expected = shifted.flatMap { draw.isFlipped ? Array($0.reversed()) : $0 }
        let at = (i * c + plane) * height * width
        #expect(Array(y.scalars[at..<at + height * width]) == expected, "image \(i), \(draw)")
      }
    }
  }

  @Test("a batch is scaled, then augmented by its epoch's and step's stream, with the labels of its images")
  func batch() throws {
    let images = try Dataset.digits().train
    let augmentation = Augmentation(shift: 2, flips: true)
    let indices = [5, 0, 700][...]
    let (x, labels): (Tensor<Float>, [Int]) = images.batch(indices, augmentation, seed: 3, epoch: 2, step: 5)
    #expect(x == augmentation(images.inputs(indices), drawnFrom: stream))
    #expect(labels == indices.map { Int(images.labels[$0]) })
    let (plain, _): (Tensor<Float>, [Int]) = images.batch(indices, nil, seed: 3, epoch: 2, step: 5)
    #expect(plain == images.inputs(indices))
    #expect(x != plain)
    let (other, _): (Tensor<Float>, [Int]) = images.batch(indices, augmentation, seed: 3, epoch: 2, step: 6)
    #expect(other != x)
  }

  @Test("training on augmented images gives the same bits at any number of threads")
  func training() throws {
    func digest(threads: Int, _ augmentation: Augmentation?) throws -> String {
      var experiment = Experiment(
        name: "small", title: "", data: .digits, architecture: "4C3-P2-10", batch: 50, augmentation: augmentation,
        real: Experiment.digits.real, discrete: Experiment.digits.discrete)
      experiment.real.dropout = [0, 0.1]
      experiment.discrete.dropout = [0, 0.1]
      var run = TrainingRun(
        experiment, try TrainingRunTests.fresh(.discreteSign, of: experiment), data: try TrainingRunTests.data(),
        epochs: 2,
        seed: 1, device: Device.processor(threads: threads))
      return try run.finish().network.digest
    }
    let augmentation = Augmentation(shift: 1, flips: false)
    let first = try digest(threads: 1, augmentation)
    #expect(try digest(threads: 2, augmentation) == first)
    #expect(try digest(threads: 5, augmentation) == first)
    #expect(try digest(threads: 2, nil) != first)
  }

  @Test("CIFAR is shifted by up to 4 pixels and reflected, the others are left alone")
  func experiments() {
    for experiment in Experiment.all {
      let isCIFAR = experiment.data == .cifar10 || experiment.data == .cifar100
      #expect(experiment.augmentation == (isCIFAR ? Augmentation(shift: 4, flips: true) : nil), "\(experiment.name)")
    }
  }
}
