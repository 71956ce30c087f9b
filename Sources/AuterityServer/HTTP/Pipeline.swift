import AuterityAPI
import AuterityEngine
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// The way of a request: its route, whose token it is, its limit, the permission, the call.
final class Pipeline: HTTPResponder {
    private let engine: Engine
    private let clock: EngineClock
    private let routes: RouteTable
    private let authenticator: Authenticator
    private let proxies: TrustedProxies
    private let ids: RequestIDs
    private let clothing: AnswerClothing
    private let log: RequestLog
    private let logger: Logger
    private let figures: ServerFigures
    private let maximumBody: Int
    private let anonymous = Caller.anonymous()
    /// The caller on the Unix socket.
    private let operatingSystemUser = Caller.operatingSystemUser

    init(
        engine: Engine, configuration: ServerConfiguration, logger: Logger,
        figures: ServerFigures, plainRoutes: [PlainRoute]
    ) {
        self.engine = engine
        clock = engine.configuration.clock
        let limits = CallLimits(configuration.rateLimits)
        routes = RouteTable(
            Endpoints.all.map { Self.bind($0, engine, limits) }
                + plainRoutes.map { .plain($0, engine, figures, limits) })
        authenticator = Authenticator(engine: engine)
        proxies = TrustedProxies(configuration.trustedProxies)
        ids = RequestIDs(seed: engine.configuration.random())
        clothing = AnswerClothing(configuration)
        log = RequestLog(logger: logger)
        self.logger = logger
        self.figures = figures
        maximumBody = configuration.bodyBytes
    }

    private static func bind(
        _ type: any Endpoint.Type, _ engine: Engine, _ limits: CallLimits
    ) -> BoundRoute {
        .endpoint(type, engine, limits)
    }

    func respond(
        to request: Hummingbird.Request, context: ServerContext
    ) async throws -> Hummingbird.Response {
        let start = clock.monotonic()
        figures.requests.begin()
        defer { figures.requests.end() }
        var exchange = begin(request, context)
        let reply = try await reply(to: &exchange)
        let response = clothing.response(reply, exchange)
        conclude(
            exchange,
            RequestSample(
                method: exchange.method, route: exchange.route?.template,
                status: reply.status.code, nanoseconds: clock.monotonic() &- start,
                isOfExecution: reply.waitedForTheEnd,
                bytes: exchange.isHead ? 0 : reply.body?.readableBytes ?? 0))
        return response
    }

    /// Counts the request, whether the engine has seen it or not, and logs it.
    private func conclude(_ exchange: Exchange, _ sample: RequestSample) {
        let taken = sample.isOfExecution ? nil : sample.nanoseconds
        engine.countRequest(isSuccess: sample.status < 400, nanoseconds: taken)
        figures.requests.record(
            route: sample.route, method: sample.method, status: sample.status, nanoseconds: taken,
            limit: sample.status == 429 ? exchange.route?.limit?.bucket.name : nil)
        log.write(exchange, sample)
    }

    private func begin(_ request: Hummingbird.Request, _ context: ServerContext) -> Exchange {
        let headers = RequestHeaders(request.headers)
        let time = clock.now()
        let requestID =
            headers.requestID.flatMap { RequestIDs.isSane($0) ? $0 : nil } ?? ids.next(at: time)
        let client: ClientAddress
        if context.isUnixSocket {
            client = .unixSocket
        } else if let peer = context.peer {
            client = .network(proxies.client(peer: peer, forwardedFor: headers.forwardedFor))
        } else {
            client = .unknown
        }
        return Exchange(
            request: request, context: context, headers: headers, requestID: requestID,
            client: client, time: time, maximumBody: maximumBody, caller: anonymous)
    }

    /// - Throws: only what the connection must know: that it is broken.
    private func reply(to exchange: inout Exchange) async throws -> Reply {
        do {
            return try await answer(&exchange)
        } catch let error as APIError {
            return exchange.reply(to: error)
        } catch let error as HTTPParserError {
            throw error
        } catch {
            let route = exchange.route?.template ?? "-"
            logger.error(
                "\(exchange.method) \(route) failed: \(error)",
                metadata: ["request_id": "\(exchange.requestID)"])
            return exchange.reply(
                to: APIError(
                    .internalError,
                    "The server failed to answer; its log says why, under the request id. "
                        + "Try again"))
        }
    }

