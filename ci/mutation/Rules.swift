import Foundation

/// A way to change a line for the worse. To add a rule, add it to `rules`.
struct Rule: Sendable {
  /// A match of `pattern` in a masked line becomes `template`, in which `$0` … `$9` are the pattern's groups.
  struct Edit: Sendable {
    let pattern: String
    let template: String
    /// True if the pattern is looked for in the contents of strings.
    var inStrings = false
    /// A word without which the pattern matches nothing.
    var word: String?
    /// The language in which the edit makes sense, or nil for all.
    var language: Language?
    init(_ pattern: String, _ template: String, inStrings: Bool = false, word: String? = nil) {
      (self.pattern, self.template, self.inStrings, self.word) = (pattern, template, inStrings, word)
    }
  }
  let name: String
  let what: String
  /// True if an edit removes a statement, which must then take up the whole line.
  var wholeStatement = false
  let edits: [Edit]
}

private let suffix = #"(?:\[[^\[\]]*\]|\((?:[^()]|\([^()]*\))*\))"#
/// A name with members, indices and calls, a number, or something in parentheses.
let operand =
  #"(?>[A-Za-z_$]\w*"# + suffix + #"*(?:(?:\.|->)\w+"# + suffix
  + #"*)*|\d(?:[\w]|\.(?=\d))*|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))"#
/// The places where an operand begins, and where an operand has ended.
let begins = #"(?<![\w.$)\]])(?<!->)"#, ended = #"(?<=[\w)\]])"#
let plainName = #"-?[A-Za-z_$]\w*(?:\.\w+)?(?:\[[^\[\]]*\])?"#

