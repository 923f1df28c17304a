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

  /// The file that each module in Swift gets.
  private static let module = """
    internal import MutantSwitch

    /// True if this mutant is active.
    @usableFromInline func mutantIs(_ number: Int32) -> Bool { signet_mutant_is(number) }

    /// True while it is written down which places are reached, of which this is one.
    @usableFromInline @discardableResult func mutantReached(_ place: Int32) -> Bool { signet_mutant_reached(place) }

    """
  static let moduleFile = "MutantSwitch.swift"

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
    // Other devices compile the text of kernels as it was.
    for path in origins.keys where path.hasPrefix("Sources/Kernels/") { origins["\(Self.originals)/\(path)"] = path }
    var wanted: Set<String> = []
    for (path, origin) in origins {
      var isFolder: ObjCBool = false
      guard files.fileExists(atPath: origin, isDirectory: &isFolder), !isFolder.boolValue else { continue }
      guard let data = files.contents(atPath: origin) else { throw Failure("cannot read \(origin)") }
      wanted.insert(path)
      if kept.contains(path) { continue }
      var text = changed[path].map { Data($0.utf8) } ?? data
      if path == "Package.swift" { text += Data(Self.manifest.utf8) }
      if path == "Sources/Kernels/DeviceText.c" { text = Self.embeddingOriginals(text) }
      try write(text, to: path)
      if files.isExecutableFile(atPath: origin) {
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(root)/\(path)")
      }
    }
    for module in try Language.swift.modules() + ["MutationPlants"] {
      wanted.insert("Sources/\(module)/\(Self.moduleFile)")
      try write(Data(Self.module.utf8), to: "Sources/\(module)/\(Self.moduleFile)")
    }
    try removeFiles(but: wanted)
  }

  /// The folder of files as they were.
  private static let originals = "Originals"

  /// DeviceText.c, with the files of its own module embedded as they were.
  private static func embeddingOriginals(_ text: Data) -> Data {
    Data(
      String(decoding: text, as: UTF8.self).replacing(/#embed "(?!\.)/) { _ in
        "#embed \"../../\(originals)/Sources/Kernels/"
      }.utf8)
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
}
