import AuterityAPI
import AuterityEngine
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import WebSocketTransport

extension EventStream {
    /// What a request that may not become a WebSocket is answered.
    struct Refusal {
        let head: HTTPResponse
        let body: ResponseBody
    }

    /// Serves a client to the end of its connection, or says why it is refused.
    func serve(
        _ request: HTTPRequest, _ target: StreamTarget, _ channel: any Channel
    ) async -> Refusal? {
        if let fault = WebSocketServerUpgrade.fault(of: request) {
            return refusal(APIError(.badRequest, fault), of: request)
        }
        guard StreamOrigins(allowed: settings.origins).admit(request) else {
            let error = APIError(
                .forbidden,
                "Pages of this origin may not connect. Ask an administrator to list "
                    + "the origin in AUTERITY_CORS_ORIGINS")
            return refusal(error, of: request)
        }
        guard let place = enter(channel.eventLoop) else {
            let error = APIError(
                .serviceUnavailable, "The server has no room for another connection",
                retryAfter: Self.retrySeconds)
            return refusal(error, of: request)
        }
        defer { leave() }
        await serve(request, target, channel, at: place)
        return nil
    }

    private static let retrySeconds = 5.0

    private func serve(
        _ request: HTTPRequest, _ target: StreamTarget, _ channel: any Channel, at place: Place
    ) async {
        let (jobs, ask) = AsyncStream.makeStream(
            of: StreamConnection.Job.self, bufferingPolicy: .bufferingOldest(Self.waitingJobs))
        let session = StreamSession(
            credentials: credentials(request, target, channel), start: target.start, at: now())
        do {
            try await WebSocketServerUpgrade.upgrade(
                channel, request, limits: settings.transport,
                answering: [HeaderFields.requestID: requestID(of: request)],
                compresses: channel.isOnNetwork && figures.clients <= settings.compressedClients
            ) { [self] in
                StreamConnection(
                    number: place.number, session: session, stream: self, loop: place.loop,
                    jobs: ask)
            }
        } catch {
            logger.debug("An upgrade failed", metadata: ["error": "\(error)"])
            channel.close(promise: nil)
            return
        }
        channel.triggerUserOutboundEvent(ConnectionPhase.upgraded, promise: nil)
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                for await job in jobs { group.addTask { await self.work(on: job, for: place) } }
                group.cancelAll()
            }
        } onCancel: {
            place.loop.eventLoop.execute { place.loop[place.number]?.stop() }
        }
        // A task that was cancelled saw the end of the jobs before the connection's.
        try? await channel.closeFuture.get()
    }

    /// Jobs of one connection that may wait for their task.
    private static let waitingJobs = 16

    private func credentials(
        _ request: HTTPRequest, _ target: StreamTarget, _ channel: any Channel
    ) -> StreamSession.Credentials {
        if let caller = settings.localCaller, case .unixDomainSocket? = channel.localAddress {
            return .local(caller)
        }
        guard let header = request.headerFields[.authorization] else {
            return .token(target.token)
        }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return .token(nil) }
        return .token(String(parts[1]))
    }

    // MARK: - Work

    private func work(on job: StreamConnection.Job, for place: Place) async {
        switch job {
        case .authenticate(let token):
            let result: Result<AuthenticatedSession, APIError>
            do {
                result = .success(try await engine.authenticate(token: token))
            } catch {
                result = .failure(error)
            }
            place.loop.eventLoop.execute { place.loop[place.number]?.authenticated(result) }
        case .replay(let id, let number, let reader):
            await replay(after: id, number, as: reader, for: place)
        }
    }

    /// Reads back page after page, each when the one before is written, until the client has
    /// come to where the ring begins.
    private func replay(
        after id: Int64, _ number: Int, as reader: StreamReader, for place: Place
    ) async {
        var history = engine.history(after: id)
        do {
            while !Task.isCancelled {
                let begun = history
                let read = try await replays.with { try await Self.page(of: begun, for: reader) }
                guard let read else { break }
                history = read.history
                guard try await hand(read, of: number, to: place) else { return }
            }
        } catch is CancellationError {
            // The client has gone away.
            return
        } catch {
            logger.error("Events could not be read back", metadata: ["error": "\(error)"])
        }
        place.loop.eventLoop.execute { place.loop[place.number]?.replayFailed(number) }
    }

    private struct ReadPage: Sendable {
        let segment: StreamSegment?
        let reached: Int64
        let history: EventHistory
    }

    private static func page(
        of history: EventHistory, for reader: StreamReader
    ) async throws -> ReadPage? {
        var history = history
        guard let page = try await history.next() else { return nil }
        var builder = StreamSegment.Builder()
        for event in page.events where reader.admits(event.audience) {
            try builder.append(event)
        }
        return ReadPage(segment: builder.finish(), reached: page.reached, history: history)
    }

    /// Whether another page is wanted, once this one is written.
    private func hand(_ page: ReadPage, of number: Int, to place: Place) async throws -> Bool {
        let promise = place.loop.eventLoop.makePromise(of: Bool.self)
        place.loop.eventLoop.execute {
            guard let connection = place.loop[place.number] else { return promise.succeed(false) }
            connection.take(page.segment, reached: page.reached, of: number, promise)
        }
        return try await promise.futureResult.get()
    }

    /// The client's own where it is sane, as of every other request.
    private func requestID(of request: HTTPRequest) -> String {
        if let id = request.headerFields[HeaderFields.requestID], RequestIDs.isSane(id) {
            return id
        }
        var generator = SystemRandomNumberGenerator()
        return SessionID(at: EngineClock.system.now(), using: &generator).description
    }

    // MARK: - Refusing

    private func refusal(_ error: APIError, of request: HTTPRequest) -> Refusal {
        let now = EngineClock.system.now()
        let id = requestID(of: request)
        let body = ErrorBody(error, at: now, requestID: id)
        let bytes = (try? JSONValue.jsonBytes(encoding: body)) ?? []
        var head = HTTPResponse(status: HTTPResponse.Status(code: error.code.status))
        head.headerFields = [
            .contentType: "application/json", .contentLength: String(bytes.count),
            .connection: "close", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
        ]
        head.headerFields[HeaderFields.requestID] = id
        if let seconds = error.retryAfter { head.headerFields[.retryAfter] = String(Int(seconds)) }
        return Refusal(head: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension Channel {
    /// Whether its line may be slow.
    fileprivate var isOnNetwork: Bool {
        if case .unixDomainSocket? = localAddress { false } else { true }
    }
}
