import AuterityAPI

/// What answers each endpoint. One entry an endpoint of `Endpoints.all`.
struct HandlerTable: Sendable {
    private var handlers: [ObjectIdentifier: any AnyHandler] = [:]

    /// Registers what answers `Call`. A second registration is a mistake of the program.
    mutating func on<Call: Endpoint>(
        _ type: Call.Type,
        _ body: @escaping @Sendable (Call, Request) async throws -> Call.Response
    ) {
        add(Handler<Call>(body: body, judge: nil))
    }

    /// Registers what answers `Call`, and what finds every fault of one without doing anything:
    /// it throws them with those of `Request.knownFaults`. It is only asked about a call whose
    /// reading found some.
    mutating func on<Call: Endpoint>(
        _ type: Call.Type,
        judging judge: @escaping @Sendable (Call, Request) async throws -> Void,
        _ body: @escaping @Sendable (Call, Request) async throws -> Call.Response
    ) {
        add(Handler<Call>(body: body, judge: judge))
    }

    /// Registers what checks `Call`, doing nothing, and what answers it when it is in order.
    mutating func on<Call: Endpoint, Checked>(
        _ type: Call.Type,
        checking check: @escaping @Sendable (Call, Request) async throws -> Checked,
        _ body: @escaping @Sendable (Call, Checked, Request) async throws -> Call.Response
    ) {
        on(type, judging: { _ = try await check($0, $1) }) { call, request in
            try await body(call, try await check(call, request), request)
        }
    }

    /// Registers what answers `Call` by reading alone, and so may be asked about any call.
    mutating func onReading<Call: Endpoint>(
        _ type: Call.Type,
        _ body: @escaping @Sendable (Call, Request) async throws -> Call.Response
    ) {
        on(type, judging: { _ = try await body($0, $1) }, body)
    }

    private mutating func add<Call: Endpoint>(_ handler: Handler<Call>) {
        let known = handlers.updateValue(handler, forKey: ObjectIdentifier(Call.self))
        precondition(known == nil, "\(Call.self) has two handlers")
    }

    func handler<Call: Endpoint>(of type: Call.Type) -> Handler<Call>? {
        handlers[ObjectIdentifier(type)] as? Handler<Call>
    }

    func answers(_ type: any Endpoint.Type) -> Bool {
        handlers[ObjectIdentifier(type)] != nil
    }

    var count: Int { handlers.count }

    static let all: HandlerTable = {
        var table = HandlerTable()
        table.addWorkflows()
        table.addExecutions()
        table.addTemplates()
        table.addLogs()
        table.addMonitoring()
        table.addAuthentication()
        table.addUsers()
        table.addAudit()
        table.addMessages()
        table.addSecrets()
        table.addDemo()
        return table
    }()
}

protocol AnyHandler: Sendable {}

struct Handler<Call: Endpoint>: AnyHandler {
    let body: @Sendable (Call, Request) async throws -> Call.Response
    /// `nil` where a call has no faults but those of its form.
    let judge: (@Sendable (Call, Request) async throws -> Void)?
}

/// A call as its handler sees it: on whose behalf, and with what at hand.
struct Request: Sendable {
    let caller: Caller
    let core: EngineCore
    let session: EngineCore.Session
    let auditMark: AuditMark
    /// What the reading of the call found; empty for one that is made.
    var knownFaults: [FieldFault] = []

    var now: Timestamp { core.configuration.clock.now() }
    var seesAll: Bool { caller.may(.workflowReadAll) }
    var runner: Runner { session.runner }

    func newID<Noun>() -> Identifier<Noun> { core.foundation.ids.next(at: now) }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreConnection) throws -> Value
    ) async throws -> Value {
        try await session.store.read(body)
    }

    /// See `Store.readBriefly`.
    func readBriefly<Value: Sendable>(
        _ body: @escaping @Sendable (any StoreConnection) throws -> Value
    ) async throws -> Value {
        try await session.store.readBriefly(body)
    }

    /// Reads a page of a list.
    func read<Item: Listed>(_ plan: ListQuery<Item>.Plan) async throws -> Page<Item> {
        guard plan.isBrief else { return try await read { try plan.run(in: $0) } }
        return try await readBriefly { try plan.run(in: $0) }
    }

    func write<Value: Sendable>(
        lane: WriteOperation.Lane = .data, size: Int = 512,
        _ body: @escaping @Sendable (WriteContext) throws -> Value
    ) async throws -> Value {
        try await session.writer.perform(lane: lane, size: size, body)
    }

    /// Reads messages and secrets anew after a change.
    func reload() async throws {
        try await EngineCore.Session.load(core.foundation, from: session.store)
    }
}
