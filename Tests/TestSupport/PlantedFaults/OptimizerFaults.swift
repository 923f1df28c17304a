import Foundation
import Tensors
import Verification
import VerificationSuites

/// Adam as printed in the paper, computed one number at a time.
struct PlainAdam: PlainOperation {
  var beta1 = 0.9
  var beta2 = 0.999
  /// `1 − β`.
  var complement: @Sendable (_ beta: Double) -> Double = { 1 - $0 }
  var epsilon = 1e-8
  /// The factor of `λθ` in the gradient.
  var decay = 2.0
  var epsilonInRoot = false
  /// The powers in the corrections of the first and the second moment at time `t`; no correction for nil.
  var times: @Sendable (_ t: Int) -> (Int?, Int?) = { ($0, $0) }
  /// Whether the second moment of the previous step is used.
  var staleSecond = false
  var staleFirst = false
  var power = 2.0
  /// Whether `λ` stays out of the moments, as in AdamW.
  var decoupled = false
  /// Whether the moments restart in every step.
  var forgets = false
  var sign = -1.0

  func write(_ fields: inout Fields, _ golden: GoldenCase) throws {
    let (step, lambda) = (try golden.setting("step"), try golden.setting("regularization"))
    var theta = try golden.given("parameters").scalars
    var (first, second) = (theta.map { _ in 0.0 }, theta.map { _ in 0.0 })
    for t in 1...3 {
      let gradient = try golden.given("gradient\(t)").scalars
      for i in theta.indices {
        let g = gradient[i] + (decoupled ? 0 : decay * lambda * theta[i])
        let (m, v) = forgets ? (0, 0) : (first[i], second[i])
        first[i] = beta1 * m + complement(beta1) * g
        second[i] = beta2 * v + complement(beta2) * pow(abs(g), power)
        let (one, two) = times(t)
        let mHat = (staleFirst ? m : first[i]) / (one.map { 1 - pow(beta1, Double($0)) } ?? 1)
        let vHat = (staleSecond ? v : second[i]) / (two.map { 1 - pow(beta2, Double($0)) } ?? 1)
        let root = epsilonInRoot ? (vHat + epsilon).squareRoot() : vHat.squareRoot() + epsilon
        theta[i] += sign * step * mHat / root - (decoupled ? step * decay * lambda * theta[i] : 0)
      }
      fields["parameters\(t)"] = Tensor([theta.count], theta)
    }
  }
}

/// The plateau schedule, computed from its formula.
struct PlainPlateau: PlainOperation {
  var isLower: @Sendable (_ error: Double, _ best: Double) -> Bool = { $0 < $1 }
  var isEnough: @Sendable (_ epochs: Int, _ least: Int) -> Bool = { $0 >= $1 }
  /// The number of the first epoch, and the initial value of the last reduction.
  var firstEpoch = 0
  var lastReduction = -1
  var factor = 0.5
  /// Whether only the epochs since the last reduction count, or only those since the best epoch.
  var ignoresBest = false
  var ignoresReduction = false
  /// Whether errors are compared with the best of all, or with that of the previous epoch.
  var remembersBest = true
  /// Whether a reduction needs both conditions, or only one.
  var needsBoth = true

  func write(_ fields: inout Fields, _ golden: GoldenCase) throws {
    let (cooldown, patience) = (Int(try golden.setting("cooldown")), Int(try golden.setting("patience")))
    var (best, bestEpoch, last, scale, scales) = (Double.infinity, 0, lastReduction, 1.0, [Double]())
    for (index, error) in try golden.given("errors").scalars.enumerated() {
      let epoch = index + firstEpoch
      if isLower(error, best) { (best, bestEpoch) = (error, epoch) }
      if !remembersBest { best = error }
      let since = ignoresBest ? last : ignoresReduction ? bestEpoch : max(bestEpoch, last)
      let (cool, patient) = (isEnough(epoch - last, cooldown), isEnough(epoch - since, patience))
      if needsBoth ? cool && patient : cool || patient {
        scale *= factor
        last = epoch
      }
      scales.append(scale)
    }
    fields["scales"] = Tensor([scales.count], scales)
  }
}

