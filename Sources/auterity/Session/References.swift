import AuterityAPI
import AuterityClient
import TerminalUI

/// What a person named is not there, or is there more than once.
struct ReferenceError: StatedError, CustomStringConvertible {
    let message: String
    /// The command that shows what there is.
    var command: String?

    var exitStatus: Int32 { ExitStatus.notFound }
    var description: String { message + (command.map { ". See: \($0)" } ?? "") }

    init(_ message: String, see command: String? = nil) {
        self.message = message
        self.command = command
    }

    /// Candidates that are listed, so that one can be copied.
    private static let listed = 8

    /// Several things that a text may mean.
    static func several(_ sentence: String, _ found: [Candidate]) -> ReferenceError {
        var lines = found.prefix(listed).map { SafeText.line("  \($0.id)  \($0.name)") }
        if found.count > listed { lines.append("  … and others") }
        return ReferenceError(([sentence] + lines).joined(separator: "\n"))
    }
}

/// Something that a text may mean.
struct Candidate {
    let id: String
    /// And what else tells it from others.
    let name: String
}

/// What something is named for.
enum ReferencePurpose {
    /// A part of a name will do, where one thing alone has it.
    case reading
    /// The whole name is needed, so that a slip changes nothing that was not meant.
    case changing
}

/// The beginning or another part of an id.
private enum IDPart {
    /// Characters of the shortest that is taken for one.
    static let shortest = 8
    /// Pages that are looked through for a part where the server does not.
    static let pages = 20

    static func isOne(_ text: String) -> Bool {
        (shortest...36).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "-")
                    || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20
            }
    }
}

extension Client {
    /// The workflow of an id, of the beginning of one, or of a name without regard to case.
    ///
    /// - Throws: `ReferenceError` when none or several have the name.
    func workflow(
        _ text: String, for purpose: ReferencePurpose = .reading
    ) async throws -> WorkflowID {
        if let id = WorkflowID(text) { return id }
        let id = try await single("workflow", text, purpose) { search, cursor in
            try await send(ListWorkflows(pageSize: 100, cursor: cursor, search: search))
        } as: {
            Candidate(id: $0.id.description, name: $0.name)
        }
        return WorkflowID(id).orNone()
    }

    /// The template of an id, of the beginning of one, or of a name without regard to case.
    func template(
        _ text: String, for purpose: ReferencePurpose = .reading
    ) async throws -> TemplateID {
        if let id = TemplateID(text) { return id }
        let id = try await single("template", text, purpose) { search, cursor in
            try await send(ListTemplates(pageSize: 100, cursor: cursor, search: search))
        } as: {
            Candidate(id: $0.id.description, name: $0.name)
        }
        return TemplateID(id).orNone()
    }

    /// The account of an id, of the beginning of one, or of an email.
    func user(
        _ text: String, for purpose: ReferencePurpose = .reading
    ) async throws -> UserID {
        if let id = UserID(text) { return id }
        let id = try await single("user", text, purpose) { search, cursor in
            try await send(ListUsers(pageSize: 100, cursor: cursor, search: search))
        } as: {
            Candidate(id: $0.id.description, name: $0.email)
        }
        return UserID(id).orNone()
    }

    /// The alert of an id or of the beginning of one.
    func alert(_ text: String) async throws -> AlertID {
        if let id = AlertID(text) { return id }
        let id = try await single("alert", text, .changing) {
            (search: String?, cursor: String) async throws -> Page<Alert> in
            // An alert has no name to be searched for.
            guard search == nil else { return Page(items: [], position: .cursor(next: nil)) }
            return try await send(ListAlerts(pageSize: 100, cursor: cursor))
        } as: {
            Candidate(id: $0.id.description, name: $0.message)
        }
        return AlertID(id).orNone()
    }

    /// The execution of an id, or of a part of it that no other has; `last` is the newest.
    func execution(
        _ text: String, for purpose: ReferencePurpose = .reading
    ) async throws -> ExecutionID {
        if let id = ExecutionID(text) { return id }
        let isNewest = text == "last"
        let page = try await send(
            ListExecutions(
                pageSize: isNewest ? 1 : 100, cursor: "", search: isNewest ? nil : text))
        if isNewest, let newest = page.items.first { return newest.id }
        // The search finds names of workflows and errors too; what looks like a part of an id is
        // meant as one where there is one.
        let part = text.lowercased()
        let ofIDs = page.items.filter { $0.id.description.contains(part) }
        let found = IDPart.isOne(text) && !ofIDs.isEmpty ? ofIDs : page.items
        guard let item = found.first else {
            throw ReferenceError(
                "There is no execution \"\(text)\"", see: "auterity execution list")
        }
        guard found.count == 1 else {
            throw ReferenceError.several(
                "Several executions have \"\(text)\" in id, workflow or error. Give the id of one:",
                found.map { item in
                    Candidate(
                        id: item.id.description,
                        name: "\(item.workflowName)  \(item.status.rawValue)")
                })
        }
        let isNamed = IDPart.isOne(text) && item.id.description.contains(part)
        guard isNamed || purpose == .reading else {
            throw ReferenceError(
                "A change needs the execution's id, not \"\(text)\". There is "
                    + "\(item.id) of \"\(item.workflowName)\"")
        }
        return item.id
    }

    // MARK: - One among many

    private func single<Item>(
        _ noun: String, _ text: String, _ purpose: ReferencePurpose,
        _ fetch: (_ search: String?, _ cursor: String) async throws -> Page<Item>,
        as candidate: (Item) -> Candidate
    ) async throws -> String {
        let found = try await fetch(text, "").items.map(candidate)
        let wanted = text.lowercased()
        let exact = found.filter { $0.name.lowercased() == wanted }
        if exact.isEmpty, IDPart.isOne(text) {
            let begun = try await beginning(wanted, fetch, as: candidate)
            if begun.count == 1 { return begun[0].id }
            if begun.count > 1 {
                throw ReferenceError.several(
                    "The ids of several begin with \"\(text)\". Give the id of one:", begun)
            }
        }
        let candidates = exact.isEmpty ? found : exact
        guard let first = candidates.first else {
            throw ReferenceError("There is no \(noun) \"\(text)\"", see: "auterity \(noun) list")
        }
        guard !exact.isEmpty || purpose == .reading else {
            throw ReferenceError.several(
                "There is no \(noun) \"\(text)\", and a change needs the whole name or the id. "
                    + "There is:", candidates)
        }
        guard candidates.count == 1 else {
            throw ReferenceError.several(
                "Several have \"\(text)\" in their name. Give the id of one:", candidates)
        }
        return first.id
    }

    /// What has an id that begins so: the server looks for names only.
    private func beginning<Item>(
        _ text: String, _ fetch: (_ search: String?, _ cursor: String) async throws -> Page<Item>,
        as candidate: (Item) -> Candidate
    ) async throws -> [Candidate] {
        var found: [Candidate] = []
        var cursor = ""
        for _ in 0..<IDPart.pages {
            let page = try await fetch(nil, cursor)
            found += page.items.map(candidate).filter { $0.id.hasPrefix(text) }
            guard let next = page.nextCursor else { break }
            cursor = next
        }
        return found
    }
}

extension Optional {
    /// The engine's own ids are well formed; the nil UUID, which names nothing, is answered 404.
    fileprivate func orNone<Noun>() -> Identifier<Noun> where Wrapped == Identifier<Noun> {
        self ?? .none
    }
}
