import AuterityAPI
import Foundation
import Testing

@testable import AuterityServer

/// The manual's table of calls is made from the contract. `AUTERITY_RECORD=1` writes it again, and
/// fails, so that somebody looks.
@Suite struct APIManualTests {
    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/api.md")

    private static var table: String {
        let rows = Endpoints.all.map { endpoint -> String in
            let route = endpoint.route
            let caller =
                switch route.access {
                case .open: "anybody"
                case .optional: "anybody, or with a token"
                case .authenticated: "any token"
                case .permission(let permission): "`\(permission.rawValue)`"
                }
            return "| `\(route.method.rawValue) \(route.path)` | \(route.summary) | \(caller) | "
                + "\(route.success) |"
        }
        return (["| call | what | who | |", "| --- | --- | --- | --- |"] + rows)
            .joined(separator: "\n")
    }

    @Test func theTableOfCallsIsUpToDate() throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        let start = try #require(text.range(of: "<!-- calls -->\n")).upperBound
        let end = try #require(text.range(of: "<!-- end of calls -->")).lowerBound
        if ProcessInfo.processInfo.environment["AUTERITY_RECORD"] == "1" {
            let renewed = text.replacingCharacters(in: start..<end, with: Self.table + "\n")
            try renewed.write(to: Self.file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(Self.file.lastPathComponent) again; look at the difference")
        }
        #expect(text[start..<end] == Self.table + "\n")
    }

    @Test func theTableOfErrorsNamesEveryCode() throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        for code in APIError.Code.allCases {
            #expect(text.contains("`\(code.rawValue)`"), "\(code.rawValue)")
        }
    }
}
