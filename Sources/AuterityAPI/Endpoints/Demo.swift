/// What a purge of the demo took away.
public struct DemoRemoved: Codable, Hashable, Sendable {
    public let workflows: Int
    public let executions: Int

    public init(workflows: Int, executions: Int) {
        self.workflows = workflows
        self.executions = executions
    }
}

/// Takes the demo away: its workflows, their executions and the whole history of both.
public struct RemoveDemo: Endpoint {
    public typealias Response = DemoRemoved

    public init() {}

    public static let route = Route(
        .delete, "/api/demo", access: .permission(.systemConfigure), rateLimit: .other,
        summary: "Remove the demo")
    public static let example = RemoveDemo()
}
