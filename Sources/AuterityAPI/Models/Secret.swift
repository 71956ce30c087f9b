/// A secret as a list shows it. Its value never leaves the engine.
public struct SecretSummary: Listed {
    public static let listKey = "secrets"

    public let name: String
    /// Which workflows may use it.
    public let workflows: SecretScope
    public let updatedAt: Timestamp

    enum CodingKeys: String, CodingKey {
        case name, workflows
        case updatedAt = "updated_at"
    }

    public init(name: String, workflows: SecretScope, updatedAt: Timestamp) {
        self.name = name
        self.workflows = workflows
        self.updatedAt = updatedAt
    }
}

/// Which workflows may use a secret: `"*"`, or a list of ids.
public enum SecretScope: Hashable, Sendable, Codable {
    case all
    case workflows([WorkflowID])

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            guard text == "*" else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "expected \"*\" or a list of workflow ids")
            }
            self = .all
        } else {
            self = .workflows(try container.decode([WorkflowID].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .all: try container.encode("*")
        case .workflows(let ids): try container.encode(ids)
        }
    }
}
