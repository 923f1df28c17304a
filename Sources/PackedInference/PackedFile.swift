internal import CZlib
import Files
import Networks
import Tensors

/// A packed network in a file, or several networks of one form, such as the members of an ensemble (`Packed.md`).
public struct PackedFile: Sendable {
  /// The networks, at least one; architecture, images and grids are the same for all.
  public let networks: [PackedNetwork<Float>]
  /// A text about them, which the file keeps; in a file of the command `pack`, JSON.
  public let metadata: String
  /// The SHA-256 of the networks' integers and scores, in hexadecimal: it does not depend on how a file stores them.
  public var digest: String { hexadecimal(bytes: digestBytes) }
  private let digestBytes: [UInt8]
  let layout: PackedLayout
  /// How many networks a file can hold.
  package static var largestCount: Int { PackedLayout.Limit.networks }

  /// How a file begins.
  static let magic = "SIGNETPK"
  package static let kind = FileKind("a packed file", beginning: magic)
  /// The version of the format.
  static let version: UInt32 = 1
  /// Bytes before the architecture.
  static let fixedHead = 40

  /// Networks for a file.
  ///
  /// - Throws: `PackingError.format` if they have different forms, if a file cannot hold so much, if a score's shift is not
  ///   finite, or if its factor is not from 2⁻⁶³ up to 2⁶⁴.
  public init(_ networks: [PackedNetwork<Float>], metadata: String = "") throws(PackingError) {
    guard (1...PackedLayout.Limit.networks).contains(networks.count) else {
      throw .format(expected: "1 to \(PackedLayout.Limit.networks) networks", found: "\(networks.count)")
    }
    guard metadata.utf8.count <= PackedLayout.Limit.metadata else {
      throw .format(
        expected: "metadata of at most \(PackedLayout.Limit.metadata) bytes", found: "\(metadata.utf8.count)")
    }
    let layouts = try networks.map { (network) throws(PackingError) in
      try PackedLayout(network.input, network.architecture, grids: network.layers.map(\.discrete.grid))
    }
    guard layouts.allSatisfy({ $0 == layouts[0] }) else {
      throw .format(expected: "networks of one architecture, with the same images and grids", found: "others")
    }
    guard networks.allSatisfy({ $0.scores.shift.allSatisfy(\.isFinite) }) else {
      throw .format(expected: "finite numbers for the scores", found: "others")
    }
    if let factor = networks.map(\.scores.factor).first(where: { !Self.isFactor($0) }) {
      throw .format(expected: Self.factorInWords, found: "\(factor)")
    }
    self.init(layouts[0], networks, metadata)
  }

  /// Whether a number can be the factor of the scores. With such a factor no product with a sum is subnormal or infinite, on which
  /// the arithmetic of the exported C relies.
  static func isFactor(_ number: Float) -> Bool {
    number.isNormal && number > 0 && (-63...63).contains(number.exponent)
  }
  static let factorInWords = "a factor of the scores of at least 2^-63 and below 2^64"

  init(_ layout: PackedLayout, _ networks: [PackedNetwork<Float>], _ metadata: String) {
    (self.layout, self.networks, self.metadata) = (layout, networks, metadata)
    var digest = MessageDigest(.sha256)
    for network in networks { network.addIntegers(to: &digest) }
    digestBytes = digest.finalized()
  }

  /// Where the number of networks stands in the file, behind its name and version.
  package static var countOffset: Int { magic.utf8.count + 4 }

  /// Where the metadata begin in the file.
  package var metadataOffset: Int { Self.fixedHead + "\(layout.architecture)".utf8.count }

  /// The file's bytes.
  public var bytes: [UInt8] {
    let notation = "\(layout.architecture)"
    var bytes = Array(Self.magic.utf8)
    bytes.append(integer: Self.version)
    let image = layout.input.image
    for number in [
      networks.count, image.channels, image.height, image.width, layout.input.pixelMaximum, notation.utf8.count,
      metadata.utf8.count,
    ] { bytes.append(integer: UInt32(number)) }
    bytes += notation.utf8
    bytes += metadata.utf8
    for layer in layout.layers {
      let digits = layer.digits
      bytes += [
        UInt8(digits.values), UInt8(digits.digits), UInt8(digits.bits),
        layer.isLast ? 0 : UInt8(layer.width.rawValue),
      ]
      bytes.append(integer: UInt32(layer.grid.denominator))
      for value in layer.grid.integers { bytes.append(integer: Int16(value)) }
    }
    bytes.reserveCapacity(bytes.count + networks.count * layout.networkBytes + 36)
    for network in networks { network.append(to: &bytes, layout) }
    bytes += digestBytes
    bytes.append(integer: Self.checksum(bytes[...]))
    return bytes
  }

  /// Writes the file, which appears whole or not at all.
  public func write(to path: String) throws(FileWriteError) { try AtomicFile.write(bytes, to: path) }

  /// CRC-32, as zlib computes it.
  package static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
  }
}

extension PackedNetwork where Scalar == Float {
  /// The last layer's constant and bias.
  var scores: (factor: Float, shift: [Float]) {
    guard case .scores(let factor, let shift) = layers[layers.count - 1].output else {
      preconditionFailure("PackedNetwork: no scores at the end")
    }
    return (factor, shift)
  }

  /// Adds the network's part of a file.
  fileprivate func append(to bytes: inout [UInt8], _ layout: PackedLayout) {
    for (layer, form) in zip(layers, layout.layers) {
      bytes += form.digits.packed(layer.discrete.indices)
      if let rules = layer.rules {
        for threshold in rules.thresholds {
          let number = threshold == .min ? form.width.least : threshold
          switch form.width {
          case .one: bytes.append(integer: Int8(number))
          case .two: bytes.append(integer: Int16(number))
          case .four: bytes.append(integer: number)
          }
        }
        bytes += DigitGroup(values: 2).packed(rules.flips.map { $0 ? 1 : 0 })
      } else {
        for number in [scores.factor] + scores.shift { bytes.append(integer: number.bitPattern) }
      }
    }
  }

  /// Adds to a digest, layer by layer: the weights' integers, 16 bits each, in the order (I, O); then the thresholds, 32 bits each,
  /// and the flips, a byte each; or the bits of the scores' factor and shifts.
  func addIntegers(to digest: inout MessageDigest) {
    for layer in layers {
      let values = layer.discrete.grid.integers.map { Int16($0) }
      var bytes: [UInt8] = []
      bytes.reserveCapacity(2 * layer.discrete.indices.count)
      for index in layer.discrete.indices { bytes.append(integer: values[Int(index)]) }
      digest.update(bytes)
      bytes.removeAll(keepingCapacity: true)
      if let rules = layer.rules {
        for threshold in rules.thresholds { bytes.append(integer: threshold) }
        bytes += rules.flips.map { $0 ? 1 : 0 }
      } else {
        for number in [scores.factor] + scores.shift { bytes.append(integer: number.bitPattern) }
      }
      digest.update(bytes)
    }
  }
}
