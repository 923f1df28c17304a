import Files
import Foundation
import Golden
import Tensors
import Verification

/// Computes each trace again with other thread counts, with every variant of the kernels that the processor supports, and on another device.
package enum ContractSuite {
  /// The environment variable that selects the variant of the kernels.
  private static let variable = "SIGNET_KERNELS"

  /// - Parameters:
  ///   - device: if it is not the processor, the traces are computed on it, and nowhere else.
  ///   - program: the path of `signet`, which is run again with other kernels.
  package static func cases(
    _ folder: GoldenFolder, on device: Device, program: String
  ) throws -> [VerificationCase] {
    if device.identity != nil { return TraceSuite.cases(folder, on: device) }
    // A variant that the processor does not support is refused at once; plain always works.
    let variants = try ["plain", "avx2", "avx512", "avx512vpopcntdq"].filter {
      try $0 == "plain" || run(program, ["--version"], $0).code == 0
    }
    return [1, 2, 3].flatMap { TraceSuite.cases(folder, on: Device.processor(threads: $0)) }
      + variants.map { variant in
        VerificationCase("all traces, \(variant) kernels") { [try traces(variant, program, folder)] }
      }
  }

  private static func traces(_ variant: String, _ program: String, _ folder: GoldenFolder) throws -> FieldResult {
    let what = "all traces, \(variant) kernels"
    func result(_ verdict: Verdict) -> FieldResult { FieldResult(what, operation: "trace, Float", verdict) }
    let (code, output) = try run(program, ["verify", "--suite", "traces", "--quiet"] + folder.arguments, variant)
    guard code != 0 else { return result(.bitExact) }
    let first = output.split(separator: "\n").first.map(String.init) ?? "exit code \(code)"
    return result(.outside(Deviation(kind: .bits, description: "\(what): \(first)")))
  }

  private static func run(_ program: String, _ arguments: [String], _ variant: String) throws -> (
    code: Int32, output: String
  ) {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging([variable: variant]) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.start(program)
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
