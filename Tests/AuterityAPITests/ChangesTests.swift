import AuterityAPI
import Testing

/// What a read-only profile lets through.
@Suite struct ChangesTests {
    /// Reading, and of the rest only what judges, shows beforehand, or logs in and out.
    @Test func allButReadingChangesButForThese() {
        var harmless: Set<String> = []
        for call in Endpoints.all {
            let (changes, route) = (call.changes, call.route)
            if route.method == .get {
                #expect(!changes, "\(route.path)")
            } else if !changes {
                harmless.insert(route.path)
            }
        }
        #expect(
            harmless == [
                "/api/auth/login", "/api/auth/token", "/api/auth/refresh", "/api/auth/logout",
                "/api/workflows/validate", "/api/templates/{template_id}/preview",
            ])
    }
}
