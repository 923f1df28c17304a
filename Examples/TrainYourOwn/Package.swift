// swift-tools-version: 6.3
import PackageDescription

// A package that depends on Signet. Outside this repository, give Signet's URL and a version instead of the path.
let package = Package(
  name: "TrainYourOwn",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "signet", path: "../..")],
  targets: [
    .executableTarget(
      name: "TrainYourOwn", dependencies: [.product(name: "Signet", package: "signet")], path: ".",
      sources: ["main.swift"])
  ],
  swiftLanguageModes: [.v6]
)
