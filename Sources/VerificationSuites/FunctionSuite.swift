import Golden
internal import Kernels
import Tensors
import Verification

/// Compares the elementary functions with mpmath and MPFR, to the bit.
package enum FunctionSuite {
  private struct File: Decodable {
    struct Case: Decodable {
      let x, y: String
    }
    let functions: [String: [Case]]
  }

  /// - Throws: `GoldenError`
  package static func cases(_ folder: GoldenFolder) throws -> [VerificationCase] {
    try cases("ops/functions-double.json", as: Double.self, folder)
      + cases("ops/functions-float-hard.json", as: Float.self, folder)
  }

  private static func cases<Scalar: TensorScalar>(
    _ name: String, as _: Scalar.Type, _ folder: GoldenFolder
  ) throws -> [VerificationCase] {
    let file = try File.decode(name, from: folder)
    guard !file.functions.isEmpty, file.functions.values.allSatisfy({ !$0.isEmpty }) else {
      throw GoldenError(folder.path(of: name), "functions with numbers", "none")
    }
    return try file.functions.sorted { $0.key < $1.key }.map { function, values in
      guard let known = ElementaryFunction(rawValue: function) else {
        throw GoldenError(folder.path(of: name), "a function that Signet has", function)
      }
      return VerificationCase("\(function), \(Scalar.self)") {
        let x: [Scalar] = try values.map { try number($0.x, in: name) }
        let y: [Scalar] = try values.map { try number($0.y, in: name) }
        let actual = Tensor([x.count], x).applying(known, on: .single)
        let row = try ToleranceTable.row("functions", Scalar.self)
        return [
          compare(
            "\(function) (Golden/\(name))", actual, expected: Tensor([y.count], y.map { Double($0) }), within: row)
        ]
      }
    }
  }

  /// The number of a hexadecimal bit pattern.
  private static func number<Scalar: TensorScalar>(_ text: String, in file: String) throws -> Scalar {
    guard text.hasPrefix("0x"), let bits = UInt64(text.dropFirst(2), radix: 16) else {
      throw GoldenError(file, "a bit pattern", text)
    }
    return Scalar.byteWidth == 4
      ? Scalar(Float(bitPattern: UInt32(truncatingIfNeeded: bits))) : Scalar(Double(bitPattern: bits))
  }
}
