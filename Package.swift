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
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP1 = Target.Dependency.product(
    name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let serviceLifecycle = Target.Dependency.product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
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
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.0"),
    ],
    targets: [
        // The contract.
        .target(
            name: "AuterityAPI", dependencies: [orderedCollections], swiftSettings: settings),
        .testTarget(
            name: "AuterityAPITests", dependencies: ["AuterityAPI"], swiftSettings: settings),

        // The engine.
        .systemLibrary(name: "CBcrypt"),
        .target(name: "CFileStatus"),
        .systemLibrary(name: "CCurl"),
        .systemLibrary(name: "CCrypto"),
        .target(
            name: "AuterityEngine",
            dependencies: [
                "AuterityAPI", "CBcrypt", "CCrypto", "CCurl", "CFileStatus", grdb, jwtKit, logging,
                orderedCollections, sqlite,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AuterityEngineTests",
            dependencies: ["AuterityAPI", "AuterityEngine", logging],
            swiftSettings: settings),

        // The server.
        .systemLibrary(name: "CZlib"),
        .target(name: "Deflate", dependencies: ["CZlib"], swiftSettings: settings),
        .target(
            name: "WebSocketTransport",
            dependencies: [
                "Deflate", httpTypes, nioCore, nioHTTP1, nioHTTPTypes, nioHTTPTypesHTTP1, nioPosix,
                nioSSL,
                nioWebSocket, logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "WebSocketTransportTests",
            dependencies: [
                "Deflate", "WebSocketTransport", httpTypes, nioCore, nioEmbedded, nioHTTP1,
                nioPosix,
                nioWebSocket,
            ],
            swiftSettings: settings),
        .target(
            name: "AuterityServer",
            dependencies: [
                "AuterityAPI", "AuterityEngine", "CFileStatus", "Deflate", "WebSocketTransport",
                hummingbird, hummingbirdCore, hummingbirdTLS, httpTypes, logging, nioCore, nioHTTP1,
                nioHTTPTypes, nioHTTPTypesHTTP1, nioPosix, nioSSL, nioWebSocket,
                orderedCollections, serviceLifecycle,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AuterityServerTests",
            dependencies: [
                "AuterityAPI", "AuterityEngine", "AuterityServer", "WebSocketTransport",
                hummingbird, hummingbirdCore, httpTypes, jwtKit, logging, nioCore, nioEmbedded,
                nioHTTP1, nioHTTPTypes, nioPosix, nioSSL, nioWebSocket, serviceLifecycle,
            ],
            swiftSettings: settings),

        // The client.
        .target(
            name: "AuterityClient",
            dependencies: [
                "AuterityAPI", "AuterityEngine", "WebSocketTransport", httpTypes, nioCore, nioPosix,
                nioSSL,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AuterityClientTests",
            dependencies: [
                "AuterityAPI", "AuterityClient", "AuterityEngine", "AuterityServer",
                "WebSocketTransport", logging, nioCore, nioPosix, serviceLifecycle,
            ],
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
                "AuterityAPI", "AuterityClient", "CFileStatus", "CNcurses", "CTerminal",
                "TerminalUI",
                orderedCollections,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AuterityTUITests",
            dependencies: [
                "AuterityAPI", "AuterityClient", "AuterityEngine", "AuterityServer", "AuterityTUI",
                "TerminalUI", logging,
            ],
            exclude: ["Drawings"], swiftSettings: settings),

        // The program.
        .executableTarget(
            name: "auterity",
            dependencies: [
                "AuterityAPI", "AuterityClient", "AuterityEngine", "AuterityServer",
                "CFileStatus",
                "AuterityTUI", "TerminalUI", argumentParser, configuration, logging,
                serviceLifecycle, systemPackage, yams,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AuterityCommandTests",
            dependencies: [
                "auterity", "AuterityAPI", "AuterityClient", "AuterityEngine", "AuterityServer",
                "TerminalUI", argumentParser, logging, yams,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "EndToEndTests", dependencies: ["auterity", "AuterityAPI", "EngineHost", grdb],
            swiftSettings: settings),
        .executableTarget(
            name: "EngineHost", dependencies: ["AuterityAPI", "AuterityClient", "AuterityEngine"],
            path: "Tests/EngineHost", swiftSettings: settings),
        .testTarget(name: "TidyTests", swiftSettings: settings),
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                "AuterityAPI", "AuterityClient", "AuterityEngine", "AuterityServer",
                "AuterityTUI", logging,
            ],
            path: "Benchmarks", swiftSettings: settings),
    ]
)
