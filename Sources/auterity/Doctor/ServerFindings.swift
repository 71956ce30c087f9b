import AuterityAPI
import AuterityClient
import AuterityEngine

/// The server that commands speak to, where there is one.
enum ServerFindings {
    static func all(_ settings: Settings, _ environment: [String: String]) async -> [Finding] {
        let opening: ClientOpening
        do {
            opening = try ClientOpening(settings, environment)
        } catch {
            return [.fail("server.address", "\(error)", "Name another with --server or --profile")]
        }
        if let address = opening.address {
            return await reach(address, opening, settings, environment)
        }
        guard let socket = settings.unixSocket, ClientOpening.answers(socket) else {
            return [.ok("server.address", "none: commands open the store of this machine")]
        }
        return await reach(.local(socket: socket), nil, settings, environment)
    }

    private static func reach(
        _ address: ServerAddress, _ opening: ClientOpening?, _ settings: Settings,
        _ environment: [String: String]
    ) async -> [Finding] {
        let name = address.unixSocket.map { "the Unix socket \($0)" } ?? address.url
        do {
            let probe = try await ServerProbe.ask(
                address, environment: environment, version: Product.version)
            var findings: [Finding] = [version(probe, name), latency(probe), clock(probe)]
            findings += protection(address) + (await certificate(address))
            findings += services(probe.health, settings)
            if opening != nil {
                findings.append(await login(address, opening, settings))
            }
            return findings
        } catch {
            // Where there is a certificate, something answers.
            let certificates = await certificate(address)
            let advice =
                certificates.isEmpty
                ? "See that it runs and answers there: curl -i \(address.url)/health/live"
                : "Something answers there: see that address and certificate are the right ones"
            return certificates + [
                .fail("server.reachable", "\(name): \(error.message)", advice)
            ]
        }
    }

    private static func version(_ probe: ServerProbe, _ name: String) -> Finding {
        let detail = "\(name) answers, version \(probe.health.version)"
        guard probe.health.version != Product.version else {
            return .ok("server.reachable", detail)
        }
        return .warn(
            "server.reachable", "\(detail), and this is \(Product.version)",
            "Use the same version on both sides where something is odd")
    }

    /// Milliseconds from which one feels it.
    private static let slow = 500.0

    private static func latency(_ probe: ServerProbe) -> Finding {
        let text = "\(Column.fixed(probe.latency, 1)) ms to an answer"
        return probe.latency < slow
            ? .ok("server.latency", text)
            : .warn("server.latency", text, "The console stays usable; lists come later")
    }

    /// Seconds: signed tokens bear a little, people reading times do not.
    private static let clockMargin = 5.0
    private static let clockLimit = 300.0

    static func clock(_ probe: ServerProbe, id: String = "server.clock") -> Finding {
        let seconds = probe.clockDifference
        let text =
            abs(seconds) < 1
            ? "agrees with this machine's"
            : "is \(Column.fixed(abs(seconds), 1)) s "
                + (seconds > 0 ? "ahead of" : "behind") + " this machine's"
        let advice = "Set both clocks by NTP: ages and times are told wrong"
        if abs(seconds) > clockLimit { return .fail(id, text, advice) }
        return abs(seconds) > clockMargin ? .warn(id, text, advice) : .ok(id, text)
    }

    private static func protection(_ address: ServerAddress) -> [Finding] {
        guard address.unixSocket == nil else { return [] }
        if address.url.hasPrefix("https://") {
            let trust = address.certificateFile.map { "by \($0)" } ?? "by the system's authorities"
            return [.ok("server.tls", "the certificate is trusted \(trust)")]
        }
        let host = address.display.prefix { $0 != ":" && $0 != "/" }
        guard !["localhost", "127.0.0.1", "[::1]"].contains(String(host)) else {
            return [.ok("server.tls", "none, and none is needed on this machine")]
        }
        return [
            .warn(
                "server.tls", "none: passwords and tokens can be read on the way",
                "Serve HTTPS (tls_cert and tls_key, or a proxy), and use an https address")
        ]
    }

    private static func certificate(_ address: ServerAddress) async -> [Finding] {
        guard let end = await PeerCertificate.end(at: address) else { return [] }
        return [
            CertificateFindings.finding(
                "server.certificate", "what \(address.display) shows", end: end,
                now: EngineClock.system.now())
        ]
    }

    private static func services(_ health: Health, _ settings: Settings) -> [Finding] {
        var services = [
            ("database", health.services.database), ("mail", health.services.mail),
        ]
        services += health.services.aiServices.sorted { $0.key < $1.key }
            .map { ($0.key, $0.value) }
        let advice = "See: " + settings.commandLine("health")
        return services.compactMap { name, service in
            let id = "server.\(name)"
            let time = service.responseTime.map { ", \(Column.fixed($0, 1)) ms" } ?? ""
            switch service.status {
            case .notConfigured: return nil
            case .healthy: return .ok(id, "healthy\(time)")
            case .degraded:
                return .warn(id, service.message ?? "degraded", advice)
            case .unhealthy:
                return name == "database"
                    ? .fail(id, service.message ?? "unhealthy", advice)
                    : .warn(id, service.message ?? "unhealthy", advice)
            }
        }
    }

    private static func login(
        _ address: ServerAddress, _ opening: ClientOpening?, _ settings: Settings
    ) async -> Finding {
        do {
            let client = try await opening?.open()
            await opening?.close()
            let user = client?.identity.user ?? ""
            return .ok("server.login", "as \(user)")
        } catch {
            // One that was named by a flag is named below, and a profile has its own login.
            let isNamed = settings.layer("profile") == nil && settings.layer("server") != .flags
            let named = isNamed ? " --server \(ShellWord.pasted(address.url))" : ""
            return .warn(
                "server.login", error.message, "Log in: " + settings.commandLine("login" + named))
        }
    }
}
