import AuterityAPI
import Logging

extension EngineCore {
    /// Authorizes, runs, counts and audits a call. Nothing internal reaches the caller: what is not
    /// an `APIError` goes to the log.
    func send<Call: Endpoint>(
        _ call: Call, as caller: Caller
    ) async throws(APIError) -> Call.Response {
        let start = configuration.clock.monotonic()
        var isSuccess = false
        defer {
            // What came by HTTP is counted when it is answered.
            if caller.origin == nil {
                let taken = configuration.clock.monotonic() &- start
                countRequest(isSuccess: isSuccess, nanoseconds: call.waitsForTheEnd ? nil : taken)
            }
        }
        do throws(APIError) {
            let mark = AuditMark.of(Call.self)
            let response = try await perform(call, as: caller, mark)
            isSuccess = true
            await audit(call, caller, status: Call.status(of: response), mark)
            return response
        } catch {
            await audit(call, caller, error)
            throw error
        }
    }

    private func perform<Call: Endpoint>(
        _ call: Call, as caller: Caller, _ mark: AuditMark
    ) async throws(APIError) -> Call.Response {
        try Call.route.access.check(caller)
        // Health is told whatever the store does.
        if Call.self == GetHealth.self, let health = await health() as? Call.Response {
            return health
        }
        guard let handler = handlers.handler(of: Call.self) else {
            throw APIError(.internalError, "\(Call.route.path) has no handler")
        }
        do {
            let request = Request(
                caller: caller, core: self, session: try session, auditMark: mark)
            return try await handler.body(call, request)
        } catch {
            throw answer(
                for: error, doing: "\(Call.route.method.rawValue) \(Call.route.path)", caller)
        }
    }

    /// What a call is refused with whose reading found faults: those and every other that it has.
    /// Nothing is done.
    func refusal<Call: Endpoint>(
        of call: Call, known faults: [FieldFault], as caller: Caller
    ) async -> APIError {
        do {
            try Call.route.access.check(caller)
            if let judge = handlers.handler(of: Call.self)?.judge {
                try await judge(
                    call,
                    Request(
                        caller: caller, core: self, session: try session, auditMark: .none,
                        knownFaults: faults))
            }
        } catch let error as APIError where error.code == .validationError {
            return error
        } catch {
            // Whatever else is in the way of a call, this one is wrong as it stands.
        }
        return .validation(faults)
    }

    /// - Parameter nanoseconds: `nil` for a call that waited because the caller wanted it to.
    func countRequest(isSuccess: Bool, nanoseconds: UInt64?) {
        foundation.requests.record(
            isSuccess: isSuccess, nanoseconds: nanoseconds, at: configuration.clock.now())
    }

    /// What a caller is told of an error.
    ///
    /// - Parameter what: was being done, for the log.
    func answer(
        for error: any Error, doing what: String, _ caller: Caller? = nil
    ) -> APIError {
        switch error {
        case let error as APIError:
            // What works on a store that failed is closed: that is not the reason.
            guard error.code == .serviceUnavailable, let failure else { return error }
            return APIError(.serviceUnavailable, failure, retryAfter: Self.retrySeconds)
        case let error as WriterError:
            return APIError(
                .serviceUnavailable, error.description, retryAfter: Self.retrySeconds)
        case is CancellationError:
            return APIError(.serviceUnavailable, "The call was cancelled")
        default:
            logger.error(
                "\(what) failed: \(error)",
                metadata: caller?.origin.map { ["request_id": "\($0.requestID)"] })
            // A store that is being opened again fails in many ways; why it is, is what counts.
            if let failure {
                return APIError(.serviceUnavailable, failure, retryAfter: Self.retrySeconds)
            }
            return APIError(
                .internalError, "The engine failed to answer; its log says why. Try again")
        }
    }

    /// What `Retry-After` says when the writer is behind.
    private static let retrySeconds = 1.0
}

extension Endpoint {
    /// Whether the time that it takes is that of an execution, and not the engine's.
    package var waitsForTheEnd: Bool {
        (self as? ExecuteWorkflow)?.executionMode == .sync
    }
}
