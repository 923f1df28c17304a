import Testing

/// A wrong call or wrong data, and the exit code and the line that it comes to.
struct FailingCall: CustomTestStringConvertible {
  let name: String
  let arguments: [String]
  let code: Int32
  /// What the line must name.
  let mentions: [String]
  var testDescription: String { name }

  /// Makes the call, and checks what it came to.
  func check() throws { try SignetProgram.run(arguments).expectFailure(code, mentions) }
}

extension SignetProgram.Outcome {
  /// Checks for one clear line on standard error that mentions all of these, the right exit code, and nothing on standard output.
  func expectFailure(_ code: Int32, _ mentions: [String]) {
    #expect(self.code == code, "\(errors)")
    #expect(output.isEmpty)
    let lines = errors.split(separator: "\n")
    #expect(lines.count == 1, "\(errors)")
    for mention in mentions { #expect(errors.contains(mention), "\(mention) in: \(errors)") }
  }
}
