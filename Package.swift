// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "signet",
  products: [],
  dependencies: [],
  targets: [
    .target(name: "Kernels", exclude: ["check"], linkerSettings: [.linkedLibrary("m")]),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels"]),
  ],
  swiftLanguageModes: [.v6]
)
