// swift-tools-version: 6.3

// Micro-benchmarks of the library's public parts: kernels, layers, training steps, reading of data. A package of its own, so
// that building and testing Signet does not build the benchmarks' dependencies. In the repository's root:
//
//     swift package --package-path Benchmarks --disable-sandbox benchmark
//     swift package --package-path Benchmarks --disable-sandbox benchmark --filter 'matrix product.*'
//
// A night calls `BenchmarkTool` itself: `swift package` takes many seconds more each time, and `swift build` and it undo each
// other's builds.

import PackageDescription

let package = Package(
  name: "signet-benchmarks",
  dependencies: [
    .package(name: "signet", path: ".."),
    // Without its traits: they replace malloc and the reference counting, of which nothing is measured here.
    .package(url: "https://github.com/ordo-one/benchmark.git", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "SignetBenchmarks",
      dependencies: [
        .product(name: "Signet", package: "signet"),
        .product(name: "BuiltInDatasets", package: "signet"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Benchmarks/SignetBenchmarks",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ],
  swiftLanguageModes: [.v6]
)
