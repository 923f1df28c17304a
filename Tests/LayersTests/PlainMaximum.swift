import Foundation
import Layers
import Tensors

/// The maximum of two Gaussians, one pair at a time, by the method's formulas as printed, with faults to plant.
struct PlainPair {
  enum Fault: CaseIterable, Sendable {
    /// `Φ` and `1 − Φ` swapped.
    case swapped
    /// `a²` without `v₂`.
    case oneVariance
    /// The mean without `aφ`.
    case noDensity
    /// The variance without `− a² t(α) t(−α)`.
    case notReduced
    /// `∂v/∂α` without `(v₁ − v₂)φ`.
    case noDensityInGradient
    /// `∂a/∂v` without its ½.
    case noHalf
    /// `∂v/∂α` not passed on to the variances.
    case noSlope
  }

  let fault: Fault?
  let (a, alpha, upper, lower, density): (Double, Double, Double, Double, Double)
  let (v1, v2, m2): (Double, Double, Double)

  init(_ m1: Double, _ v1: Double, _ m2: Double, _ v2: Double, fault: Fault?) {
    (self.v1, self.v2, self.m2, self.fault) = (v1, v2, m2, fault)
    a = (v1 + (fault == .oneVariance ? 0 : v2) + 1e-8).squareRoot()
    alpha = (m1 - m2) / a
    let sign: Double = fault == .swapped ? -1 : 1
    upper = erfc(-sign * alpha / 2.0.squareRoot()) / 2
    lower = erfc(sign * alpha / 2.0.squareRoot()) / 2
    density = exp(-alpha * alpha / 2) / (2 * Double.pi).squareRoot()
  }

  /// `t(α)` and `t(−α)`.
  private var t: (Double, Double) { (alpha * upper + density, density - alpha * lower) }

  var mean: Double { m2 + a * (alpha * upper + (fault == .noDensity ? 0 : density)) }

  var variance: Double { v1 * upper + v2 * lower - (fault == .notReduced ? 0 : a * a * t.0 * t.1) + 1e-8 }

  /// The variance as the paper prints it.
  func printedVariance(m1: Double) -> Double {
    let mean = m1 * upper + m2 * (1 - upper) + a * density
    return (v1 + m1 * m1) * upper + (v2 + m2 * m2) * (1 - upper) + (m1 + m2) * a * density - mean * mean + 1e-8
  }

  /// Gradients by `m₁, v₁, m₂, v₂`, given those of mean and variance.
  func gradient(_ g: Double, _ h: Double) -> [Double] {
    let (product, productSlope) = (t.0 * t.1, upper * t.1 - t.0 * lower)
    let slope = (fault == .noDensityInGradient ? 0 : (v1 - v2) * density) - a * a * productSlope
    let root = g * (fault == .noDensity ? 0 : density) / (fault == .noHalf ? a : 2 * a)
    let common = root - (fault == .noSlope ? 0 : h * alpha * slope / (2 * a * a))
    return [
      g * upper + h * slope / a, common + h * (upper - product), g * lower - h * slope / a,
      common + h * (lower - product),
    ]
  }
}

/// `Pooling(.max)` of Gaussians by `PlainPair`, window by window.
struct PlainMaximum: Layer {
  /// Which of a window's pairs have the fault: the last alone, so that it comes out as it is; the others; or all.
  enum Place { case last, others, all }

  let fault: PlainPair.Fault?
  var place = Place.all
  /// The pairs are the windows' columns, not their rows.
  var byColumns = false

  func forward(_ input: Signal<Double>, _ pass: LayerPass) -> Forward<Double> {
    let (m, v) = input.gaussian(for: "test")
    let (height, width, columns) = (m.shape[2] / 2, m.shape[3] / 2, m.shape[3])
    let shape = [m.shape[0], m.shape[1], height, width]
    /// The pixels of window `i`, in the order of the pairs.
    func pixels(_ i: Int) -> [Int] {
      let plane = i / (height * width) * m.shape[2] * columns
      let first = plane + i / width % height * 2 * columns + i % width * 2
      return byColumns
        ? [first, first + columns, first + 1, first + columns + 1]
        : [first, first + 1, first + columns, first + columns + 1]
    }
    func pairs(_ i: Int) -> (PlainPair, PlainPair, PlainPair) {
      let x = pixels(i).map { (m.scalars[$0], v.scalars[$0]) }
      let (early, late) = (place == .last ? nil : fault, place == .others ? nil : fault)
      let first = PlainPair(x[0].0, x[0].1, x[1].0, x[1].1, fault: early)
      let second = PlainPair(x[2].0, x[2].1, x[3].0, x[3].1, fault: early)
      return (first, second, PlainPair(first.mean, first.variance, second.mean, second.variance, fault: late))
    }
    let count = shape.reduce(1, *)
    let output = Signal.gaussian(
      mean: Tensor(shape, (0..<count).map { pairs($0).2.mean }),
      variance: Tensor(shape, (0..<count).map { pairs($0).2.variance }))
    return Forward(output) { gradient in
      let (g, h) = gradient.gaussian(for: "test")
      var (dMean, dVariance) = (Array(repeating: 0.0, count: m.count), Array(repeating: 0.0, count: m.count))
      for i in 0..<count {
        let (first, second, last) = pairs(i)
        let d = last.gradient(g.scalars[i], h.scalars[i])
        let all = first.gradient(d[0], d[1]) + second.gradient(d[2], d[3])
        for (k, pixel) in pixels(i).enumerated() {
          dMean[pixel] = all[2 * k]
          dVariance[pixel] = all[2 * k + 1]
        }
      }
      return Backward(input: .gaussian(mean: Tensor(m.shape, dMean), variance: Tensor(m.shape, dVariance)))
    }
  }

  func prediction(on device: Device) -> PredictionStep<Double>? { nil }
}
