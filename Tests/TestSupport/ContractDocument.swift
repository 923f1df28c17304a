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

  /// A training: the options of its command, its networks, and the digest of each one's parameters.
  public struct Training: Sendable, CustomTestStringConvertible {
    public let options: [String]
    public let networks: [String]
    public let digests: [String]

    public var testDescription: String { options.joined(separator: " ") }
  }

  /// The trainings of section 16.
  public var trainings: [Training] {
    rows(ofSection: 16).filter { $0.count == 3 }.map { cells in
      Training(
        options: Self.codes(in: cells[0]).flatMap { $0.split(separator: " ") }.map { String($0) },
        networks: cells[1].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) },
        digests: Self.codes(in: cells[2]))
    }
  }

  /// The parts of a text that are in backticks.
  public static func codes(in text: String) -> [String] {
    text.split(separator: "`", omittingEmptySubsequences: false).enumerated().compactMap { index, part in
      index % 2 == 1 ? String(part) : nil
    }
  }
}