extension PlantedFault {
  package static let optimizer: [PlantedFault] = {
    let (plain, decaying) = ("adam-0.0", "adam-0.125")
    func adam(_ what: String, of golden: String, in field: String, _ adam: PlainAdam) -> PlantedFault {
      PlantedFault(what, of: golden, in: field, adam)
    }
    return [
      adam("no bias correction", of: plain, in: "parameters1", .init(times: { _ in (nil, nil) })),
      adam("the first moment not corrected", of: plain, in: "parameters1", .init(times: { (nil, $0) })),
      adam("the second moment not corrected", of: plain, in: "parameters1", .init(times: { ($0, nil) })),
      adam("time one ahead", of: plain, in: "parameters1", .init(times: { ($0 + 1, $0 + 1) })),
      adam("time always 1", of: plain, in: "parameters2", .init(times: { _ in (1, 1) })),
      adam("ε inside the root", of: plain, in: "parameters1", .init(epsilonInRoot: true)),
      adam("no ε", of: plain, in: "parameters1", .init(epsilon: 0)),
      adam("ε 1e-7", of: plain, in: "parameters1", .init(epsilon: 1e-7)),
      adam("β₁ and β₂ swapped", of: plain, in: "parameters2", .init(beta1: 0.999, beta2: 0.9)),
      adam("β₂ 0.99", of: plain, in: "parameters2", .init(beta2: 0.99)),
      adam("λθ for 2λθ", of: decaying, in: "parameters1", .init(decay: 1)),
      adam("λ with the wrong sign", of: decaying, in: "parameters1", .init(decay: -2)),
      adam("λ left out", of: decaying, in: "parameters1", .init(decay: 0)),
      adam("λ decoupled, as in AdamW", of: decaying, in: "parameters1", .init(decoupled: true)),
      adam("the second moment of the step before", of: plain, in: "parameters2", .init(staleSecond: true)),
      adam("the first moment of the step before", of: plain, in: "parameters1", .init(staleFirst: true)),
      adam("|g| for g²", of: plain, in: "parameters1", .init(power: 1)),
      adam("moments forgotten", of: plain, in: "parameters2", .init(forgets: true)),
      adam("uphill", of: plain, in: "parameters1", .init(sign: 1)),
      PlantedFault(
        "1 − β in Float", of: "adam-from-zero", in: "parameters1", inFloat: true,
        PlainAdam(complement: { Double(1 - Float($0)) })),
      PlantedFault("a NaN from 0 / 0", of: plain, in: "parameters3", as: .nan) { fields, _ in
        fields.change("parameters3", at: 4, to: .nan)
      },
    ]
  }()

  package static let schedule: [PlantedFault] = {
    func plateau(_ what: String, of golden: String = "plateau-3-2", _ plain: PlainPlateau) -> PlantedFault {
      PlantedFault(what, of: golden, in: "scales", plain)
    }
    return [
      plateau("an equal error counts as lower", .init(isLower: { $0 <= $1 })),
      plateau("a higher error counts as lower", .init(isLower: { $0 > $1 })),
      plateau("an epoch late: > for ≥", .init(isEnough: { $0 > $1 })),
      plateau("an epoch early", .init(isEnough: { $0 + 1 >= $1 })),
      plateau("the last reduction 0 at first", of: "plateau-5-3", .init(lastReduction: 0)),
      plateau("epochs from 1", of: "plateau-rising-5-1", .init(firstEpoch: 1)),
      plateau("quartered, not halved", .init(factor: 0.25)),
      plateau("doubled", .init(factor: 2)),
      plateau("the best epoch forgotten", .init(ignoresBest: true)),
      plateau("the last reduction forgotten", of: "plateau-rising-2-4", .init(ignoresReduction: true)),
      plateau("beside the epoch before, not the best", .init(remembersBest: false)),
      plateau("cooldown or patience", .init(needsBoth: false)),
      PlantedFault("the scale of the epoch before", of: "plateau-3-2", in: "scales") { fields, _ in
        let scales = fields["scales"]?.scalars ?? []
        fields["scales"] = Tensor([scales.count], [1] + scales.dropLast())
      },
      PlantedFault("the last epoch not recorded", of: "plateau-3-2", in: "scales", as: .shape) { fields, _ in
        let scales = fields["scales"]?.scalars ?? []
        fields["scales"] = Tensor([scales.count - 1], Array(scales.dropLast()))
      },
    ]
  }()
}
