import Foundation

/// A way to change a line for the worse. To add a rule, add it to `rules`.
struct Rule: Sendable {
  enum Language { case both, swift, c }
  /// A match of `pattern` in a masked line becomes `template`, in which `$0` … `$9` are the pattern's groups.
  struct Edit: Sendable {
    let pattern: String
    let template: String
    var language = Language.both
    init(_ pattern: String, _ template: String, _ language: Language = .both) {
      (self.pattern, self.template, self.language) = (pattern, template, language)
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
private let operand =
  #"(?>[A-Za-z_$]\w*"# + suffix + #"*(?:(?:\.|->)\w+"# + suffix
  + #"*)*|\d(?:[\w]|\.(?=\d))*|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))"#
/// The places where an operand begins, and where an operand has ended.
private let begins = #"(?<![\w.$)\]])(?<!->)"#, ended = #"(?<=[\w)\]])"#
private let plainName = #"-?[A-Za-z_$]\w*(?:\.\w+)?(?:\[[^\[\]]*\])?"#

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
    Rule.Edit(#"(?<!let |var |let \()\b"# + from + #"\b(?!:|\()"#, to)
  }
  return [edit(a, b), edit(b, a)]
}

let rules: [Rule] = [
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
      .init(ended + " [-+*/] " + operand + #"(?! ?[\[(.])"#, "", .both),
      .init(begins + operand + #" [+*] (?=[\w($])"#, ""),
      .init(begins + operand + #" - (?=[\w($])"#, "-"),
      .init(#"\bMULTIPLY_ADD\(("# + operand + "), (" + operand + "), (" + operand + #")\)"#, "(($1) * ($2))", .c),
    ]),
  Rule(
    name: "bound", what: "a bound or an index shifted by one",
    edits: [
      .init(#"\.\.<("# + operand + ")", "..<($1 - 1)", .swift),
      .init(begins + "(?!0)(" + operand + #")\.\.<"#, "($1 + 1)..<", .swift),
      .init(#"(?<=[\w\])])\[([^\[\]:_]+)\]"#, "[$1 + 1]"),
    ]),
  Rule(
    name: "order", what: "two operands or arguments swapped",
    edits: [
      .init(begins + "(" + operand + ") ([-/%]) (" + operand + ")", "$3 $2 $1"),
      .init(#"\? ("# + plainName + "|[-.0-9]+) : (" + plainName + "|[-.0-9]+)", "? $2 : $1"),
      .init(
        #"(?<!plus|times|sum|product|min|max|minimum|maximum|MULTIPLY_ADD)\(("# + plainName + "), (" + plainName
          + #")(?=[,)])"#, "($2, $1"),
    ]),
  Rule(
    name: "comparison", what: "< ↔ <=, > ↔ >=, == ↔ !=",
    edits: exchange("<", "<=") + exchange(">", ">=") + exchange("==", "!=")),
  Rule(
    name: "condition", what: "a condition negated, && ↔ ||",
    edits: exchange("&&", "||") + [
      .init(#"\bif (?!let |var |case )([^{},=!]+(?:[=!<>]=)?[^{},=]*) \{"#, "if !($1) {", .swift),
      .init(#"\bguard (?!let |var |case )([^{},=!]+(?:[=!<>]=)?[^{},=]*) else\b"#, "guard !($1) else", .swift),
      .init(#"\bwhere ([^{},]+) \{"#, "where !($1) {", .swift),
      .init(#"\bif \(((?:[^()]|\((?:[^()]|\([^()]*\))*\))+)\) "#, "if (!($1)) ", .c),
    ]),
  Rule(
    name: "bits", what: "& ↔ |, << ↔ >>", edits: exchange("&", "|") + exchange("<<", ">>")),
  Rule(
    name: "statement", what: "an assignment or accumulation removed", wholeStatement: true,
    edits: [
      .init(
        #"^(\s*)(?!(?:let|var|return|case|if|guard|for|while|static|public|private|package|fileprivate|typealias)\b|self\.)"#
          + #"[\w(][\w.\[\]()+*, $]*? (?:[-+*/|&^]|<<|>>)?= [^={}][^{}]*$"#, "$1", .swift),
      .init(#"^(\s*)[\w.\[\]$]+\.(?:append|update|moveTowards|record|clip|swapAt)\(.*\)\s*$"#, "$1", .swift),
      .init(#"^(\s*)[*(]*[\w.\[\]]+(?:->[\w.\[\]]+)*\)? (?:[-+*/|&^]|<<|>>)?= [^={}][^{}]*;\s*$"#, "$1", .c),
      .init(#"^(\s*)\w+(?:\+\+|--);\s*$"#, "$1", .c),
    ]),
  Rule(
    name: "body", what: "the assignment in a one-line block or loop removed",
    edits: [
      .init(#"(?<=\{ )[\w.\[\]$]+(?:\[[^\]]*\])? [-+*/]?= [^={};][^{};]*(?= \})"#, "", .swift),
      .init(#"(?<=\) )\w+\[[^=;]*\] [-+*/]?= [^={}][^{}]*;\s*$"#, ";", .c),
    ]),
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
      .init(#"\bmagnitude\("#, "(", .c), .init(#"(?<=[\w)])\.sum\b(?!\()"#, ".sum * 2"),
    ]),
]

extension Rule.Edit {
  /// The changed line for each place where the rule applies.
  func lines(of line: String, masked: String) -> [String] {
    let original = line as NSString
    return expression(pattern).matches(in: masked).filter { $0.range.length > 0 }.map { match in
      var text = ""
      var template = template[...]
      while let letter = template.popFirst() {
        if letter == "$", let digit = template.first?.wholeNumberValue {
          template.removeFirst()
          text += original.substring(with: match.range(at: digit))
        } else {
          text.append(letter)
        }
      }
      return original.replacingCharacters(in: match.range, with: text)
    }
  }
}
