import Tensors
import Testing

/// A device or a compiler that computes something else.
struct DeviceFault: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// What is replaced in the text by what.
  var replaced: (old: String, new: String)?
  /// Other options of OpenCL's compiler.
  var options = ""

  static let all = [
    DeviceFault(testDescription: "contraction on", replaced: ("FP_CONTRACT OFF", "FP_CONTRACT ON")),
    DeviceFault(
      testDescription: "products not fused",
      replaced: (
        "FMA(of_a[i], of_b[j], sum[i][j])",
        "of_a[i] * of_b[j] + sum[i][j]"
      )),
    DeviceFault(
      testDescription: "order within a tile reversed",
      replaced: ("for (uint32_t t = 0; t < TERMS; t++)", "for (uint32_t t = TERMS; t-- > 0;)")),
    DeviceFault(testDescription: "padding terms +0 · +0", replaced: ("-0.0f", "0.0f")),
    DeviceFault(testDescription: "denormals flushed", options: " -cl-denorms-are-zero"),
    DeviceFault(testDescription: "fast relaxed math", options: " -cl-fast-relaxed-math"),
    DeviceFault(
      testDescription: "no accurate path",
      replaced: ("low == (float)upper_end(lower) ? low : name##_accurate(x[i])", "low")),
    DeviceFault(
      testDescription: "a sum's first part dropped",
      replaced: ("sums[k] = tree->sums[top][k] + sums[k];", "sums[k] = sums[k];")),
    DeviceFault(testDescription: "a multiplier of Philox", replaced: ("0xd2511f53", "0xd2511f55")),
    DeviceFault(testDescription: "a convolution's padding", replaced: ("line - padding)", "line + 1 - padding)")),
  ]
}

@Suite("The self-test refuses a device that computes other bits", .serialized, .enabled(if: testedDevice == "opencl"))
struct DeviceFaultTests {
  @Test("each fault is caught", arguments: DeviceFault.all)
  func fault(fault: DeviceFault) {
    var text = DeviceText()
    if let (old, new) = fault.replaced { text = text.replacing(old, new) }
    let error = #expect(throws: DeviceError.self) {
      try Device.openCL(0, threads: 1, text: text, options: Device.openCLOptions + fault.options)
    }
    guard case .differs = error else {
      Issue.record("expected a difference, found \(error.map { "\($0)" } ?? "none")")
      return
    }
  }

  @Test("one wrong result among all floats, which the self-test does not see, is found")
  func exhaustive() throws {
    // 0x1.23456p-129, whose bits are 0x123456.
    let text = DeviceText().replacing(
      "y[ELEMENT] = value;", "y[ELEMENT] = x[ELEMENT] == 0x1.23456p-129f ? 7.0f : value;")
    let device = try Device.openCL(0, threads: 2, text: text)
    let error = #expect(throws: DeviceError.self) { try device.compareFunctionsExhaustively { _ in } }
    #expect(
      error
        == .differs(
          device: "opencl:0", test: "exp of all floats", index: 0x123456, expected: "1.0 (0x3f800000)",
          found: "7.0 (0x40e00000)"))
  }

  @Test("a text that does not compile is an error with the compiler's words")
  func compilation() {
    let error = #expect(throws: DeviceError.self) {
      try Device.openCL(0, threads: 1, text: DeviceText().replacing("KERNEL clip(", "KERNEL clip(wrong "))
    }
    guard case .compilation(_, let log) = error, !log.isEmpty else {
      Issue.record("expected a refusal by the compiler, found \(error.map { "\($0)" } ?? "none")")
      return
    }
  }
}
