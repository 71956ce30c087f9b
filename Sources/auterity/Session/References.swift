import AuterityAPI
import AuterityClient

/// What a person named is not there, or is there more than once.
struct ReferenceError: StatedError, CustomStringConvertible {
    let description: String
    var exitStatus: Int32 { ExitStatus.notFound }
}

extension Client {
    /// The workflow of an id, or of a name without regard to case.
    ///
    /// - Throws: `ReferenceError` when none or several have the name.
    func workflow(_ text: String) async throws -> WorkflowID {
        if let id = WorkflowID(text) { return id }
        let page = try await send(ListWorkflows(pageSize: 100, cursor: "", search: text))
        let found = page.items.map { (name: $0.name, id: $0.id.description) }
        return try WorkflowID(Self.single("workflow", text, among: found)).orNone()
    }

    /// The template of an id, or of a name without regard to case.
    func template(_ text: String) async throws -> TemplateID {
        if let id = TemplateID(text) { return id }
        let page = try await send(ListTemplates(pageSize: 100, cursor: "", search: text))
        let found = page.items.map { (name: $0.name, id: $0.id.description) }
        return try TemplateID(Self.single("template", text, among: found)).orNone()
    }

    /// The execution of an id; `last` is the newest.
    func execution(_ text: String) async throws -> ExecutionID {
        if let id = ExecutionID(text) { return id }
        let isNewest = text == "last"
        let page = try await send(
            ListExecutions(pageSize: 2, cursor: "", search: isNewest ? nil : text))
        if let item = page.items.first, isNewest || page.items.count == 1 { return item.id }
        throw ReferenceError(
            description: page.items.isEmpty
                ? "There is no execution \"\(text)\". See: auterity execution list"
                : "\"\(text)\" is not one execution alone. Give its id; see: auterity execution list"
        )
    }

    /// The account of an id or an email.
    func user(_ text: String) async throws -> UserID {
        if let id = UserID(text) { return id }
        let page = try await send(ListUsers(pageSize: 100, cursor: "", search: text))
        let found = page.items.map { (name: $0.email, id: $0.id.description) }
        return try UserID(Self.single("user", text, among: found)).orNone()
    }

    private static func single(
        _ noun: String, _ text: String, among found: [(name: String, id: String)]
    ) throws(ReferenceError) -> String {
        let wanted = text.lowercased()
        let exact = found.filter { $0.name.lowercased() == wanted }
        let candidates = exact.isEmpty ? found : exact
        guard let first = candidates.first else {
            throw ReferenceError(
                description: "There is no \(noun) \"\(text)\". See: auterity \(noun) list")
        }
        guard candidates.count == 1 else {
            let list = candidates.prefix(8).map { "  \($0.id)  \($0.name)" }
            throw ReferenceError(
                description: "Several have \"\(text)\" in their name. Give the id of one:\n"
                    + list.joined(separator: "\n"))
        }
        return first.id
    }
}

extension Optional {
    /// The engine's own ids are well formed; the nil UUID, which names nothing, is answered 404.
    fileprivate func orNone<Noun>() -> Identifier<Noun> where Wrapped == Identifier<Noun> {
        self ?? .none
    }
}
