import Tensors
import TestSupport
import Testing
import Training
import Verification
import VerificationSuites
import WeightDistributions

@Suite("The step of weight distributions in one pass is its parts one after the other, to the bit")
struct WeightStepTests {
  private func steps<Scalar: TensorScalar>(_ family: WeightFamily, hasDivergence: Bool, _: Scalar.Type) throws {
    var numbers = TestNumbers(seed: 3)
    // More than a run of weights, and not a whole number of runs.
    let shape = [7, 101]
    let count = family.parameterization.count(of: family.grid)
    let logits: Tensor<Scalar> = numbers.tensor(count * 707)
    var fused = WeightDistribution(
      grid: family.grid, parameterization: family.parameterization, logits: logits.reshaped([count] + shape),
      on: .single)
    var parts = fused
    let divergence = hasDivergence ? KLDivergence.uniform(over: family.grid, weight: 0.125) : nil
    let (fusedMoments, moments) = (
      AdamMoments<Scalar>(count: logits.count), AdamMoments<Scalar>(count: logits.count)
    )
    for time in 1...3 {
      let (dMean, dVariance): (Tensor<Scalar>, Tensor<Scalar>) = (numbers.tensor(707), numbers.tensor(707))
      // Large steps, so that parameters are clipped.
      let (rule, same) = (
        fusedMoments.update(step: 6, regularization: 1e-3, time: time),
        moments.update(step: 6, regularization: 1e-3, time: time)
      )
      fused.update(
        meanGradient: dMean.reshaped(shape), varianceGradient: dVariance.reshaped(shape), divergence: divergence,
        on: Device.processor(threads: 2), rule)
      var logits = parts.logits
      logits.update(
        gradient: parts.logitGradient(
          mean: dMean.reshaped(shape), variance: dVariance.reshaped(shape), divergence: divergence, on: .single),
        on: .single, same.clipped(to: WeightDistribution<Scalar>.logitLimit))
      parts = WeightDistribution(
        grid: family.grid, parameterization: family.parameterization, logits: logits, on: .single)
      try requireSameBits("parameters", fused.logits, expected: parts.logits)
      try requireSameBits("mean", fused.mean, expected: parts.mean)
      try requireSameBits("variance", fused.variance, expected: parts.variance)
      let renewed = WeightDistribution(
        grid: family.grid, parameterization: family.parameterization, logits: fused.logits, on: .single)
      try requireSameBits("renewed mean", fused.mean, expected: renewed.mean)
      #expect(fused.logits.scalars.allSatisfy { abs($0) <= 5 } && fused.logits.scalars.contains { abs($0) == 5 })
    }
  }

  @Test("three steps of Adam", arguments: WeightFamily.all, [false, true])
  func adam(_ family: WeightFamily, hasDivergence: Bool) throws {
    try steps(family, hasDivergence: hasDivergence, Float.self)
    try steps(family, hasDivergence: hasDivergence, Double.self)
  }
}
