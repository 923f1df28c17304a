import Testing
import Verification

/// Expects that no field is outside its tolerance; fields that are outside are attached in full (`swift test
/// --attachments-path`).
package func expectPassed(_ result: CaseResult, sourceLocation: SourceLocation = #_sourceLocation) {
  for (index, field) in result.fields.enumerated() {
    guard let evidence = field.evidence else { continue }
    let name = result.name.map { $0.isLetter || $0.isNumber ? $0 : "-" }
    Attachment.record(
      "\(field.name)\n\(evidence)", named: "\(String(name))-\(index).tsv", sourceLocation: sourceLocation)
  }
  #expect(result.failures == [], sourceLocation: sourceLocation)
}
