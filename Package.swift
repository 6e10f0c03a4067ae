// swift-tools-version: 6.2

import PackageDescription

// Upcoming language features that every target is written against.
let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// The two targets whose work is done in C also have every unsafe expression marked by the compiler.
let unsafeBoundarySettings = swiftSettings + [.strictMemorySafety()]

let package = Package(
  name: "senti",
  products: [
    .library(name: "SentiText", targets: ["SentiText"]),
    .library(name: "SentiNaturalLanguage", targets: ["SentiNaturalLanguage"]),
    .library(name: "SentiCorpora", targets: ["SentiCorpora"]),
    .library(name: "SentiTensor", targets: ["SentiTensor"]),
    .library(name: "SentiRNN", targets: ["SentiRNN"]),
    .library(name: "SentiTraining", targets: ["SentiTraining"]),
    .library(name: "SentiModels", targets: ["SentiModels"]),
    .library(name: "Senti", targets: ["Senti"]),
    .executable(name: "senti", targets: ["SentiCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // MARK: C, hidden behind one header each

    .target(
      name: "CSentiICU",
      linkerSettings: [.linkedLibrary("icuuc")]
    ),
    .target(name: "CSentiKernels"),
    .target(
      name: "CSentiModels",
      // Not resources: the compiler puts the models into the program.
      exclude: ["Models"]
    ),
    .target(name: "CSentiText"),

    // MARK: Files, for all that write them

    .target(name: "SentiIO", swiftSettings: swiftSettings),

    // MARK: Text

    .target(
      name: "SentiText",
      dependencies: ["CSentiICU", "CSentiText", "SentiIO"],
      swiftSettings: unsafeBoundarySettings
    ),
    .target(
      name: "SentiNaturalLanguage",
      dependencies: ["CSentiText", "SentiText"],
      swiftSettings: unsafeBoundarySettings
    ),
    .target(
      name: "SentiCorpora",
      dependencies: ["SentiIO", "SentiText"],
      swiftSettings: swiftSettings
    ),

    // MARK: Numbers

    .target(
      name: "SentiTensor",
      dependencies: ["CSentiKernels", "SentiIO"],
      swiftSettings: unsafeBoundarySettings
    ),
    .target(
      name: "SentiRNN",
      dependencies: ["SentiTensor"],
      swiftSettings: swiftSettings
    ),
    .target(
      name: "SentiTraining",
      dependencies: ["SentiRNN", "SentiTensor"],
      swiftSettings: swiftSettings
    ),

    // MARK: Models

    .target(
      name: "SentiModels",
      dependencies: [
        "CSentiModels", "SentiCorpora", "SentiRNN", "SentiTensor", "SentiText", "SentiTraining",
      ],
      swiftSettings: swiftSettings
    ),
    .target(
      name: "Senti",
      dependencies: [
        "SentiCorpora", "SentiModels", "SentiRNN", "SentiTensor", "SentiText", "SentiTraining",
      ],
      swiftSettings: swiftSettings
    ),

    // MARK: Command line

    .executableTarget(
      name: "SentiCLI",
      dependencies: [
        "SentiCorpora", "SentiIO", "SentiModels", "SentiRNN", "SentiTensor", "SentiText",
        "SentiTraining",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings
    ),

    // MARK: Tests

    .target(
      name: "SentiTestSupport",
      dependencies: ["SentiTensor"],
      path: "Tests/SentiTestSupport",
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "SentiIOTests",
      dependencies: ["SentiIO", "SentiTestSupport"],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "SentiTextTests",
      dependencies: ["SentiText"],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "SentiNaturalLanguageTests",
      dependencies: ["SentiNaturalLanguage"],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "SentiCorporaTests",
      dependencies: ["SentiCorpora", "SentiIO", "SentiTestSupport"],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "SentiTensorTests",
      dependencies: ["SentiTensor", "SentiTestSupport"],
      exclude: ["Fixtures", "ReferenceImplementations"],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "SentiRNNTests",
      dependencies: ["SentiRNN", "SentiTensor", "SentiTestSupport", "SentiTraining"],
      exclude: ["Fixtures", "ReferenceImplementations"],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "SentiTrainingTests",
      dependencies: ["SentiRNN", "SentiTensor", "SentiTestSupport", "SentiTraining"],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "SentiModelsTests",
      dependencies: [
        "SentiCorpora", "SentiModels", "SentiRNN", "SentiTensor", "SentiTestSupport", "SentiText",
        "SentiTraining",
      ],
      exclude: ["Fixtures", "ReferenceImplementations"],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "SentiTests",
      dependencies: ["Senti", "SentiTestSupport"],
      swiftSettings: swiftSettings
    ),
    .testTarget(
      name: "SentiCLITests",
      dependencies: [
        "SentiCLI", "SentiCorpora", "SentiModels", "SentiRNN", "SentiTensor", "SentiTestSupport",
        "SentiText", "SentiTraining",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["Fixtures"],
      swiftSettings: swiftSettings
    ),
  ]
)
