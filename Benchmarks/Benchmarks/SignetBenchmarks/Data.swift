import Benchmark
import BuiltInDatasets
import Datasets
import Tensors
import Training

func registerData() {
  benchmark("read glyphs") { { try Dataset.glyphs() } }
  benchmark("read shapes") { { try Dataset.shapes() } }

  benchmark("augmented batches of shapes") {
    let images = try Dataset.shapes().train
    let batches = Batches(samples: images.count, batch: 100, seed: 1, epoch: 1)
    let augmentation = Augmentation(shift: 4, flips: true)
    return {
      for step in 0..<batches.count {
        let batch: (inputs: Tensor<Float>, labels: [Int]) = images.batch(
          batches[step], augmentation, seed: 1, epoch: 1, step: step)
        blackHole(batch)
      }
    }
  }
}
