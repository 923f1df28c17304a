import Datasets
import Files
import Networks
import Tensors
import Training

/// The record of a short training, step by step, to the bit: `Golden/traces/<name>.json`.
///
/// Traces are our own output, as nothing independent has these bits. Only `signet golden accept` writes them.
package struct Trace: Codable, Equatable, Sendable {
  /// The experiment, in words.
  package let what: String
  package var networks: [NetworkTrace]
}

/// The training of one network.
package struct NetworkTrace: Codable, Equatable, Sendable {
  package let network: NetworkKind
  package var steps: [StepTrace]
  /// The validation errors of the deployed network after each epoch.
  package var validationErrors: [Double]
  /// `Network.digest` of the best epoch's network.
  package var parametersSHA256: String
}

/// One step: the batch's loss, and every tensor of the network after it.
package struct StepTrace: Codable, Equatable, Sendable {
  /// The numbers of the epoch and of the step in it, both from 1.
  package let epoch, step: Int
  package let loss: TracedNumber
  package let tensors: [TracedTensor]

  package init(epoch: Int, step: Int, loss: TracedNumber, tensors: [TracedTensor]) {
    (self.epoch, self.step, self.loss, self.tensors) = (epoch, step, loss, tensors)
  }

  init(_ step: StepReport, _ network: Network<Float>) {
    self.init(
      epoch: step.epoch, step: step.step, loss: TracedNumber(Float(step.batchLoss)),
      tensors: network.parameters.map { TracedTensor($0.name, $0.tensor) })
  }
}

/// A number as a decimal and as hexadecimal bits, such as `0.5 3f000000`.
package struct TracedNumber: Codable, Equatable, Sendable, CustomStringConvertible {
  package let value: Float

  package init(_ value: Float) { self.value = value }

  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: " ")
    guard parts.count == 2, let bits = UInt32(parts[1], radix: 16), "\(Float(bitPattern: bits))" == parts[0] else {
      return nil
    }
    value = Float(bitPattern: bits)
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let number = TracedNumber(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected a number and its bits, found \(text)")
    }
    self = number
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  package var description: String { "\(value) \(hexadecimal(value.bitPattern, digits: 8))" }

  package static func == (a: TracedNumber, b: TracedNumber) -> Bool { a.value.bitPattern == b.value.bitPattern }
}

/// A tensor's digest and a few of its numbers, which show how far apart two tensors are; encoded as a line of text.
package struct TracedTensor: Codable, Equatable, Sendable {
  /// The name, as in `Network.parameters`.
  package let name: String
  /// The first 16 hexadecimal digits of the SHA-256 of all bits.
  package let digest: String
  /// The first number, the last, and one in between.
  package let numbers: [(index: Int, number: TracedNumber)]

  package init(_ name: String, _ tensor: Tensor<Float>) {
    self.name = name
    var sha256 = ""
    tensor.withLittleEndianBytes { sha256 = hexadecimal(sha256: $0) }
    digest = String(sha256.prefix(16))
    let last = tensor.count - 1
    numbers = Set([0, last * 2 / 3, last]).sorted().map { ($0, TracedNumber(tensor.scalars[$0])) }
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    let parts = text.split(separator: "  ")
    let head = (parts.first ?? "").split(separator: " ")
    let numbers = parts.dropFirst().compactMap { part -> (Int, TracedNumber)? in
      let pair = part.split(separator: ": ")
      guard pair.count == 2, let index = Int(pair[0]), let number = TracedNumber(pair[1]) else { return nil }
      return (index, number)
    }
    guard head.count == 2, numbers.count == parts.count - 1, !numbers.isEmpty else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "expected a tensor's name, digest and numbers, found \(text)")
    }
    (name, digest, self.numbers) = (String(head[0]), String(head[1]), numbers)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    let parts = ["\(name) \(digest)"] + numbers.map { "\($0.index): \($0.number)" }
    try container.encode(parts.joined(separator: "  "))
  }

  package static func == (a: TracedTensor, b: TracedTensor) -> Bool {
    a.name == b.name && a.digest == b.digest && a.numbers.elementsEqual(b.numbers) { $0 == $1 }
  }
}
