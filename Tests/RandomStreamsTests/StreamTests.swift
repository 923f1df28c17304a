import RandomStreams
import Tensors
import TestSupport
import Testing

@Suite("Random streams")
struct StreamTests {
  @Test("seed, purpose, epoch, step and layer each give a different stream")
  func keys() {
    var streams = [RandomStream(seed: 1, purpose: .dropout, epoch: 1, step: 1, layer: 1)]
    for bit in 0..<64 {
      streams.append(RandomStream(seed: 1 ^ 1 << UInt64(bit), purpose: .dropout, epoch: 1, step: 1, layer: 1))
    }
    for bit in 0..<32 {
      streams.append(RandomStream(seed: 1, purpose: .dropout, epoch: 1 ^ 1 << bit, step: 1, layer: 1))
      streams.append(RandomStream(seed: 1, purpose: .dropout, epoch: 1, step: 1 ^ 1 << bit, layer: 1))
    }
    for bit in 0..<24 {
      streams.append(RandomStream(seed: 1, purpose: .dropout, epoch: 1, step: 1, layer: 1 ^ 1 << bit))
    }
    for purpose in RandomPurpose.allCases where purpose != .dropout {
      streams.append(RandomStream(seed: 1, purpose: purpose, epoch: 1, step: 1, layer: 1))
    }
    let starts = streams.map { [$0.word(0), $0.word(1), $0.word(2), $0.word(3)] }
    #expect(Set(starts).count == 1 + 64 + 32 + 32 + 24 + RandomPurpose.allCases.count - 1)
  }

  /// `u = k / 2ᵖ` with an odd `k`, and `1 − u` exactly `(2ᵖ − k) / 2ᵖ`.
  private func exact<Scalar: TensorScalar>(_: Scalar.Type, bits: Int) {
    let stream = RandomStream(seed: 5, purpose: .dropout)
    let uniform: Tensor<Scalar> = stream.uniform([20_000], on: .single)
    let whole = Scalar(sign: .plus, exponent: Scalar.Exponent(bits), significand: 1)
    for u in uniform.scalars {
      guard u > 0, u < 1, let k = Int64(exactly: u * whole), k & 1 == 1, (1 - u) * whole == Scalar((1 << bits) - k)
      else {
        Issue.record("\(u) is no odd multiple of 2^-\(bits) in (0, 1), or 1 − u is not exact")
        return
      }
    }
  }

  @Test("uniform numbers are odd multiples of 2⁻²⁴ or 2⁻⁵³ inside (0, 1), and 1 − u is exact")
  func uniforms() {
    exact(Float.self, bits: 24)
    exact(Double.self, bits: 53)
  }

  private func threads<Scalar: TensorScalar>(_: Scalar.Type) throws {
    let stream = RandomStream(seed: 9, purpose: .reparameterization, epoch: 2, step: 3, layer: 4)
    // Odd, so that the last block is cut; above every grain.
    let shape = [20_011]
    let uniform: Tensor<Scalar> = stream.uniform(shape, on: .single)
    let normal: Tensor<Scalar> = stream.normal(shape, on: .single)
    let logistic: Tensor<Scalar> = stream.logistic(shape, on: .single)
    for count in threadCounts.dropFirst() {
      let device = Device.processor(threads: count)
      try requireSameBits("uniform", stream.uniform(shape, on: device), expected: uniform)
      try requireSameBits("normal", stream.normal(shape, on: device), expected: normal)
      try requireSameBits("logistic", stream.logistic(shape, on: device), expected: logistic)
    }
    for count in [1, 2, 3, 4, 5, 7] {
      let start: Tensor<Scalar> = stream.normal([count], on: .single)
      #expect(start.scalars.elementsEqual(normal.scalars.prefix(count)), "an element depends on how many there are")
    }
  }

  @Test("numbers depend neither on threads nor on how many are drawn")
  func threadIndependence() throws {
    try threads(Float.self)
    try threads(Double.self)
  }
}