/// An exchange in both directions.
private func exchange(_ a: String, _ b: String) -> [Rule.Edit] {
  func edit(_ from: String, _ to: String) -> Rule.Edit {
    Rule.Edit(ended + " " + NSRegularExpression.escapedPattern(for: from) + #" (?=[\w(.$!~*-])"#, " \(to) ")
  }
  return [edit(a, b), edit(b, a)]
}

/// Exchanges of names for the same kind of thing, except as argument labels.
private func names(_ a: String, _ b: String) -> [Rule.Edit] {
  func edit(_ from: String, _ to: String) -> Rule.Edit {
    Rule.Edit(#"(?<!let |var |let \()\b"# + from + #"\b(?!:|\()"#, to, word: from)
  }
  return [edit(a, b), edit(b, a)]
}

/// Edits that make sense in one language.
func only(_ language: Language, _ edits: [Rule.Edit]) -> [Rule.Edit] {
  edits.map { edit in
    var edit = edit
    edit.language = language
    return edit
  }
}

/// What may stand between parentheses in C.
let nested = #"((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*)"#
/// In C, what may stand in front of a statement in its line, and what is assigned to.
let head = #"(?:(?:UNROLLED )?for \("# + nested + #"\) |EACH |(?:else )?if \("# + nested + #"\) |else )*"#
private let target = #"[*\w(]\S*(?: [-+*/%] \S+| \*\)\S*)* "#

/// All rules, of which the drawing takes equally many where it can.
let rules = mechanicalRules + semanticRules

/// Slips of the hand.
private let mechanicalRules: [Rule] = [
  Rule(
    name: "sign", what: "+ ↔ −, a minus dropped",
    edits: exchange("+", "-") + exchange("+=", "-=") + exchange("&+", "&-") + [.init(#"(?<=[(,=?:] ?)-(?=[\w(])"#, "")]),
  Rule(name: "factor", what: "* ↔ /", edits: exchange("*", "/") + exchange("*=", "/=")),
  Rule(
    name: "constant", what: "another literal",
    edits: [
      .init(#"(?<![\w.$])0(?!\w|\.\d)"#, "1"), .init(#"(?<![\w.$])1(?![\w.])"#, "2"),
      .init(#"(?<![\w.$])2(?![\w.])"#, "3"), .init(#"(?<![\w.$])(?<![ep]-)(?:[3-9]|[1-9]\d+)(?![\w.])"#, "($0 + 1)"),
      .init(#"(?<![\w.$])0\.5(?![\w.])"#, "0.25"),
      .init(#"(?<![\w.$])(?!0\.0+\b|0\.5\b)\d+\.\d+(?![\w.])"#, "(0.5 * $0)"),
      .init(#"(?<![\w.$])\d+(?:\.\d+)?e-?\d+"#, "(100 * $0)"),
      .init(#"(?<![\w.$])0x[0-9a-f.]+p[-+]?\d+"#, "(2 * $0)"),
      .init(#"\btrue\b"#, "false"), .init(#"\bfalse\b"#, "true"),
    ]),
  Rule(
    name: "n-1", what: "n for n − 1, and back",
    edits: [
      .init(ended + #" [-+] 1(?![\w.])"#, ""), .init(#"\bScalar\((\w+)\)"#, "Scalar($1 - 1)"),
      .init(#"(?<=/ )(n|count|rows|columns)\b"#, "($1 - 1)"),
    ]),
  Rule(
    name: "term", what: "a term or a factor dropped",
    edits: [
      .init(ended + " [-+*/] " + operand + #"(?! ?[\[(.])"#, ""),
      .init(begins + operand + #" [+*] (?=[\w($])"#, ""),
      .init(begins + operand + #" - (?=[\w($])"#, "-"),
    ]),
  Rule(
    name: "bound", what: "a bound or an index shifted by one",
    edits: [
      .init(#"\.\.<("# + operand + ")", "..<($1 - 1)"),
      .init(begins + "(?!0)(" + operand + #")\.\.<"#, "($1 + 1)..<"),
      .init(#"(?<=[\w\])])\[([^\[\]:_]+)\]"#, "[$1 + 1]"),
    ]),
  Rule(
    name: "order", what: "two operands or arguments swapped",
    edits: [
      .init(begins + "(" + operand + ") ([-/%]) (" + operand + ")", "$3 $2 $1"),
      .init(#"\? ("# + plainName + "|[-.0-9]+) : (" + plainName + "|[-.0-9]+)", "? $2 : $1"),
      .init(
        #"(?<!plus|times|sum|product|min|max|minimum|maximum)\(("# + plainName + "), (" + plainName
          + #")(?=[,)])"#, "($2, $1"),
    ] + only(.c, [.init("(?<=, )(" + plainName + "), (" + plainName + ")(?=[,)])", "$2, $1")])),
  Rule(
    name: "comparison", what: "< ↔ <=, > ↔ >=, == ↔ !=",
    edits: exchange("<", "<=") + exchange(">", ">=") + exchange("==", "!=")),
  Rule(
    name: "condition", what: "a condition negated, && ↔ ||",
    edits: exchange("&&", "||")
      + only(.c, [.init(#"\b(if|while) \("# + nested + #"\)"#, "$1 (!($2))")])
      + only(
        .swift,
        [
          .init(#"\bif (?!let |var |case )([^{},=!]+(?:[=!<>]=)?[^{},=]*) \{"#, "if !($1) {"),
          .init(#"\bguard (?!let |var |case )([^{},=!]+(?:[=!<>]=)?[^{},=]*) else\b"#, "guard !($1) else"),
          .init(#"\bwhere ([^{},]+) \{"#, "where !($1) {"),
        ])),
  Rule(
    name: "bits", what: "& ↔ |, << ↔ >>",
    edits: exchange("&", "|") + exchange("<<", ">>") + only(.c, [exchange("^", "|")[0]])),
  Rule(
    name: "statement", what: "an assignment or accumulation removed", wholeStatement: true,
    edits: only(
      .c,
      [
        .init("^(\\s*" + head + ")" + target + #"(?:[-+*/|&^]|<<|>>)?= [^={}][^{}]*;\s*$"#, "$1;")
      ])
      + only(
        .swift,
        [
          .init(
            #"^(\s*)(?!(?:let|var|return|case|if|guard|for|while|static|public|private|package|fileprivate|typealias)\b)"#
              + #"[\w(][\w.\[\]()+*, $]*? (?:[-+*/|&^]|<<|>>)?= [^={}][^{}]*$"#, "$1"),
          .init(#"^(\s*)[\w.\[\]$]+\.(?:append|update|moveTowards|record|clip|swapAt)\(.*\)\s*$"#, "$1"),
        ])),
  Rule(
    name: "body", what: "the assignment in a one-line block or loop removed",
    edits: only(
      .c,
      [
        .init(#"(?<=\{ )(?:EACH )?"# + target + #"[-+*/|&^]?= [^={};][^{};]*;(?= \})"#, "")
      ])
      + only(
        .swift,
        [
          .init(#"(?<=\{ )[\w.\[\]$]+(?:\[[^\]]*\])? [-+*/]?= [^={};][^{};]*(?= \})"#, "")
        ])),
  Rule(
    name: "name", what: "mean ↔ variance and other pairs",
    edits: names("mean", "variance") + names("dMean", "dVariance") + names("d_mean", "d_variance")
      + names("scale", "shift")
      + names("rows", "columns") + names("height", "width") + names("high", "low") + names("epoch", "step")
      + names("top", "bottom")),
  Rule(
    name: "function", what: "another function",
    edits: [
      .init(#"\bmin\("#, "max("), .init(#"\bmax\("#, "min("), .init(#"\.squareRoot\(\)"#, ""), .init(#"\babs\("#, "("),
      .init(#"\.magnitude\b"#, ""), .init(#"\.cospi\b"#, ".sinpi"), .init(#"\.sinpi\b"#, ".cospi"),
      .init(#"(?<=[\w)])\.sum\b(?!\()"#, ".sum * 2"),
    ]
      + only(
        .c,
        [
          .init(#"\bsignet_minimum\("#, "signet_maximum("), .init(#"\bsignet_maximum\("#, "signet_minimum("),
          .init(#"\b(?:ABS|SQRT|magnitude|lowered|pair_negated)\("#, "("),
          .init(#"\bAPPLY\(cospi\b"#, "APPLY(sinpi"), .init(#"\bAPPLY\(sinpi\b"#, "APPLY(cospi"),
        ])),
]
