// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "signet",
  products: [
    .executable(name: "signet", targets: ["signet"]),
    .library(
      name: "Signet",
      targets: ["Tensors", "RandomStreams", "WeightDistributions", "Layers", "Files", "Datasets", "Training"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
  ],
  targets: [
    .systemLibrary(name: "CZlib", providers: [.apt(["libz-dev"])]),
    .target(name: "Kernels", exclude: ["check"], linkerSettings: [.linkedLibrary("m")]),
    .target(name: "Tensors", dependencies: ["Kernels"]),
    .target(name: "RandomStreams", dependencies: ["Tensors"]),
    .target(name: "WeightDistributions", dependencies: ["Tensors", "RandomStreams"]),
    .target(name: "Layers", dependencies: ["Tensors", "RandomStreams", "WeightDistributions"]),
    .target(name: "Files", dependencies: ["Tensors", .product(name: "Crypto", package: "swift-crypto")]),
    .plugin(name: "RecordCommit", capability: .buildTool),
    .target(name: "BuildInformation", plugins: ["RecordCommit"]),
    .target(name: "BuiltInFiles"),
    .target(
      name: "Fixtures", dependencies: ["BuiltInFiles"], path: "Fixtures", exclude: ["make-digits.py"],
      resources: [.copy("digits"), .copy("glyphs"), .copy("shapes"), .copy("numbers")]),
    .target(
      name: "Datasets",
      dependencies: ["CZlib", "Files", "Fixtures", .product(name: "Crypto", package: "swift-crypto")]),
    .target(name: "FixtureGenerator", dependencies: ["Datasets", "Files", "RandomStreams"]),
    .target(
      name: "Golden", dependencies: ["BuiltInFiles"], path: "Golden", exclude: ["oracle", "help", "accepted.jsonl"],
      resources: [
        .copy("ops"), .copy("sign"), .copy("traces"), .copy("results"), .copy("tolerances.json"),
      ]),
    .target(name: "Verification", dependencies: ["Tensors", "Golden"]),
    .target(
      name: "VerificationSuites",
      dependencies: ["Verification", "Files", "Training", "Benchmarking", "FixtureGenerator", "Fixtures"]),
    .target(name: "Fetching", dependencies: ["Datasets", "Files"]),
    .target(
      name: "Training",
      dependencies: ["Layers", "Datasets", "Files", .product(name: "Crypto", package: "swift-crypto")]),
    .target(
      name: "Experiments",
      dependencies: ["BuildInformation", "Datasets", "Files", "Golden", "Kernels", "Tensors", "Training"]),
    .target(name: "Benchmarking", dependencies: ["Files", "Training"]),
    .executableTarget(
      name: "signet",
      dependencies: [
        "Benchmarking", "BuildInformation", "Experiments", "Fetching", "Files", "FixtureGenerator", "Fixtures",
        "Training",
        "VerificationSuites",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels", "Verification"]),
    .target(
      name: "TestSupport", dependencies: ["Layers", "WeightDistributions", "VerificationSuites"],
      path: "Tests/TestSupport"),
    .testTarget(name: "FilesTests", dependencies: ["Files", "Tensors", "TestSupport", "Verification"]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors", "TestSupport", "Verification"]),
    .testTarget(name: "RandomStreamsTests", dependencies: ["RandomStreams", "Verification"]),
    .testTarget(
      name: "WeightDistributionsTests", dependencies: ["WeightDistributions", "RandomStreams", "VerificationSuites"]),
    .testTarget(name: "LayersTests", dependencies: ["Layers", "VerificationSuites"]),
    .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "Files", "Fixtures", "Verification"]),
    .testTarget(
      name: "FixtureGeneratorTests",
      dependencies: ["FixtureGenerator", "Datasets", "Files", "Fixtures", "Tensors", "CZlib"]),
    .testTarget(name: "FetchingTests", dependencies: ["Fetching", "Datasets", "Files"]),
    .testTarget(name: "TrainingTests", dependencies: ["Training", "Datasets", "Files", "TestSupport", "Verification"]),
    .testTarget(name: "VerificationTests", dependencies: ["Verification"]),
    .testTarget(name: "VerificationSuitesTests", dependencies: ["VerificationSuites", "TestSupport"]),
    .testTarget(
      name: "BenchmarkingTests",
      dependencies: ["Benchmarking", "VerificationSuites", "TestSupport", "Verification", "signet"]),
    .testTarget(
      name: "SignetTests", dependencies: ["signet", "BuildInformation", "Training", "TestSupport", "Verification"]),
  ],
  swiftLanguageModes: [.v6]
)

// What CI checks: no warning in our own code. Not the default, so that a newer compiler's new warnings stop nobody.
if Context.environment["SIGNET_STRICT"] != nil {
  for target in package.targets where ![.system, .plugin].contains(target.type) {
    target.swiftSettings = (target.swiftSettings ?? []) + [.treatAllWarnings(as: .error)]
    target.cSettings = (target.cSettings ?? []) + [.treatAllWarnings(as: .error), .enableWarning("all")]
  }
}
