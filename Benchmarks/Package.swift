// swift-tools-version: 6.2

import PackageDescription

// The same upcoming features as in the package that is measured.
let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A library product of the package that is measured.
func senti(_ name: String) -> Target.Dependency { .product(name: name, package: "senti") }

let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "benchmarks",
  products: [
    .executable(name: "epoch", targets: ["Epoch"])
  ],
  dependencies: [
    .package(name: "senti", path: "../"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
  ],
  targets: [
    // MARK: Shared

    .target(name: "Measurement", swiftSettings: swiftSettings),

    // MARK: Programs

    .executableTarget(
      name: "Epoch",
      dependencies: [
        "Measurement", argumentParser, senti("SentiCorpora"), senti("SentiModels"),
        senti("SentiRNN"), senti("SentiTensor"), senti("SentiText"), senti("SentiTraining"),
      ],
      swiftSettings: swiftSettings
    ),
  ]
)
