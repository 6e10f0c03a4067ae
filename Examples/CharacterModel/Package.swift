// swift-tools-version: 6.2

import PackageDescription

let package = Package(
  name: "CharacterModel",
  dependencies: [.package(name: "senti", path: "../..")],
  targets: [
    .executableTarget(
      name: "CharacterModel", dependencies: [.product(name: "Senti", package: "senti")])
  ])
