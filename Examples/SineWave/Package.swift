// swift-tools-version: 6.2

import PackageDescription

let package = Package(
  name: "SineWave",
  dependencies: [.package(name: "senti", path: "../..")],
  targets: [
    .executableTarget(
      name: "SineWave", dependencies: [.product(name: "Senti", package: "senti")])
  ])
