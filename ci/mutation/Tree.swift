import Foundation

/// A private copy of the checkout in which hundreds of mutants are built in at once.
struct Tree {
  let root: String

  init(root: String) { self.root = root }

  /// What the copy adds: a module that knows which mutant is active.
  private static let manifest = """

    // What ci/mutants adds: every module of Sources can ask which mutant is active.
    for target in package.targets where [.regular, .executable].contains(target.type) && target.path == nil {
      target.dependencies.append("MutantSwitch")
    }
    package.targets += [
      .target(name: "MutantSwitch", path: "MutantSwitch"),
      .target(name: "MutationPlants", dependencies: ["MutantSwitch"]),
      .testTarget(name: "MutationPlantsTests", dependencies: ["MutationPlants"]),
    ]

    """

  /// The file that each module gets.
  private static let module = """
    internal import MutantSwitch

    /// True if this mutant is active.
    @usableFromInline func mutantIs(_ number: Int32) -> Bool { signet_mutant_is(number) }

    /// True while it is written down which places are reached, of which this is one.
    @usableFromInline @discardableResult func mutantReached(_ place: Int32) -> Bool { signet_mutant_reached(place) }

    """
  private static let moduleFile = "MutantSwitch.swift"

  // MARK: Files

  /// Makes the copy equal to the checkout but for `changed` and for the files `kept`, which stay as they are; equal files stay
  /// untouched, so that no more is built than necessary.
  func synchronize(_ changed: [String: String] = [:], keeping kept: Set<String> = []) throws {
    let files = FileManager.default
    try files.createDirectory(atPath: root, withIntermediateDirectories: true)
    let listing = try runProcess(
      ["git", "-c", "core.quotePath=off", "ls-files", "-co", "--exclude-standard"], in: files.currentDirectoryPath,
      limit: 60)
    guard listing.status == 0 else { throw Failure("git cannot list the checkout's files:\n\(listing.tail)") }
    var origins = Dictionary(uniqueKeysWithValues: listing.lines.filter { !$0.isEmpty }.map { ($0, $0) })
    origins.merge(Plants.files) { $1 }
    for path in ["MutantSwitch.c", "include/MutantSwitch.h"] {
      origins["MutantSwitch/\(path)"] = "ci/mutation/switch/\(path)"
    }
    var wanted: Set<String> = []
    for (path, origin) in origins {
      var isFolder: ObjCBool = false
      guard files.fileExists(atPath: origin, isDirectory: &isFolder), !isFolder.boolValue else { continue }
      guard let data = files.contents(atPath: origin) else { throw Failure("cannot read \(origin)") }
      wanted.insert(path)
      if kept.contains(path) { continue }
      let text = changed[path].map { Data($0.utf8) } ?? data
      try write(path == "Package.swift" ? text + Data(Self.manifest.utf8) : text, to: path)
      if files.isExecutableFile(atPath: origin) {
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(root)/\(path)")
      }
    }
    for module in try allModules() + ["MutationPlants"] {
      wanted.insert("Sources/\(module)/\(Self.moduleFile)")
      try write(Data(Self.module.utf8), to: "Sources/\(module)/\(Self.moduleFile)")
    }
    try removeFiles(but: wanted)
  }

  private func removeFiles(but wanted: Set<String>) throws {
    let files = FileManager.default
    for part in try files.contentsOfDirectory(atPath: root)
    where ![".build", ".swiftpm", "Package.resolved"].contains(part) {
      for path in (files.subpaths(atPath: "\(root)/\(part)") ?? []).map({ "\(part)/\($0)" })
      where !wanted.contains(path) {
        var isFolder: ObjCBool = false
        if files.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder), !isFolder.boolValue {
          try files.removeItem(atPath: "\(root)/\(path)")
        }
      }
    }
  }

  func write(_ data: Data, to path: String) throws {
    let target = "\(root)/\(path)"
    if FileManager.default.contents(atPath: target) == data { return }
    try FileManager.default.createDirectory(
      atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try data.write(to: URL(fileURLWithPath: target))
  }

  // MARK: Build

  /// The hash of the sources whose modules stand in the tree's build, with or without mutants.
  private var record: String { root + "/../built" }

  func recordBuild() throws {
    try fingerprint(ofFolders: ["Sources"]).write(toFile: record, atomically: true, encoding: .utf8)
  }

  /// Builds the tree without mutants, unless the modules of its last build have the interfaces of these sources.
  func prepareForChecks() throws {
    try synchronize()
    if (try? String(contentsOfFile: record, encoding: .utf8)) == fingerprint(ofFolders: ["Sources"]) {
      // The plan may be older than a part of the tree.
      let outcome = try runProcess(
        ["swift", "build"] + Self.options.filter { $0 != "--build-tests" } + ["--target", "MutationPlants"], in: root,
        limit: 3600)
      if outcome.status == 0 { return }
    }
    note("building the tree without mutants, which takes minutes")
    if let error = try build().first {
      throw Failure("the tree without mutants does not build: \(error.file):\(error.line): \(error.message)")
    }
    try recordBuild()
  }

  private static let options = ["-c", "release", "--build-tests", "--disable-xctest", "-debug-info-format", "none"]

  /// Builds everything with its tests; gives the compiler's errors, and throws if it stops without one.
  func build() throws -> [CompilerError] {
    let outcome = try runProcess(
      ["swift", "build"] + Self.options, in: root, limit: 7200)
    if outcome.status == 0 { return [] }
    let errors = CompilerError.read(outcome.text, root: root)
    if errors.isEmpty { throw Failure("the tree does not build, and the compiler says no error:\n\(outcome.tail)") }
    return errors
  }

  /// What the compiler says of a module, without a build: of types, and of what comes after them, such as that everything is
  /// initialized.
  func check(_ module: String) throws -> [CompilerError] {
    var arguments = try compilerArguments(of: module)
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
    let outcome = try runProcess(kept, in: root, limit: 3600)
    if outcome.status == 0 { return [] }
    let errors = CompilerError.read(outcome.text, root: root)
    if errors.isEmpty { throw Failure("the compiler stops at \(module), and says no error:\n\(outcome.tail)") }
    return errors
  }

  /// The compiler's arguments for a module, from the plan of the last build.
  private func compilerArguments(of module: String) throws -> [String] {
    let plan = try String(contentsOfFile: "\(root)/.build/release.yaml", encoding: .utf8)
    var isHere = false
    for line in plan.split(separator: "\n") {
      if line.hasPrefix("  \"") { isHere = line.hasPrefix("  \"C.\(module)-") && line.hasSuffix("-release.module\":") }
      if isHere, line.hasPrefix("    args: ") {
        return try JSONDecoder().decode([String].self, from: Data(line.dropFirst("    args: ".count).utf8))
      }
    }
    throw Failure("the build's plan has no module \(module)")
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
