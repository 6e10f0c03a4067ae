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
    .executable(name: "decoding", targets: ["Decoding"]),
    .executable(name: "epoch", targets: ["Epoch"]),
    .executable(name: "long-memory", targets: ["LongMemory"]),
    .executable(name: "recurrent", targets: ["Recurrent"]),
    .executable(name: "scoring", targets: ["Scoring"]),
    .executable(name: "tokenization", targets: ["Tokenization"]),
    .executable(name: "vocabulary-building", targets: ["VocabularyBuilding"]),
    .executable(name: "workload", targets: ["Workload"]),
    .executable(name: "writing", targets: ["Writing"]),
  ],
  dependencies: [
    .package(name: "senti", path: "../"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    // Without its traits, which count allocations and retains by packages of their own.
    .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
  ],
  targets: [
    // MARK: Shared

    .target(name: "CAllocations"),
    .target(name: "CPeak"),
    .target(name: "CWordLoop", linkerSettings: [.linkedLibrary("icuuc")]),
    .target(name: "Measurement", swiftSettings: swiftSettings),
    .target(
      name: "Batches",
      dependencies: [senti("SentiCorpora"), senti("SentiModels"), senti("SentiText")],
      swiftSettings: swiftSettings
    ),

    .target(
      name: "EngineWork",
      dependencies: [
        "Batches", senti("SentiModels"), senti("SentiRNN"), senti("SentiTensor"),
        senti("SentiText"), senti("SentiTraining"),
      ],
      swiftSettings: swiftSettings
    ),

    // MARK: In the harness; its plugin takes executables right below a folder named Benchmarks

    .executableTarget(
      name: "Engine",
      dependencies: [
        "EngineWork", .product(name: "Benchmark", package: "benchmark"), senti("SentiRNN"),
        senti("SentiTensor"),
      ],
      path: "Engine",
      swiftSettings: swiftSettings,
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    ),

    // MARK: Programs

    .executableTarget(
      name: "Decoding",
      dependencies: [
        "Measurement", argumentParser, senti("SentiModels"), senti("SentiRNN"),
        senti("SentiTensor"),
      ],
      swiftSettings: swiftSettings
    ),
    .executableTarget(
      name: "Epoch",
      dependencies: [
        "Batches", "Measurement", argumentParser, senti("SentiModels"), senti("SentiRNN"),
        senti("SentiTensor"), senti("SentiText"), senti("SentiTraining"),
      ],
      swiftSettings: swiftSettings
    ),
    .executableTarget(
      name: "LongMemory",
      dependencies: [
        "Measurement", argumentParser, senti("SentiRNN"), senti("SentiTensor"),
        senti("SentiTraining"),
      ],
      swiftSettings: swiftSettings
    ),
    .executableTarget(
      name: "Workload",
      dependencies: ["Batches", "EngineWork", argumentParser, senti("SentiTensor")],
      swiftSettings: swiftSettings
    ),
    .executableTarget(
      name: "Recurrent",
      dependencies: [
        "Batches", "CPeak", "EngineWork", "Measurement", argumentParser, senti("SentiCorpora"),
        senti("SentiModels"), senti("SentiRNN"), senti("SentiTensor"), senti("SentiText"),
      ],
      swiftSettings: swiftSettings
    ),
    .executableTarget(
      name: "Scoring",
      dependencies: [
        "Measurement", argumentParser, senti("SentiCorpora"), senti("SentiModels"),
        senti("SentiRNN"), senti("SentiTensor"), senti("SentiText"),
      ],
      swiftSettings: swiftSettings
    ),
    .executableTarget(
      name: "Tokenization",
      dependencies: [
        "CAllocations", "CWordLoop", "Measurement", argumentParser, senti("SentiCorpora"),
        senti("SentiText"),
      ],
      swiftSettings: swiftSettings
    ),
    .executableTarget(
      name: "VocabularyBuilding",
      dependencies: ["Measurement", argumentParser, senti("SentiCorpora"), senti("SentiText")],
      swiftSettings: swiftSettings
    ),
    .executableTarget(
      name: "Writing",
      dependencies: [
        "Measurement", argumentParser, senti("SentiModels"), senti("SentiRNN"),
        senti("SentiTensor"), senti("SentiTraining"),
      ],
      swiftSettings: swiftSettings
    ),
  ]
)
