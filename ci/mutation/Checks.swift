import Foundation

extension Tree {
  /// What the compiler says of a module, without a build: of types, and of what comes after them, such as that everything is
  /// initialized.
  func check(_ module: String) throws -> [CompilerError] {
    if try Language.c.modules().contains(module) { return try checkC(module) }
    var arguments =
      try compilerArguments { $0.hasPrefix("C.\(module)-") && $0.hasSuffix("-release.module") }.first ?? []
    let flags: Set = [
      "-c", "-emit-module", "-emit-dependencies", "-serialize-diagnostics", "-parseable-output", "-emit-objc-header",
      "-O", "-g", "-enable-testing", "-incremental",
    ]
    let pairs: Set = [
      "-emit-module-path", "-output-file-map", "-emit-objc-header-path", "-index-store-path", "-num-threads",
    ]
    var kept: [String] = []
    while !arguments.isEmpty {
      let argument = arguments.removeFirst()
      if pairs.contains(argument) {
        arguments.removeFirst()
      } else if argument.hasPrefix("@") {
        let list = try String(contentsOfFile: String(argument.dropFirst()), encoding: .utf8)
        let extra = "\(root)/Sources/\(module)/\(Self.moduleFile)"
        kept += Set(list.split(separator: "\n").map { $0.replacingOccurrences(of: "'", with: "") } + [extra]).sorted()
      } else if !flags.contains(argument), !argument.hasPrefix("-j") {
        kept.append(argument)
      }
    }
    kept += ["-emit-sil", "-Onone", "-o", "/dev/null"]
    kept += [
      "-I", "\(root)/MutantSwitch/include", "-Xcc",
      "-fmodule-map-file=\(root)/.build/release/MutantSwitch.build/module.modulemap",
    ]
    return try errors(of: kept)
  }

  /// What the compiler says of a module's files in C; a text that several of them include has its errors once.
  private func checkC(_ module: String) throws -> [CompilerError] {
    let commands = try compilerArguments { $0.contains("/\(module).build/") && $0.hasSuffix(".c.o") }
    return try commands.flatMap { try errors(of: $0 + ["-fsyntax-only", "-w", "-ferror-limit=0"]) }
  }

  /// What the compiler says when it is called so.
  private func errors(of command: [String]) throws -> [CompilerError] {
    let outcome = try runProcess(command, in: root, limit: 3600)
    if outcome.status == 0 { return [] }
    let errors = CompilerError.read(outcome.text, root: root)
    if errors.isEmpty { throw Failure("the compiler stops, and says no error:\n\(outcome.tail)") }
    return errors
  }

  /// The compiler's arguments for what the plan of the last build makes under such names.
  private func compilerArguments(_ isWanted: (Substring) -> Bool) throws -> [[String]] {
    let plan = try String(contentsOfFile: "\(root)/.build/release.yaml", encoding: .utf8)
    var isHere = false
    var commands: [[String]] = []
    for line in plan.split(separator: "\n") {
      if line.hasPrefix("  \""), line.hasSuffix("\":") { isHere = isWanted(line.dropFirst(3).dropLast(2)) }
      if isHere, line.hasPrefix("    args: ") {
        commands.append(try JSONDecoder().decode([String].self, from: Data(line.dropFirst("    args: ".count).utf8)))
      }
    }
    if commands.isEmpty { throw Failure("the build's plan has no such module") }
    return commands
  }
}

/// A line of the compiler's that names a place in the tree.
struct CompilerError: Hashable {
  let file: String
  let line: Int
  let message: String

  static func read(_ text: String, root: String) -> [CompilerError] {
    let errors = text.split(separator: "\n").compactMap { line -> CompilerError? in
      guard let match = line.prefixMatch(of: /(\/[^:]+):(\d+):\d+: error: (.*)/), let number = Int(match.2),
        match.1.hasPrefix(root + "/")
      else { return nil }
      return CompilerError(file: String(match.1.dropFirst(root.count + 1)), line: number, message: String(match.3))
    }
    var seen: Set<CompilerError> = []
    return errors.filter { seen.insert($0).inserted }
  }
}
