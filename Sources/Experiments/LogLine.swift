import Files
import Foundation
import Networks
import Training

/// A line of `log.jsonl`.
package enum LogLine: Codable {
  case epoch(Epoch)
  case network(NetworkResult)
  /// The run was resumed after a stop, with the training of this network from this place.
  case resumed(network: NetworkKind, epoch: Int, step: Int)
  /// A program other than the one that began the run continues it.
  case program(ProgramIdentity)

  package struct Epoch: Codable {
    package let report: EpochReport
    /// `Network.digest` after the epoch.
    package let parametersSHA256: String
    /// The seconds that this network's training has taken so far, over all resumptions.
    package let seconds: Double
    /// The peak memory of the process in bytes; nil if the system does not report it.
    package let peakMemory: Int?
    /// The certainty of each layer whose weights are distributions; nil in runs of older versions.
    package let certainty: [LayerCertainty]?

    package init(
      report: EpochReport, parametersSHA256: String, seconds: Double, peakMemory: Int?, certainty: [LayerCertainty]?
    ) {
      (self.report, self.parametersSHA256, self.seconds) = (report, parametersSHA256, seconds)
      (self.peakMemory, self.certainty) = (peakMemory, certainty)
    }

    private enum CodingKeys: CodingKey { case report, parametersSHA256, seconds, peakMemory, certainty }

    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      report = try values.decode(EpochReport.self, forKey: .report)
      parametersSHA256 = try values.decode(String.self, forKey: .parametersSHA256)
      seconds = try values.decode(.seconds, in: possibleSeconds)
      peakMemory = try values.decodeIfPresent(Int.self, forKey: .peakMemory)
      certainty = try values.decodeIfPresent([LayerCertainty].self, forKey: .certainty)
    }
  }

  private enum Kind: String, Codable { case epoch, network, resumed, program }
  private enum CodingKeys: CodingKey { case type, version, epoch, network, result, step, program }
  private static let version = 1

  package init(from decoder: any Decoder) throws {
    let line = try decoder.container(keyedBy: CodingKeys.self)
    let version = try line.decode(Int.self, forKey: .version)
    guard version == Self.version else {
      throw DecodingError.dataCorruptedError(
        forKey: .version, in: line, debugDescription: "expected version \(Self.version), found \(version)")
    }
    switch try line.decode(Kind.self, forKey: .type) {
    case .epoch: self = .epoch(try line.decode(Epoch.self, forKey: .epoch))
    case .network: self = .network(try line.decode(NetworkResult.self, forKey: .result))
    case .program: self = .program(try line.decode(ProgramIdentity.self, forKey: .program))
    case .resumed:
      self = .resumed(
        network: try line.decode(NetworkKind.self, forKey: .network), epoch: try line.decode(Int.self, forKey: .epoch),
        step: try line.decode(Int.self, forKey: .step))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var line = encoder.container(keyedBy: CodingKeys.self)
    try line.encode(Self.version, forKey: .version)
    switch self {
    case .epoch(let epoch):
      try line.encode(Kind.epoch, forKey: .type)
      try line.encode(epoch, forKey: .epoch)
    case .network(let result):
      try line.encode(Kind.network, forKey: .type)
      try line.encode(result, forKey: .result)
    case .program(let program):
      try line.encode(Kind.program, forKey: .type)
      try line.encode(program, forKey: .program)
    case .resumed(let network, let epoch, let step):
      try line.encode(Kind.resumed, forKey: .type)
      try line.encode(network, forKey: .network)
      try line.encode(epoch, forKey: .epoch)
      try line.encode(step, forKey: .step)
    }
  }
}

extension [LogLine] {
  /// The results of the networks that are trained.
  var results: [NetworkResult] { compactMap { if case .network(let result) = $0 { result } else { nil } } }

  /// The programs that resumed a run that another one had begun, in their order.
  var laterPrograms: [ProgramIdentity] { compactMap { if case .program(let program) = $0 { program } else { nil } } }
}
