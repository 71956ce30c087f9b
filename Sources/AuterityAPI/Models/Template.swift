/// The kinds of values that a template's parameter takes.
public enum ParameterType: String, Codable, Sendable, CaseIterable {
    case string, number, integer, boolean, email, url, date, phone, select, secret, array, object
}

/// One blank of a template, with the rules for what may fill it.
public struct TemplateParameter: Codable, Hashable, Sendable {
    public let name: String
    public let description: String
    public let parameterType: ParameterType
    public let isRequired: Bool
    public let defaultValue: JSONValue?
    /// What a `select` offers.
    public let options: [JSONValue]?
    /// In characters.
    public let minLength: Int?
    /// In characters.
    public let maxLength: Int?
    /// A regular expression (RE2) that the whole text must match.
    public let pattern: String?
    public let minimum: Double?
    public let maximum: Double?
    public let minItems: Int?
    public let maxItems: Int?

    enum CodingKeys: String, CodingKey {
        case name, description, options, pattern, minimum, maximum
        case parameterType = "parameter_type"
        case isRequired = "is_required"
        case defaultValue = "default_value"
        case minLength = "min_length"
        case maxLength = "max_length"
        case minItems = "min_items"
        case maxItems = "max_items"
    }

    public init(
        name: String, description: String = "", parameterType: ParameterType,
        isRequired: Bool = false, defaultValue: JSONValue? = nil, options: [JSONValue]? = nil,
        minLength: Int? = nil, maxLength: Int? = nil, pattern: String? = nil,
        minimum: Double? = nil, maximum: Double? = nil, minItems: Int? = nil, maxItems: Int? = nil
    ) {
        self.name = name
        self.description = description
        self.parameterType = parameterType
        self.isRequired = isRequired
        self.defaultValue = defaultValue
        self.options = options
        self.minLength = minLength
        self.maxLength = maxLength
        self.pattern = pattern
        self.minimum = minimum
        self.maximum = maximum
        self.minItems = minItems
        self.maxItems = maxItems
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        description = try container.decodeIfPresent(String.self, forKey: .description) ?? ""
        parameterType =
            try container.decodeIfPresent(ParameterType.self, forKey: .parameterType) ?? .string
        isRequired = try container.decodeIfPresent(Bool.self, forKey: .isRequired) ?? false
        defaultValue = try container.decodeIfPresent(JSONValue.self, forKey: .defaultValue)
        options = try container.decodeIfPresent([JSONValue].self, forKey: .options)
        minLength = try container.decodeIfPresent(Int.self, forKey: .minLength)
        maxLength = try container.decodeIfPresent(Int.self, forKey: .maxLength)
        pattern = try container.decodeIfPresent(String.self, forKey: .pattern)
        minimum = try container.decodeIfPresent(Double.self, forKey: .minimum)
        maximum = try container.decodeIfPresent(Double.self, forKey: .maximum)
        minItems = try container.decodeIfPresent(Int.self, forKey: .minItems)
        maxItems = try container.decodeIfPresent(Int.self, forKey: .maxItems)
    }
}

/// A definition with blanks, to make workflows from.
public struct Template: Codable, Hashable, Sendable, Versioned {
    public let id: TemplateID
    public let name: String
    public let description: String
    /// Such as `sales`, `service`, `parts`, `inventory`, `marketing`.
    public let category: String
    public let definition: JSONValue
    public let parameters: [TemplateParameter]
    public let isActive: Bool
    public let createdAt: Timestamp
    /// Made by the product, not by a person.
    public let isStarter: Bool
    /// Counted from 1; every change makes a new one.
    public let version: Int

    enum CodingKeys: String, CodingKey {
        case id, name, description, category, definition, parameters, version
        case isActive = "is_active"
        case createdAt = "created_at"
        case isStarter = "is_starter"
    }

    public init(
        id: TemplateID, name: String, description: String, category: String,
        definition: JSONValue, parameters: [TemplateParameter], isActive: Bool,
        createdAt: Timestamp, isStarter: Bool, version: Int = 1
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.category = category
        self.definition = definition
        self.parameters = parameters
        self.isActive = isActive
        self.createdAt = createdAt
        self.isStarter = isStarter
        self.version = version
    }
}

extension Template {
    /// A server that knows no versions of templates has the first of each.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(TemplateID.self, forKey: .id)
        name = try container.decode(String.self, forKey: .name)
        description = try container.decode(String.self, forKey: .description)
        category = try container.decode(String.self, forKey: .category)
        definition = try container.decode(JSONValue.self, forKey: .definition)
        parameters = try container.decode([TemplateParameter].self, forKey: .parameters)
        isActive = try container.decode(Bool.self, forKey: .isActive)
        createdAt = try container.decode(Timestamp.self, forKey: .createdAt)
        isStarter = try container.decode(Bool.self, forKey: .isStarter)
        version = try container.decodeIfPresent(Int.self, forKey: .version) ?? 1
    }
}

/// A template as a list shows it.
public struct TemplateSummary: Listed {
    public static let listKey = "templates"

    public let id: TemplateID
    public let name: String
    public let description: String
    public let category: String
    public let isActive: Bool
    public let createdAt: Timestamp
    /// How many workflows were made from it.
    public let usageCount: Int
    public let parameterCount: Int

    enum CodingKeys: String, CodingKey {
        case id, name, description, category
        case isActive = "is_active"
        case createdAt = "created_at"
        case usageCount = "usage_count"
        case parameterCount = "parameter_count"
    }

    public init(
        id: TemplateID, name: String, description: String, category: String, isActive: Bool,
        createdAt: Timestamp, usageCount: Int, parameterCount: Int
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.category = category
        self.isActive = isActive
        self.createdAt = createdAt
        self.usageCount = usageCount
        self.parameterCount = parameterCount
    }
}

/// What instantiating a template would make.
public struct TemplatePreview: Codable, Hashable, Sendable {
    public let name: String
    public let description: String
    public let definition: JSONValue
    public let warnings: [FieldFault]

    public init(
        name: String, description: String, definition: JSONValue, warnings: [FieldFault] = []
    ) {
        self.name = name
        self.description = description
        self.definition = definition
        self.warnings = warnings
    }
}
