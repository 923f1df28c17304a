import Testing

/// A wrong call or wrong data: one clear line on standard error, the right exit code, nothing on standard output.
struct FailingCall: CustomTestStringConvertible {
  let name: String
  let arguments: [String]
  let code: Int32
  /// What the line must name.
  let mentions: [String]
  var testDescription: String { name }

  /// Checks what the call came to.
  func check(_ outcome: SignetProgram.Outcome) {
    #expect(outcome.code == code, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 1, "\(outcome.errors)")
    for mention in mentions { #expect(outcome.errors.contains(mention), "\(mention) in: \(outcome.errors)") }
  }
}
