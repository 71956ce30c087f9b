// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let configuration = Target.Dependency.product(
    name: "Configuration", package: "swift-configuration")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let orderedCollections = Target.Dependency.product(
    name: "OrderedCollections", package: "swift-collections")
let systemPackage = Target.Dependency.product(
    name: "SystemPackage", package: "swift-system")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")

let package = Package(
    name: "auterity",
    products: [
        .executable(name: "auterity", targets: ["auterity"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // The contract.
        .target(
            name: "AuterityAPI", dependencies: [orderedCollections], swiftSettings: settings),
        .testTarget(
            name: "AuterityAPITests", dependencies: ["AuterityAPI"], swiftSettings: settings),

        // The engine.
        .systemLibrary(name: "CCurl"),
        .systemLibrary(name: "CCrypto"),
        .target(
            name: "AuterityEngine",
            dependencies: [
                "AuterityAPI", "CCrypto", "CCurl", grdb, logging, orderedCollections, sqlite,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AuterityEngineTests",
            dependencies: ["AuterityAPI", "AuterityEngine", logging],
            swiftSettings: settings),

        // The client.
        .target(
            name: "AuterityClient", dependencies: ["AuterityAPI", "AuterityEngine"],
            swiftSettings: settings),
        .testTarget(
            name: "AuterityClientTests",
            dependencies: ["AuterityAPI", "AuterityClient", "AuterityEngine"],
            swiftSettings: settings),

        // The console.
        .target(name: "TerminalUI", swiftSettings: settings),
        .testTarget(
            name: "TerminalUITests", dependencies: ["TerminalUI"], swiftSettings: settings),
        .systemLibrary(name: "CNcurses"),
        .target(name: "CTerminal"),
        .target(
            name: "AuterityTUI",
            dependencies: [
                "AuterityAPI", "AuterityClient", "CNcurses", "CTerminal", "TerminalUI",
                orderedCollections,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AuterityTUITests",
            dependencies: ["AuterityAPI", "AuterityClient", "AuterityTUI", "TerminalUI"],
            exclude: ["Drawings"], swiftSettings: settings),

        // The program.
        .executableTarget(
            name: "auterity",
            dependencies: [
                "AuterityAPI", "AuterityClient", "AuterityEngine", "AuterityTUI", "TerminalUI",
                argumentParser, configuration, logging, systemPackage,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AuterityCommandTests",
            dependencies: ["auterity", "AuterityEngine", argumentParser], swiftSettings: settings),
        .testTarget(
            name: "EndToEndTests", dependencies: ["auterity", "AuterityAPI", "EngineHost", grdb],
            swiftSettings: settings),
        .executableTarget(
            name: "EngineHost", dependencies: ["AuterityAPI", "AuterityClient", "AuterityEngine"],
            path: "Tests/EngineHost", swiftSettings: settings),
        .testTarget(name: "TidyTests", swiftSettings: settings),
        .executableTarget(
            name: "benchmarks",
            dependencies: ["AuterityAPI", "AuterityClient", "AuterityEngine", "AuterityTUI"],
            path: "Benchmarks", swiftSettings: settings),
    ]
)
