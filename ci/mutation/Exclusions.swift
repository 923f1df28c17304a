import Foundation

/// Files that are excluded as a whole, by a part of their path.
let excludedFiles: [(part: String, reason: String)] = [
  ("/Files/SystemError.swift", "the system's words"),
  ("/Tensors/Devices/", "other devices, which ci/device checks, with planted faults"),
  ("/Kernels/Device/", "other devices, as above"),
  ("/Kernels/DeviceText.c", "other devices, as above"),
  ("/Kernels/Coefficients.h", "tables that a script has made"),
  ("/Kernels/check/", "programs of their own, which ci/exhaustive and its like build"),
]

/// Code that is excluded: what `pattern` matches and, from its end on, what `extent` says.
struct Exclusion {
  enum Extent {
    case match
    /// Through the end of the line, including lines continued with a backslash.
    case line
    /// Through the bracket that closes the match's last letter.
    case brackets
    /// Up to a comma, or to a bracket that was opened before the match.
    case argument
  }
  let reason: String
  let pattern: String
  let extent: Extent

  init(_ reason: String, _ pattern: String, _ extent: Extent) {
    (self.reason, self.pattern, self.extent) = (reason, pattern, extent)
  }
}

/// The preprocessor's lines in C, and conditional compilation.
let preprocessor = Exclusion("the preprocessor, conditional compilation", #"^[ \t]*#"#, .line)

let exclusions = [
  preprocessor,
  Exclusion("imports", #"^\s*(?:public |package )?import "#, .line),
  Exclusion("attributes: specialization, inlining, availability", #"@\w+(?:\([^()]*\))?"#, .match),
  Exclusion("attributes", #"__attribute__\("#, .brackets),
  Exclusion("pragmas", #"_Pragma\("#, .brackets),
  Exclusion(
    "preconditions: they stop programmers' errors, which no test makes",
    #"\b(?:precondition|preconditionFailure|assert|assertionFailure|fatalError|_Static_assert)\("#, .brackets),
  Exclusion("errors' contents", #"\bthrow [^\n(;}]*\("#, .brackets),
  Exclusion(
    "error types and their wordings", #"\b(?:enum|struct|extension)\b[^{\n]*:[^{\n]*\bError\b[^{\n]*\{"#, .brackets),
  Exclusion("descriptions", #"\bvar (?:errorD|debugD|d)escription: String \{"#, .brackets),
  Exclusion("release of memory", #"\bdeinit \{"#, .brackets),
  Exclusion("release of memory", #"\bfree\("#, .brackets),
  Exclusion(
    "performance: prefetching, reservations",
    #"\b(?:__builtin_prefetch|reserveCapacity|PREFETCH|NAME\(fetch\))\("#, .brackets),
  Exclusion("performance: prefetching", #"^.*\b(?:ahead|next_step|next_bytes|terms_done)\b"#, .line),
  Exclusion("performance: prefetching", #"\bNAME\(next_panel\)\([^;{]*\{"#, .brackets),
  Exclusion("work to be timed", #"ceiling_work\w*\)?\([^;{]*\{"#, .brackets),
  Exclusion("performance: sizes of shares and of room", #"\b(?:grain|capacity|qos):"#, .argument),
  Exclusion(
    "performance: allocations", #"^.*\b(?:malloc|calloc|posix_memalign|signet_workspace|size_t bytes|allocate)\b"#,
    .line),
  Exclusion(
    "performance: constants so named",
    #"\b(?:let|var|enum|const \w+) [^=\n]*(?i:capacity|grain|prefetch|threads|blockSize|tileSize|strip)\w*[^=\n]*="#,
    .line),
  Exclusion("generic requirements", #"\bwhere [A-Z]\w*(?:\.\w+)* ?(?:==|:)[^{\n]*"#, .match),
  // Every copy takes the room of its arrays on the one stack.
  Exclusion("constants in C that are mostly lengths of arrays", #"^\s*enum \{[^}\n]*\}"#, .match),
  Exclusion(
    "lengths of C arrays",
    #"^\s*(?:static |const )*(?:struct )?(?!(?:return|case|else|EACH) )\w+ \*?\w+\[[^\]\n]*\](?:\[[^\]\n]*\])*"#
      + #"(?:, \*?\w+(?:\[[^\]\n]*\])+)*"#,
    .match),
]

extension Exclusion {
  func ranges(in code: String) -> [Range<Int>] {
    let letters = Array(code.utf16)
    return expression(pattern).matches(in: code).map { match in
      match.range.location..<end(from: match.range.location + match.range.length, in: letters)
    }
  }

  private func end(from start: Int, in letters: [UInt16]) -> Int {
    let opening = Set("([{".utf16), closing = Set(")]}".utf16)
    var (i, depth) = (start, extent == .brackets ? 1 : 0)
    switch extent {
    case .match: break
    case .line:
      while i < letters.count, letters[i] != 10 || letters[i - 1] == UInt16(UInt8(ascii: "\\")) { i += 1 }
    case .brackets:
      while i < letters.count, depth > 0 {
        depth += opening.contains(letters[i]) ? 1 : closing.contains(letters[i]) ? -1 : 0
        i += 1
      }
    case .argument:
      while i < letters.count {
        if depth == 0, closing.contains(letters[i]) || letters[i] == UInt16(UInt8(ascii: ",")) { break }
        depth += opening.contains(letters[i]) ? 1 : closing.contains(letters[i]) ? -1 : 0
        i += 1
      }
    }
    return i
  }
}
