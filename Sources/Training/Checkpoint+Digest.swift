import Files
import Networks
import Tensors

extension SafetensorsFile {
  /// The key of a checkpoint's digest in the metadata.
  static let checkpointDigestKey = "signet.checkpointSHA256"

  /// The digest of a checkpoint: the SHA-256 of the text in its metadata and of all tensors, in hexadecimal.
  ///
  /// After the text, it covers each tensor in the order of the names' bytes: the name, the shape as 64-bit integers, least significant
  /// byte first, and the SHA-256 of the numbers. Each thread takes some of the tensors.
  func checkpointDigest(_ text: String, on device: Device) -> String {
    let order = tensors.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    var parts = [[UInt8]](repeating: [], count: order.count)
    parts.withUnsafeMutableBufferPointer { parts in
      device.forEachRange(of: order.count, grain: 1) { range in
        for index in range {
          var part = MessageDigest(.sha256)
          order[index].value.withLittleEndianBytes { part.update($0) }
          parts[index] = part.finalized()
        }
      }
    }
    var digest = MessageDigest(.sha256)
    digest.update(Array(text.utf8))
    for (entry, part) in zip(order, parts) {
      digest.update(Array(entry.key.utf8))
      for length in entry.value.shape { digest.update(littleEndianBytes(UInt64(length))) }
      digest.update(part)
    }
    return hexadecimal(bytes: digest.finalized())
  }

  /// Refuses a checkpoint that is not as it was written. One of an earlier version has no digest: only numbers that no training goes on
  /// from are then known to be damage.
  ///
  /// - Parameters:
  ///   - text: the checkpoint's text in the metadata.
  ///   - network: the network that it is of, for errors.
  ///   - path: the file, for errors.
  /// - Throws: `CheckpointError`, `NetworkFileError.notFinite`
  func requireWhole(_ text: String, of network: NetworkKind, from path: String, on device: Device) throws {
    func refuse(_ expected: String, _ found: String) -> CheckpointError {
      CheckpointError(path: path, network: network, expected: expected, found: found)
    }
    // The key of the digest may itself be damaged.
    let keys = [Checkpoint.key, Self.checkpointDigestKey]
    if let other = metadata.keys.sorted().first(where: { !keys.contains($0) }) {
      throw refuse("no metadata but \(keys.joined(separator: " and "))", quoted(other))
    }
    if let expected = metadata[Self.checkpointDigestKey] {
      let found = checkpointDigest(text, on: device)
      guard found == expected else { throw refuse("contents with the digest \(expected.prefix(64))", found) }
      return
    }
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      guard let numbers: Tensor<Float> = tensor.tensor() else { continue }
      if name.hasPrefix("second.") {
        // A sum of squares, which may have become infinite.
        guard let number = numbers.scalars.first(where: { !($0 >= 0) }) else { continue }
        throw refuse("numbers from 0 in \(quoted(name))", "\(number)")
      } else if let place = numbers.firstNotFinite() {
        throw NetworkFileError.notFinite(
          path: path, tensor: name, index: place, value: Double(numbers.scalars[place]))
      }
    }
  }
}
