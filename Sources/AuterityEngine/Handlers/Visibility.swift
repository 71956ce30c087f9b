import AuterityAPI

/// Who sees what: one's own, or all with `workflow:read_all`. What a caller may not see is not
/// found.
struct Viewer: Sendable {
    let caller: Caller
    /// The caller's row; `nil` where the store has not met them yet.
    let row: Int64?

    var seesAll: Bool { caller.may(.workflowReadAll) }

    init(_ caller: Caller, in connection: any StoreConnection) throws {
        self.caller = caller
        row = try UserRecords.row(of: caller, in: connection)
    }

    func sees(_ workflow: WorkflowRecords.Record) -> Bool {
        seesAll || workflow.ownerRow == row
    }

    /// The owner of the workflow and whoever started it.
    func sees(_ execution: ExecutionRecord) -> Bool {
        seesAll || execution.ownerRow == row || execution.starterRow == row
    }

    /// - Throws: 404.
    func workflow(
        _ id: WorkflowID, in connection: any StoreConnection
    ) throws -> WorkflowRecords.Record {
        guard let record = try WorkflowRecords.find(id, in: connection), !record.isDeleted,
            sees(record)
        else { throw APIError.notFound("workflow") }
        return record
    }

    /// - Throws: 404.
    func execution(
        _ id: ExecutionID, in connection: any StoreConnection
    ) throws -> ExecutionRecord {
        guard let record = try ExecutionRecord.find(id, in: connection), sees(record) else {
            throw APIError.notFound("execution")
        }
        return record
    }
}

extension Request {
    /// Reads with the caller's rights at hand.
    func view<Value: Sendable>(
        _ body: @escaping @Sendable (Viewer, any StoreConnection) throws -> Value
    ) async throws -> Value {
        let caller = caller
        return try await read { connection in
            try body(try Viewer(caller, in: connection), connection)
        }
    }

    /// Like `view`, for what `Store.readBriefly` is for.
    func viewBriefly<Value: Sendable>(
        _ body: @escaping @Sendable (Viewer, any StoreConnection) throws -> Value
    ) async throws -> Value {
        let caller = caller
        return try await readBriefly { connection in
            try body(try Viewer(caller, in: connection), connection)
        }
    }

    /// Which page of a list was asked for.
    func wish(
        _ page: Int?, _ pageSize: Int?, cursor: String?, sort: String?
    ) -> PageWish {
        PageWish(
            page: page, pageSize: pageSize, cursor: cursor, sort: sort,
            cursorKey: core.foundation.cursorKey, knownFaults: knownFaults)
    }
}
