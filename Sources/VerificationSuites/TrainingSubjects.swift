import Tensors
import Training
import Verification

// The convolution by itself, Adam and the schedule, of Golden/ops/{convolution,layers}.json.

extension GoldenCase {
  /// The fields of the case; nil if the case is about something else.
  func trainingFields<Scalar: TensorScalar>() throws -> [ComputedField<Scalar>]? {
    switch operation {
    case "convolution": return try convolutionFields()
    case "adam", "adamFromZero": return try adamFields()
    case "plateau": return try plateauFields()
    default: return nil
    }
  }

  private func convolutionFields<Scalar: TensorScalar>() throws -> [ComputedField<Scalar>] {
    let convolution = Convolution(
      kernel: Int(try setting("kernel")), padding: try setting("padding") == 0 ? .valid : .same)
    let (x, weights): (Tensor<Scalar>, Tensor<Scalar>) = (try input("value"), try input("weights"))
    let dy: Tensor<Scalar> = try cotangent("value")
    return [
      ("value", convolution(x, weights, on: .single)),
      ("∂value", convolution.inputGradient(dy, weights, on: .single)),
      ("∂weights", convolution.weightGradient(x, dy, on: .single)),
    ]
  }

  /// The fields of three steps of Adam.
  private func adamFields<Scalar: TensorScalar>() throws -> [ComputedField<Scalar>] {
    var parameters: Tensor<Scalar> = try input("parameters")
    let moments = AdamMoments<Scalar>(count: parameters.count)
    let (step, regularization) = (try setting("step"), try setting("regularization"))
    return try (1...3).map { time in
      let gradient: Tensor<Scalar> = try input("gradient\(time)")
      parameters.update(
        gradient: gradient, on: .single, moments.update(step: step, regularization: regularization, time: time))
      return (name: "parameters\(time)", tensor: parameters)
    }
  }

  private func plateauFields<Scalar: TensorScalar>() throws -> [ComputedField<Scalar>] {
    var schedule = PlateauSchedule(cooldown: Int(try setting("cooldown")), patience: Int(try setting("patience")))
    let errors: Tensor<Double> = try input("errors")
    let scales = errors.scalars.enumerated().map { epoch, error in
      schedule.record(epoch: epoch, error: error)
      return Scalar(schedule.scale)
    }
    return [("scales", Tensor([scales.count], scales))]
  }
}
