// swift-tools-version: 6.2

import PackageDescription

// A package of its own, because everything in it and below it is built for libFuzzer.
let package = Package(
  name: "fuzzing",
  dependencies: [.package(name: "senti", path: "../../")],
  targets: [
    .executableTarget(
      name: "FuzzText",
      dependencies: [.product(name: "SentiText", package: "senti")],
      swiftSettings: [.unsafeFlags(["-parse-as-library"])]
    )
  ]
)
