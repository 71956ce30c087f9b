import AuterityAPI
import AuterityEngine
import HTTPTypes
import Testing

@testable import AuterityServer

/// Answers are compressed for who accepts it.
@Suite struct CompressionTests {
    @Test func aLongAnswerComesCompressedAndWhole() async throws {
        try await withAPI { _, engine in
            engine.loadsStarters = true
        } body: { api in
            let admin = try await api.admin()
            let plain = try await admin.get("/api/templates?page_size=100")
            #expect(plain["Content-Encoding"] == nil)
            #expect(plain["Vary"] == "Accept-Encoding")

            let (answer, url) = try await compressed("/api/templates?page_size=100", admin)
            #expect(answer.field("Content-Encoding") == "gzip", "\(url)")
            #expect(answer.body == plain.body)
            #expect(answer.field("ETag") == plain["ETag"])
            let length = try #require(answer.field("Content-Length").flatMap { Int($0) })
            #expect(length < plain.body.count / 2)
        }
    }

    @Test func shortAnswersAndTokensStayAsTheyAre() async throws {
        try await withAPI { api in
            let admin = try await api.admin()
            for path in ["/api/auth/me", "/api/secrets", "/health/live"] {
                let (answer, _) = try await compressed(path, admin)
                #expect(answer.field("Content-Encoding") == nil, "\(path)")
            }
        }
    }

    @Test(arguments: [
        ("gzip", true), ("deflate, GZIP;q=0.5", true), ("br ; q=1 , gzip ; q=0.1", true),
        ("gzip;q=0", false), ("deflate, br", false), ("gzipped", false), ("", false),
    ])
    func whatIsAcceptedIsReadAsItIsMeant(value: String, isAccepted: Bool) {
        let headers = RequestHeaders([.acceptEncoding: value])
        #expect(headers.acceptsGzip == isAccepted)
    }

    /// As libcurl gets and undoes it.
    private func compressed(
        _ path: String, _ probe: HTTPProbe
    ) async throws -> (OutboundResponse, String) {
        guard case .port(let port) = probe.target else { throw NoPort() }
        let http = OutboundHTTP(addressGuard: try AddressGuard(allowedHosts: ""))
        defer { http.close() }
        let url = "http://127.0.0.1:\(port)\(path)"
        let fields = [AuterityEngine.HTTPField("Authorization", "Bearer \(probe.token ?? "")")]
        return (
            try await http.send(OutboundRequest(url: url, fields: fields, origin: .configured)),
            url
        )
    }

    private struct NoPort: Error {}
}
