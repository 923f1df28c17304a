import Foundation

/// A language of our sources.
enum Language: CaseIterable {
  case swift, c

  /// The language of a file that may have mutants, by its name.
  init?(path: String) {
    guard let language = Self.allCases.first(where: { $0.endings.contains { path.hasSuffix($0) } }) else { return nil }
    self = language
  }

  /// How the names of files end, those first that every module in the language has.
  private var endings: [String] {
    switch self {
    case .swift: [".swift"]
    case .c: [".c", ".inc", ".h"]
    }
  }

  /// The modules under Sources that have code in the language.
  func modules() throws -> [String] {
    let files = FileManager.default
    return try files.contentsOfDirectory(atPath: "Sources").filter { module in
      files.subpaths(atPath: "Sources/\(module)")?.contains { $0.hasSuffix(endings[0]) } ?? false
    }.sorted()
  }

  /// The condition under which a mutant is active.
  func isMutant(_ number: Int) -> String {
    switch self {
    case .swift: "mutantIs(\(number))"
    case .c: "signet_mutant_is(\(number))"
    }
  }

  /// What begins a copy of a body.
  var copy: String {
    switch self {
    case .swift: ""
    // Many functions of the kernels must be inlined; if they were in the copies as well, a text would multiply with each of its callers.
    case .c: "[[clang::noinline]] "
    }
  }

  /// What says that a place is reached.
  func isReached(_ place: Int) -> String {
    switch self {
    case .swift: "mutantReached(\(place))"
    case .c: "signet_mutant_reached(\(place))"
    }
  }
}
