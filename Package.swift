// swift-tools-version: 6.3
import PackageDescription

// The modules that `import Signet` brings. Whoever uses it depends on them, too: a build tells by a module's file whether it has
// changed, and Signet's stays the same whatever changes in these.
let modules = [
  "Tensors", "RandomStreams", "Files", "WeightDistributions", "Layers", "Datasets", "Networks", "PackedInference",
  "Training", "Exchange",
]
let library: [Target.Dependency] = (["Signet"] + modules).map { .byName(name: $0) }

let package = Package(
  name: "signet",
  // The standard library's Synchronization needs it.
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "signet", targets: ["SignetCommand"]),
    .library(name: "Signet", targets: ["Signet"] + modules),
    // The data sets that come with the program, 3 MB, for those who want them.
    .library(name: "BuiltInDatasets", targets: ["BuiltInDatasets"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2")
  ],
  // A target imports only targets that stand above it in this list; ci/imports checks that.
  targets: [
    // MARK: Machine: arithmetic, files, and what lies beside the program
    .systemLibrary(name: "CZlib", providers: [.apt(["libz-dev"]), .yum(["zlib-devel"]), .brew(["zlib"])]),
    .target(name: "Kernels", exclude: ["check"], linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    .target(name: "Tensors", dependencies: ["Kernels"]),
    .target(name: "RandomStreams", dependencies: ["Kernels", "Tensors"]),
    .target(name: "Files", dependencies: ["Kernels", "Tensors"]),
    .target(name: "Statistics"),
    .plugin(name: "RecordCommit", capability: .buildTool),
    .target(name: "BuildInformation", plugins: ["RecordCommit"]),
    .target(name: "BuiltInFiles"),
    .target(
      name: "Fixtures", dependencies: ["BuiltInFiles"], path: "Fixtures", exclude: ["make-digits.py"],
      resources: [.copy("digits"), .copy("glyphs"), .copy("shapes"), .copy("numbers")]),
    .target(
      name: "Golden", dependencies: ["BuiltInFiles"], path: "Golden",
      exclude: ["oracle", "help", "reports", "accepted.jsonl"],
      resources: [
        .copy("ops"), .copy("sign"), .copy("traces"), .copy("results"), .copy("tolerances.json"),
      ]),

    // MARK: Method: distributions of weights, layers, training
    .target(name: "WeightDistributions", dependencies: ["Tensors", "RandomStreams"]),
    .target(name: "Layers", dependencies: ["Tensors", "RandomStreams", "WeightDistributions"]),
    .target(
      name: "Datasets",
      dependencies: ["CZlib", "Files"]),
    .target(
      name: "Networks",
      dependencies: ["RandomStreams", "Tensors", "Layers", "Files", "WeightDistributions"]),
    .target(
      name: "PackedInference",
      dependencies: [
        "CZlib", "Files", "Kernels", "Layers", "Networks", "RandomStreams", "Tensors", "WeightDistributions",
      ]
    ),
    .target(
      name: "Training",
      dependencies: [
        "Layers", "RandomStreams", "Tensors", "WeightDistributions", "Networks", "PackedInference", "Datasets", "Files",
      ]),
    .target(
      name: "Exchange",
      dependencies: [
        "Datasets", "Files", "Layers", "Networks", "PackedInference", "Tensors", "WeightDistributions",
      ]),
    .target(name: "Signet", dependencies: modules.map { .byName(name: $0) }),

    // MARK: Use: data to train on, runs and what they came to
    .target(name: "BuiltInDatasets", dependencies: ["Datasets", "Files", "Fixtures", "Training"]),
    .target(name: "FixtureGenerator", dependencies: ["BuiltInDatasets", "Datasets", "Files", "RandomStreams"]),
    .target(name: "Fetching", dependencies: ["BuildInformation", "Datasets", "Files"]),
    .target(
      name: "Experiments",
      dependencies: [
        "BuildInformation", "BuiltInDatasets", "BuiltInFiles", "Datasets", "Exchange", "Files", "Golden", "Kernels",
        "Statistics", "Tensors", "Networks", "PackedInference", "Training", "WeightDistributions",
      ]),

    // MARK: Proof: that it is right, as fast as it was, and as good as it was
    .target(
      name: "Benchmarking",
      dependencies: [
        "BuildInformation", "Datasets", "Experiments", "Files", "Kernels", "Layers", "PackedInference", "RandomStreams",
        "Statistics", "Tensors", "Networks", "Training", "WeightDistributions",
      ]),
    .target(name: "Verification", dependencies: ["Files", "Tensors", "Golden"]),
    .target(
      name: "VerificationSuites",
      dependencies: [
        "Datasets", "Golden", "Kernels", "Layers", "RandomStreams", "Tensors", "WeightDistributions",
        "Verification", "BuiltInDatasets", "Files", "Networks", "PackedInference", "Training", "FixtureGenerator",
        "Fixtures", "Statistics",
      ]),
    .target(
      name: "Nightly",
      dependencies: [
        "Golden", "Tensors", "WeightDistributions",
        "Benchmarking", "BuildInformation", "BuiltInDatasets", "Experiments", "Files", "Networks", "Statistics",
        "Training", "Verification",
      ]),
    .target(
      name: "Reports",
      dependencies: [
        "WeightDistributions", "Benchmarking", "Experiments", "Files", "Nightly", "Networks", "Statistics", "Training",
      ]),

    // MARK: Programs
    // What the first visitor runs: a third of the program to build.
    .executableTarget(
      name: "Demo",
      dependencies: ["BuiltInDatasets", "Experiments", "Files", "Kernels", "Networks", "Tensors", "Training"]),
    .executableTarget(
      name: "SignetCommand",
      dependencies: [
        "Datasets", "Golden", "Kernels", "Layers", "Verification", "WeightDistributions",
        "Benchmarking", "BuildInformation", "BuiltInDatasets", "Exchange", "Experiments", "Fetching", "Files",
        "FixtureGenerator", "Fixtures",
        "Nightly", "PackedInference", "Reports", "Networks", "Tensors", "Training", "VerificationSuites",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // MARK: Examples, with what every user of the library can call (Examples/TrainYourOwn is a package of its own)
    .executableTarget(
      name: "TrainDigits", dependencies: ["BuiltInDatasets"] + library, path: "Examples/TrainDigits",
      packageAccess: false),
    .executableTarget(
      name: "CustomLayer", dependencies: library, path: "Examples/CustomLayer", packageAccess: false),
    .executableTarget(
      name: "CustomGrid", dependencies: library, path: "Examples/CustomGrid", packageAccess: false),

    // MARK: Tests
    .target(
      name: "TestSupport",
      dependencies: [
        "RandomStreams", "Tensors", "Verification", "Layers", "WeightDistributions", "VerificationSuites",
      ],
      path: "Tests/TestSupport"),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels", "Verification"]),
    .testTarget(name: "TensorsTests", dependencies: ["Kernels", "Tensors", "TestSupport", "Verification"]),
    .testTarget(name: "RandomStreamsTests", dependencies: ["Tensors", "RandomStreams", "TestSupport"]),
    .testTarget(name: "FilesTests", dependencies: ["Files", "Tensors", "TestSupport", "Verification"]),
    .testTarget(
      name: "WeightDistributionsTests",
      dependencies: [
        "Tensors", "Verification", "WeightDistributions", "RandomStreams", "TestSupport", "Training",
        "VerificationSuites",
      ]),
    .testTarget(
      name: "LayersTests",
      dependencies: [
        "RandomStreams", "Tensors", "Verification", "WeightDistributions", "Layers", "TestSupport",
        "VerificationSuites",
      ]),
    .testTarget(
      name: "DatasetsTests",
      dependencies: ["BuiltInDatasets", "CZlib", "Datasets", "Files", "Fixtures", "TestSupport", "Verification"]),
    .testTarget(
      name: "PackedInferenceTests",
      dependencies: [
        "BuiltInDatasets", "CZlib", "Datasets", "Files", "Kernels", "Layers", "Networks", "PackedInference",
        "RandomStreams", "Tensors", "TestSupport", "Training", "Verification", "WeightDistributions",
      ]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Layers", "RandomStreams", "Tensors", "WeightDistributions",
        "BuiltInDatasets", "Networks", "PackedInference", "Training", "Datasets", "Files", "TestSupport",
        "Verification",
      ]),
    .testTarget(
      name: "ExchangeTests",
      dependencies: [
        "Datasets", "Exchange", "Files", "Layers", "Networks", "PackedInference", "Tensors", "TestSupport", "Training",
        "Verification", "WeightDistributions",
      ]),
    .testTarget(
      name: "FixtureGeneratorTests",
      dependencies: [
        "BuiltInDatasets", "FixtureGenerator", "Datasets", "Files", "Fixtures", "Tensors", "CZlib", "TestSupport",
      ]),
    .testTarget(name: "FetchingTests", dependencies: ["Fetching", "Datasets", "Files", "TestSupport"]),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: [
        "WeightDistributions",
        "BuiltInDatasets", "BuiltInFiles", "Exchange", "Experiments", "Datasets", "Files", "Fixtures", "Networks",
        "TestSupport",
        "Training",
      ]),
    .testTarget(
      name: "BenchmarkingTests",
      dependencies: [
        "Datasets", "Golden", "PackedInference", "Tensors", "Training",
        "Benchmarking", "Statistics", "VerificationSuites", "TestSupport", "Verification",
      ]),
    .testTarget(name: "VerificationTests", dependencies: ["Golden", "Tensors", "TestSupport", "Verification"]),
    .testTarget(
      name: "VerificationSuitesTests",
      dependencies: [
        "Fixtures", "Golden", "Layers", "Networks", "Tensors", "Training", "Verification", "WeightDistributions",
        "VerificationSuites", "TestSupport",
      ]),
    .testTarget(
      name: "NightlyTests",
      dependencies: [
        "Benchmarking", "Experiments", "Networks", "Statistics", "Tensors", "Training", "Nightly", "TestSupport",
        "Verification",
      ]),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "Benchmarking", "Experiments", "Files", "Networks", "Nightly", "Training", "Reports", "TestSupport",
        "Verification", "VerificationSuites", "WeightDistributions",
      ]),
    .testTarget(
      name: "SignetTests",
      dependencies: [
        "BuildInformation", "Golden", "Networks", "Tensors", "TestSupport", "Training", "Verification",
        "VerificationSuites",
      ]),
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
