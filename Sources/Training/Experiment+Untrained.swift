import Networks
import Tensors

extension Experiment {
  /// An untrained network of this experiment, started from untrained networks.
  ///
  /// - Throws: `ArchitectureError` or `MethodError`.
  package func untrained<Scalar: TensorScalar>(
    _ kind: NetworkKind, input: ImageInput, seed: UInt64, on device: Device
  ) throws -> Network<Scalar> {
    let start = kind.start(method.initialization)
    let specification = specification(of: kind, input: input)
    guard let start else { return try Network(specification, seed: seed, on: device) }
    return try Network(
      specification, startingFrom: untrained(start, input: input, seed: seed, on: device), on: device)
  }
}
