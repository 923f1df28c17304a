import Foundation

/// Pairs of words for things of one kind that stand side by side; a name that contains one becomes the name with the other.
private let pairs = [
  ("validation", "test"), ("train", "validation"), ("training", "validation"), ("mean", "variance"), ("epoch", "step"),
  ("first", "last"),
  ("lower", "upper"), ("minimum", "maximum"), ("start", "end"), ("before", "after"), ("expected", "actual"),
  ("input", "output"),
  ("real", "discrete"), ("left", "right"), ("old", "new"), ("source", "target"), ("previous", "next"),
  ("prefix", "suffix"),
  ("positive", "negative"), ("added", "removed"), ("best", "last"), ("loss", "error"), ("images", "labels"),
  ("weights", "biases"),
]

private func other(_ a: String, _ b: String) -> [Rule.Edit] {
  func edit(_ from: String, _ to: String) -> Rule.Edit {
    let start = from.first?.isUppercase == true ? #"\b(\w*)"# : #"\b(\w*(?<![a-z]))"#
    return Rule.Edit(
      #"(?<!let |var |func |case )"# + start + from + #"((?![a-z])\w*)\b(?!\w*:)"#, "$1\(to)$2", word: from)
  }
  return [edit(a, b), edit(b, a), edit(a.capitalized, b.capitalized), edit(b.capitalized, a.capitalized)]
}

/// What a part of a condition may be.
private let condition = #"[^&|,{}()]*(?:\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)[^&|,{}()]*)*"#

/// Slips of the mind. Scope.swift has those that need to know the types in scope.
let semanticRules: [Rule] = [
  Rule(
    name: "argument", what: "the values of two labelled arguments swapped",
    edits: [
      .init(
        #"(?<=[(,] ?)(\w+: )("# + plainName + #"), (\w+: )("# + plainName + #")(?=[,)])"#, "$1$4, $3$2"),
      .init(#"(?<=[(,] ?)("# + plainName + #"), (\w+: )("# + plainName + #")(?=[,)])"#, "$3, $2$1"),
    ]),
  Rule(
    name: "pair", what: "validation ↔ test, epoch ↔ step and other pairs, as parts of names",
    edits: pairs.flatMap(other)),
  Rule(
    name: "ignored", what: "an option, an argument or a value that may be missing is ignored",
    edits: [
      .init(begins + operand + #" \?\? "#, ""),
      .init(#"\bif ((?:let|var|case) [^{}]+) \{"#, "if $1, false {"),
      .init(#", \w+: "# + operand + #"(?=[,)])"#, ""),
      .init(#"(?<=\()\w+: "# + operand + #"(?:, |(?=\)))"#, ""),
      .init(#"\.map \{[^{}]*\}"#, ""), .init(#"\.filter \{[^{}]*\}"#, ""),
    ]),
  Rule(
    name: "state", what: "a state is not changed or not restored", wholeStatement: true,
    edits: only(
      .c,
      [
        .init("^(\\s*" + head + #")(?!(?:return|BLOCK)\b)\w[\w.>-]*\(.*\);\s*$"#, "$1;")
      ])
      + only(
        .swift,
        [
          .init(
            #"^(\s*)(?:try )?(?!(?:return|throw|case|if|guard|for|while|init|func|super|defer)\b)[\w.\[\]!?]+\(.*\)\s*$"#,
            "$1"),
          .init(#"^(\s*)defer \{[^{}]*\}\s*$"#, "$1"),
          .init(#"^(\s*)_ = .*$"#, "$1"),
        ])),
  Rule(
    name: "skipped", what: "a comparison is skipped",
    edits: [
      .init(#" (?:&&|\|\|) "# + condition + #"(?= (?:&&|\|\||\{|else\b)|[,)]|$)"#, ""),
      .init(#"(?<=\b(?:if|guard|while|return|where) )"# + condition + #" (?:&&|\|\|) "#, ""),
    ]
      + only(
        .c,
        [
          .init(#"(?<=\b(?:if|while) \()"# + condition + #" (?:&&|\|\|) "#, ""),
          .init(#" (?:&&|\|\|) [^&|,{}();]*(?:\("# + nested + #"\)[^&|,{}();]*)*(?=;)"#, ""),
          .init(#"\bif \("# + nested + #"\)"#, "if (0)"),
        ])
      + only(
        .swift,
        [
          .init(#"(?<=\b(?:if|guard) )(.*), "# + condition + #"(?= (?:else\b|\{))"#, "$1"),
          .init(#"\bif (?!let |var |case )[^{}]+ \{"#, "if false {"),
          .init(#"\bguard (?!let |var |case )[^{}]+ else\b"#, "guard true else"),
          .init(#" where [^{},]+(?= \{)"#, ""),
        ]) + [
        .init(#"(?<=[\w)] )\? ("# + plainName + #"|[-.0-9]+) : (?:"# + plainName + "|[-.0-9]+)", "? $1 : $1")
      ]),
  Rule(
    name: "sequence", what: "an element left out, another order",
    edits: [
      .init(#"\bfor (\S+|\([^()]*\)) in ([^{}]+?)(?= (?:where|\{))"#, "for $1 in ($2).dropFirst()"),
      .init(#"\bfor (\S+|\([^()]*\)) in ([^{}]+?)(?= (?:where|\{))"#, "for $1 in ($2).dropLast()"),
      .init(#"\.first\b(?![(:])"#, ".last"), .init(#"\.last\b(?![(:])"#, ".first"),
      .init(#"\.prefix\("#, ".suffix("), .init(#"\.suffix\("#, ".prefix("),
      .init(#"\.dropFirst\((\w*)\)"#, ""), .init(#"\.dropLast\((\w*)\)"#, ""),
      .init(#"\.sorted\(\)"#, ""), .init(#"\.reversed\(\)"#, ""), .init(#"\.sorted \{[^{}]*\}"#, ""),
      .init(#"\.allSatisfy\b"#, ".contains"), .init(#"\.contains(?= \{|\(where)"#, ".allSatisfy"),
      .init(begins + #"("# + operand + #")\.isEmpty\b"#, "!$1.isEmpty"),
      .init(#"\.hasPrefix\("#, ".hasSuffix("), .init(#"\.hasSuffix\("#, ".hasPrefix("),
      .init(#"\.lowercased\(\)"#, ""), .init(#"\.min\(\)"#, ".max()"), .init(#"\.max\(\)"#, ".min()"),
    ]),
  Rule(
    name: "unit", what: "a unit dropped or another one",
    edits: [
      .init(
        #" ?(?:%|\b(?:ms|µs|s|min|h|MB|GB|KB|kB|MiB|GiB|KiB|bytes|images|samples|epochs|steps|ulps)\b)"#, "",
        inStrings: true),
      .init(#"\b\.milliseconds\b"#, ".seconds"), .init(#"\.seconds\b"#, ".milliseconds"),
      .init(#"\b1000\b"#, "1024"), .init(#"\b1024\b"#, "1000"), .init(#" [*/] 100\b"#, ""),
    ]),
]
