import Datasets
import Foundation
import Networks
import PackedInference
import Tensors
import TestSupport

/// An exported network, compiled and run on the machine of the tests.
struct CProgram {
  struct Failure: Error, CustomStringConvertible { let description: String }

  /// What is printed and written for some images.
  struct Outcome {
    /// Of net_selftest.
    let selfTest: Int
    let classes: [Int]
    /// The bits of each image's scores, one image after the other.
    let scores: [UInt32]
  }

  /// What an exported network must compile with.
  static let flags = [
    "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion", "-ffreestanding",
  ]
  /// The drivers, which ci/microcontroller uses too.
  private static let drivers = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "ci/board").path

  let folder: TemporaryFolder

  /// - Parameters:
  ///   - source: whose name is `net`.
  ///   - planted: a text of the source file, and what stands in its place instead.
  init(_ source: CSource, optimized: Bool = false, planted: (text: String, by: String)? = nil) throws {
    folder = try TemporaryFolder()
    var text = source.source
    if let planted {
      guard text.contains(planted.text) else { throw Failure(description: "expected \(planted.text) in the source") }
      text = text.replacing(planted.text, with: planted.by)
    }
    try folder.write(Array(source.header.utf8), to: "net.h")
    try folder.write(Array(text.utf8), to: "net.c")
    try compile(Self.flags + [optimized ? "-O2" : "-O1"] + Self.trapping + ["-c", "net.c", "-o", "net.o"])
    try compile([
      "-O1", "-std=c99", "-I.", "-I\(Self.drivers)", "\(Self.drivers)/driver.c", "\(Self.drivers)/host.c", "net.o",
      "-o", "net",
    ])
  }

  /// Undefined behaviour stops the program.
  private static let trapping = ["-fsanitize=undefined", "-fsanitize-trap=undefined"]

  private func compile(_ arguments: [String]) throws {
    let (code, output) = try run("/usr/bin/env", [Self.compiler] + arguments)
    guard code == 0 else {
      throw Failure(description: "\(Self.compiler) \(arguments.joined(separator: " ")): \(output)")
    }
  }

  /// clang, which comes with Swift, or else the system's compiler.
  private static let compiler: String = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/clang") } ? "clang" : "cc"
  }()

  private func run(_ program: String, _ arguments: [String]) throws -> (code: Int32, output: String) {
    let process = Process()
    (process.executableURL, process.arguments) = (URL(filePath: program), arguments)
    process.currentDirectoryURL = URL(filePath: folder.path)
    let log = folder.file("log")
    try Data().write(to: URL(filePath: log))
    let file = FileHandle(forWritingAtPath: log)
    (process.standardOutput, process.standardError) = (file, file)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOfFile: log, encoding: .utf8))
  }

  /// The classes and scores of all images.
  func outcome(of images: LabelledImages) throws -> Outcome {
    try folder.write(images.pixels, to: "images.bin")
    let (code, output) = try run(folder.file("net"), [])
    let lines = output.split(separator: "\n").map { $0.split(separator: " ") }
    guard let selfTest = lines.first(where: { $0.first == "selftest" }).flatMap({ Int($0[1]) }), code == Int32(selfTest)
    else { throw Failure(description: "expected the self-test's result as exit code, found \(code) and: \(output)") }
    func words(_ name: String) throws -> [UInt32] {
      let bytes = try folder.bytes(of: name)
      return stride(from: 0, to: bytes.count, by: 4).map { at in
        (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << (8 * $1) }
      }
    }
    return Outcome(
      selfTest: selfTest, classes: try words("classes.bin").map { Int($0) }, scores: try words("scores.bin"))
  }

  /// Compiles and runs the comparison of the network's integer arithmetic with the processor's.
  ///
  /// - Returns: what it found, or the number of random cases.
  func rounding(rounds: Int) throws -> String {
    try compile(["-O1", "-std=c99", "-I.", "\(Self.drivers)/rounding.c", "-o", "rounding"])
    return try run(folder.file("rounding"), ["\(rounds)"]).output.trimmingCharacters(in: .newlines)
  }

  /// The first difference between what the program and the evaluation in Float give, in words; nil if there is none.
  func difference(from predictor: Predictor<Float>, on images: LabelledImages) throws -> String? {
    let found = try outcome(of: images)
    let expected = images.outputs(of: predictor)
    guard found.selfTest == 0 else { return "self-test: \(found.selfTest)" }
    let classes = expected.rowArgmax
    guard found.classes.count == images.count, found.scores.count == expected.count else {
      return "\(found.classes.count) classes and \(found.scores.count) scores of \(images.count) images"
    }
    for image in 0..<images.count where found.classes[image] != classes[image] {
      return "class of image \(image): expected \(classes[image]), found \(found.classes[image])"
    }
    for (index, (found, expected)) in zip(found.scores, expected.scalars).enumerated()
    where found != expected.bitPattern {
      return "score \(index % images.classes) of image \(index / images.classes): expected \(expected), found "
        + "\(Float(bitPattern: found))"
    }
    return nil
  }
}

extension Network<Float> {
  /// The network as C, with the first two of the images for its self-test.
  func cSource(testing images: LabelledImages) throws -> CSource {
    try PackedNetwork(self, on: .single).cSource(
      comment: ["a comment", "that */ does not end"],
      testImages: (0..<min(2, images.count)).map { images.withPixels(of: $0) { Array($0) } })
  }
}