    /// A request to the event stream that asks for no WebSocket.
    private func answerWithoutUpgrade(_ exchange: inout Exchange) throws(APIError) -> Reply {
        let allowed = "GET, OPTIONS"
        switch exchange.request.method {
        case .options: return clothing.optionsReply(exchange, allowed: allowed)
        case .get, .head:
            throw APIError(
                .badRequest,
                "Here is the event stream, which is a WebSocket. Ask for the upgrade as "
                    + "RFC 6455 has it")
        default:
            exchange.answerHeaders.append(HTTPField(name: .allow, value: allowed))
            throw Self.notAllowed(allowed)
        }
    }

    private static func notAllowed(_ allowed: String) -> APIError {
        APIError(.methodNotAllowed, "This address takes \(allowed), and nothing else")
    }

    private func answer(_ exchange: inout Exchange) async throws -> Reply {
        try exchange.checkHead()
        guard let (place, values) = routes.find(exchange.request.head.path ?? "") else {
            if exchange.request.method == .options, exchange.request.head.path == "*" {
                return clothing.optionsReply(exchange, allowed: RouteTable.allMethods)
            }
            if StreamTarget(path: exchange.request.head.path ?? "") != nil {
                return try answerWithoutUpgrade(&exchange)
            }
            throw APIError(.notFound, "There is nothing at this address. See /docs for what is")
        }
        if exchange.request.method == .options {
            return clothing.optionsReply(exchange, allowed: place.allowed)
        }
        guard let route = place.route(for: exchange.request.method) else {
            exchange.answerHeaders.append(HTTPField(name: .allow, value: place.allowed))
            throw Self.notAllowed(place.allowed)
        }
        exchange.route = route
        exchange.pathValues = values
        try exchange.checkAnnouncedBody()
        let fault = try await authenticate(&exchange, route.access)
        // The operating-system user has no limits.
        if !exchange.context.isUnixSocket || exchange.caller.isAnonymous {
            try route.limit?.take(&exchange)
        }
        do throws(APIError) {
            try route.access.check(exchange.caller)
        } catch {
            if error.code == .forbidden { await route.auditRefusal(exchange) }
            throw error
        }
        do {
            // What changes something waits for other threads several times, which wake each
            // other faster than an event loop, and may work for long before that.
            guard route.method == .get else {
                return try await withTaskExecutorPreference(globalConcurrentExecutor) {
                    [exchange] in try await route.respond(exchange)
                }
            }
            return try await route.respond(exchange)
        } catch let error as APIError where error.code == .unauthorized {
            // Where a token was optional, that it is not good is why the call was refused.
            throw fault ?? error
        }
    }

    /// Finds out who calls.
    ///
    /// - Returns: what is wrong with a token that the route can do without.
    private func authenticate(
        _ exchange: inout Exchange, _ access: Route.Access
    ) async throws(APIError) -> APIError? {
        let origin = RequestOrigin(
            requestID: exchange.requestID, address: exchange.client.text)
        // What a proxy hands on comes from anybody.
        let isLocal = exchange.context.isUnixSocket && !exchange.headers.isForwarded
        exchange.caller = isLocal ? operatingSystemUser : anonymous
        exchange.caller.origin = origin
        guard access != .open, exchange.headers.credentials != .none else {
            if access != .open, access != .optional, exchange.caller.isAnonymous {
                try access.check(exchange.caller)
            }
            return nil
        }
        do throws(APIError) {
            exchange.caller = try await caller(exchange)
            exchange.caller.origin = origin
            return nil
        } catch {
            // A bad token never falls back to who is at the socket.
            exchange.caller = anonymous
            exchange.caller.origin = origin
            guard access == .optional else { throw error }
            return error
        }
    }

    private func caller(_ exchange: Exchange) async throws(APIError) -> Caller {
        guard case .bearer(let token) = exchange.headers.credentials else {
            throw APIError(
                .unauthorized,
                "The header Authorization must be 'Bearer' and one token. Log in to get one")
        }
        return try await authenticator.caller(of: token, at: exchange.time)
    }
}

extension Exchange {
    /// As logs and figures have it: one of those that routes have, or `OTHER`.
    fileprivate var method: String {
        switch request.method {
        case .get, .head, .post, .put, .patch, .delete, .options: request.method.rawValue
        default: "OTHER"
        }
    }
}
