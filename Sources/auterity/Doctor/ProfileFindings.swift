import AuterityAPI
import AuterityClient

/// The servers that have names, each asked whether it answers.
enum ProfileFindings {
    static func all(_ settings: Settings, _ environment: [String: String]) async -> [Finding] {
        // The one in use is looked at more closely elsewhere.
        let chosen = (try? settings.chosenProfile)?.name
        let others = settings.profiles.all.filter { $0.name != chosen }
        return await withTaskGroup(of: (Int, [Finding]).self) { group in
            for (index, profile) in others.enumerated() {
                group.addTask { (index, await reach(profile, settings, environment)) }
            }
            var found: [(Int, [Finding])] = []
            for await item in group { found.append(item) }
            return found.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }

    private static func reach(
        _ profile: Profile, _ settings: Settings, _ environment: [String: String]
    ) async -> [Finding] {
        let id = "profiles.\(profile.name)"
        let address = profile.address(environment)
        do {
            let probe = try await ServerProbe.ask(
                address, environment: environment, version: Product.version)
            let isKnown = (try? CredentialFile(settings, server: address.url).load()) != nil
            let login = isKnown ? "tokens are kept" : "nobody is logged in"
            let text =
                "\(address.url) answers in \(Column.fixed(probe.latency, 1)) ms, version "
                + "\(probe.health.version), \(login)"
            return [.ok(id, text)]
                + [ServerFindings.clock(probe, id: "\(id).clock")].filter {
                    $0.status != .ok
                }
        } catch {
            return [
                .warn(
                    id, "\(address.url): \(error.message)",
                    "See that it runs there, or take it away: "
                        + settings.profileCommandLine("remove \(profile.name)"))
            ]
        }
    }
}
