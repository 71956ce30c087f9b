import AuterityAPI
import AuterityEngine

/// What supervisors ask, without a token and without a limit.
enum HealthPages {
    /// The process answers. Whoever gets no answer should start it again.
    static let live = PlainRoute(path: "/health/live", access: .open, rateLimit: nil) {
        _ async throws(APIError) in
        answer(200, ["status": "live"])
    }

    /// New requests are welcome. Whoever is told otherwise should send them elsewhere for now.
    static func ready(_ stopping: Stopping) -> PlainRoute {
        PlainRoute(path: "/health/ready", access: .open, rateLimit: nil) {
            request async throws(APIError) in
            if stopping.hasBegun { return unready("The server is stopping") }
            let store = await request.engine.storeHealth()
            guard store.status == .healthy else {
                return unready(store.message ?? "The store does not work")
            }
            return answer(200, ["status": "ready"])
        }
    }

    private static func unready(_ reason: String) -> PlainResponse {
        answer(503, ["status": "not_ready", "reason": .string(reason)])
    }

    private static func answer(_ status: Int, _ body: JSONValue) -> PlainResponse {
        PlainResponse(
            status: status, contentType: "application/json", body: body.jsonBytes,
            headers: ["Cache-Control": "no-store"])
    }
}
