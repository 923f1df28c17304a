// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "signet",
  products: [],
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2")
  ],
  targets: [
    .target(name: "Kernels", exclude: ["check"]),
    .systemLibrary(name: "CZlib", providers: [.apt(["libz-dev"])]),
    .target(name: "Fixtures", path: "Fixtures", exclude: ["make-digits.py"], resources: [.copy("digits")]),
    .target(
      name: "Datasets",
      dependencies: ["CZlib", "Fixtures", .product(name: "Crypto", package: "swift-crypto")]),
    .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "Fixtures"]),
  ],
  swiftLanguageModes: [.v6]
)
