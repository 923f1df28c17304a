import Foundation

/// A private copy of the checkout, in which one mutant at a time is built and tested.
struct Tree {
  let root: String
  private var log: String { root + "/../log" }

  /// The parts to copy; the manifest is then cut down.
  private static let parts = ["Package.swift", "Sources", "Tests", "Fixtures", "Golden"]
  /// Removes targets that no kernel, layer or network depends on, and all targets that depend on these.
  private static let cut = """

    var leftOut: Set = ["SignetCommand", "Nightly", "Fetching", "FixtureGeneratorTests", "DatasetsTests"]
    for _ in package.targets {
      for target in package.targets {
        for case .byNameItem(let name, _) in target.dependencies where leftOut.contains(name) { leftOut.insert(target.name) }
      }
    }
    package.targets.removeAll { leftOut.contains($0.name) }
    // Training is not optimized: the 6.3 compiler stops at it (a private class in a generic type, without whole modules).
    for target in package.targets where target.type != .system && target.name != "Training" {
      target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-O"])]
    }
    package.products = []
    package.dependencies.removeAll {
      if case .sourceControl(_, let location, _) = $0.kind { location.contains("argument-parser") } else { false }
    }

    """

  /// Makes the copy equal to the checkout; equal files stay untouched, so that no more is built than necessary.
  func synchronize() throws {
    let files = FileManager.default
    try files.createDirectory(atPath: root, withIntermediateDirectories: true)
    var wanted: Set<String> = []
    for part in Self.parts {
      let paths = files.subpaths(atPath: part).map { $0.map { "\(part)/\($0)" } } ?? []
      for path in paths.isEmpty ? [part] : paths {
        var isFolder: ObjCBool = false
        guard files.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue,
          let data = files.contents(atPath: path)
        else { continue }
        wanted.insert(path)
        try write(path == "Package.swift" ? data + Data(Self.cut.utf8) : data, to: path)
      }
    }
    for part in Self.parts {
      for path in (files.subpaths(atPath: "\(root)/\(part)") ?? []).map({ "\(part)/\($0)" })
      where !wanted.contains(path) {
        var isFolder: ObjCBool = false
        if files.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder), !isFolder.boolValue {
          try files.removeItem(atPath: "\(root)/\(path)")
        }
      }
    }
  }

  /// A hash of the tests and of all that they read.
  func testsHash() throws -> String {
    var hash = ""
    for part in ["Tests", "Golden/ops", "Golden/sign", "Golden/traces"] {
      for path in (FileManager.default.subpaths(atPath: "\(root)/\(part)") ?? []).sorted() {
        if let text = try? String(contentsOfFile: "\(root)/\(part)/\(path)", encoding: .utf8) {
          hash = fingerprint("\(hash) \(path) \(text)")
        }
      }
    }
    return hash
  }

  func write(_ data: Data, to path: String) throws {
    let target = "\(root)/\(path)"
    if FileManager.default.contents(atPath: target) == data { return }
    try FileManager.default.createDirectory(
      atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try data.write(to: URL(fileURLWithPath: target))
  }

  // MARK: Build

  private static let options = [
    "--build-tests", "--disable-xctest", "-c", "debug", "-Xcc", "-O2", "-debug-info-format", "none",
  ]

  /// Builds everything, starting with the manifest.
  func build() throws {
    let outcome = try run(["swift", "build"] + Self.options, limit: 3600)
    guard outcome.status == 0 else { throw Failure("the tree without mutants does not build:\n\(outcome.tail)") }
  }

  enum Build {
    case done
    case doesNotCompile(String)
  }

  /// Builds what has changed since the last build.
  func rebuild(limit: Int) throws -> Build {
    let outcome = try run(["swift", "build"] + Self.options, limit: limit)
    if outcome.status == 0 { return .done }
    if outcome.timedOut { return .doesNotCompile("no end of the build after \(limit) s") }
    guard let error = outcome.lines.first(where: { $0.contains(": error: ") || $0.hasPrefix("error: ") }) else {
      throw Failure("the build stopped, and the compiler says no error:\n\(outcome.tail)")
    }
    return .doesNotCompile(error)
  }

  // MARK: Tests

  /// The test targets that use `module`: its own first, then those with the fewest modules in between.
  func stages(of module: String) throws -> [String] {
    let outcome = try run(["swift", "package", "describe", "--type", "json"], limit: 300)
    struct Description: Decodable {
      struct Target: Decodable {
        let name, type: String
        let uses: [String]?

        enum CodingKeys: String, CodingKey {
          case name, type
          case uses = "target_dependencies"
        }
      }
      let targets: [Target]
    }
    guard let start = outcome.text.firstIndex(of: "{") else { throw Failure(outcome.tail) }
    let targets = try JSONDecoder().decode(Description.self, from: Data(outcome.text[start...].utf8)).targets
    let uses = Dictionary(uniqueKeysWithValues: targets.map { ($0.name, $0.uses ?? []) })
    /// How far above `module` a target is; nil if the target does not use it.
    func height(_ name: String) -> Int? {
      name == module ? 0 : uses[name, default: []].compactMap { height($0) }.max().map { $0 + 1 }
    }
    let tests = targets.filter { $0.type == "test" && height($0.name) != nil }.map(\.name)
    // The processor's own variant does not run the code of the plain variant.
    let plain = module == "Kernels" ? ["KernelsTests", "TensorsTests"].map { "\($0) with plain kernels" } : []
    return plain
      + tests.sorted { a, b in
        let own = "\(module)Tests"
        return (a == own ? 0 : 1, height(a) ?? 0, a) < (b == own ? 0 : 1, height(b) ?? 0, b)
      }
  }

  enum Tests {
    case passed
    case failed(String)
    case timedOut
  }

  /// Suites that train for a long time, and notice nothing that the traces do not.
  private static let slow = "ResultTests"

  /// Runs one target's tests; `TensorsTests with plain kernels` runs them with that variant of the kernels.
  func test(_ stage: String, limit: Int) throws -> Tests {
    let target = String(stage.prefix { $0 != " " })
    let environment = stage == target ? [] : ["env", "SIGNET_KERNELS=plain"]
    let bundle = "\(root)/.build/debug/signetPackageTests.xctest"
    // A mutant may ask for any amount of memory.
    let outcome = try run(
      environment + [
        "sh", "-c", "ulimit -v 16777216; exec \"$@\"", "sh", bundle, "--testing-library", "swift-testing", "--filter",
        "^\(target)\\.", "--skip", Self.slow,
      ], limit: limit)
    if outcome.timedOut { return .timedOut }
    if outcome.status == 0 {
      guard outcome.lines.contains(where: { $0.contains("Test run with") && !$0.contains("with 0 tests") }) else {
        throw Failure("\(stage): no test has run:\n\(outcome.tail)")
      }
      return .passed
    }
    let failed = outcome.lines.first { $0.hasPrefix("✘ Test ") } ?? outcome.lines.first { $0.contains("Fatal error") }
    return .failed(failed.map { String($0.prefix(160)) } ?? "stopped with status \(outcome.status)")
  }

  // MARK: Processes

  private struct Outcome {
    let status: Int32
    let text: String
    var timedOut: Bool { status == 124 || status == 137 }
    var lines: [String] { text.components(separatedBy: "\n") }
    var tail: String { lines.suffix(20).joined(separator: "\n") }
  }

  /// Runs a command in the tree under `timeout`, which ends all processes that the command has started.
  private func run(_ command: [String], limit: Int) throws -> Outcome {
    guard FileManager.default.createFile(atPath: log, contents: nil), let output = FileHandle(forWritingAtPath: log)
    else {
      throw Failure("cannot write \(log)")
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["timeout", "-k", "5", "\(limit)"] + command
    process.currentDirectoryURL = URL(fileURLWithPath: root)
    process.environment = ProcessInfo.processInfo.environment.merging(["NO_COLOR": "1"]) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    try process.run()
    running.store(process.processIdentifier, ordering: .relaxed)
    process.waitUntilExit()
    running.store(0, ordering: .relaxed)
    let text = String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self)
    let signalled = process.terminationReason == .uncaughtSignal
    return Outcome(status: signalled ? 128 + process.terminationStatus : process.terminationStatus, text: text)
  }
}
