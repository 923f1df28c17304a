import Foundation
import Testing

/// `Documentation/BitContract.md`, whose numbers the tests compute anew.
public struct ContractDocument: Sendable {
  private let lines: [String]

  /// The document of this checkout, from this file's place in it.
  public init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appending(path: "Documentation/BitContract.md")
    lines = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
  }

  /// The lines of the section whose heading begins with `## NUMBER.`, up to the next heading.
  public func section(_ number: Int) -> [String] {
    Array(lines.drop { !$0.hasPrefix("## \(number).") }.dropFirst().prefix { !$0.hasPrefix("## ") })
  }

  /// The cells of a section's table rows that begin with a cell in backticks.
  public func rows(ofSection number: Int) -> [[String]] {
    section(number).filter { $0.hasPrefix("| `") }.map { Self.cells(of: $0) }
  }

  /// The cells of a table's row, without the spaces around them.
  public static func cells(of row: String) -> [String] {
    row.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  /// A training of three steps: the options of its command, the network, and the digest of its parameters.
  public struct Training: Sendable, CustomTestStringConvertible {
    public let options: [String]
    public let network: String
    public let digest: String

    public var testDescription: String { "\(network): \(options.joined(separator: " "))" }
  }

  /// The trainings of section 16.
  public var trainings: [Training] {
    rows(ofSection: 16).filter { $0.count == 3 }.map { cells in
      func code(_ cell: String) -> String { cell.trimmingCharacters(in: CharacterSet(charactersIn: "`")) }
      return Training(
        options: code(cells[0]).split(separator: " ").map { String($0) }, network: cells[1], digest: code(cells[2]))
    }
  }
}
