/// What the documentation says of a call beyond what its types say.
public struct CallNotes: Sendable {
    /// Sentences for people, in Markdown; empty where the summary says it all.
    public let text: String
    /// By key of the request; see `FieldNote.usual` for those that need no word here.
    public let fields: [String: FieldNote]
    /// Why it can fail besides what every call of its form can fail of.
    public let failures: [APIError.Code]

    public init(
        _ text: String = "", fields: [String: FieldNote] = [:], failures: [APIError.Code] = []
    ) {
        self.text = text
        self.fields = fields
        self.failures = failures
    }
}

/// What one field of a request means, and which values it takes.
public struct FieldNote: Sendable {
    /// In Markdown.
    public let text: String
    /// Keywords of JSON Schema that go beside what the type says.
    public let keywords: JSONObject

    /// - Parameters:
    ///   - range: of a number.
    ///   - length: of a text, in Unicode scalars.
    ///   - count: of a list.
    ///   - standard: what holds when the field is absent.
    ///   - other: further keywords.
    public init(
        _ text: String, in range: ClosedRange<Int>? = nil, length: ClosedRange<Int>? = nil,
        count: ClosedRange<Int>? = nil, standard: JSONValue? = nil, _ other: JSONObject = [:]
    ) {
        self.text = text
        var keywords = other
        for (noun, bounds) in [("Length", length), ("Items", count)] {
            guard let bounds else { continue }
            if bounds.lowerBound > 0 { keywords["min\(noun)"] = .int(Int64(bounds.lowerBound)) }
            keywords["max\(noun)"] = .int(Int64(bounds.upperBound))
        }
        if let range {
            keywords["minimum"] = .int(Int64(range.lowerBound))
            keywords["maximum"] = .int(Int64(range.upperBound))
        }
        if let standard { keywords["default"] = standard }
        self.keywords = keywords
    }

    /// The keys that a list can be sorted by.
    ///
    /// - Parameter standard: the key that it is sorted by without one; `nil` when the newest come
    ///   first.
    public static func sort(_ keys: [String], standard: String? = nil) -> FieldNote {
        FieldNote(
            "A key to sort by, with `-` before it for falling order. "
                + (standard.map { "Without it they come by `\($0)`." }
                    ?? "The newest come first without it."),
            ["enum": .array(keys.flatMap { [.string($0), .string("-\($0)")] })])
    }

    /// Of keys that mean the same wherever they stand.
    public static let usual: [String: FieldNote] = [
        "page": FieldNote("Which page, counted from 1.", in: FieldLimits.page, standard: 1),
        "page_size": FieldNote(
            "How many items a page has.", in: FieldLimits.pageSize,
            standard: .int(Int64(PageLimits.defaultSize))),
        "cursor": FieldNote(
            "Empty to begin, then the `next_cursor` of the page before. Such pages have no totals "
                + "and cost the same wherever they are. Excludes `page`."),
        "since": FieldNote("From this moment on."),
        "until": FieldNote("Before this moment."),
        "search": FieldNote("Looks for this text, whatever its case."),
        "is_active": FieldNote("Whether it can be used; `true` when absent."),
        "is_demo": FieldNote("Marks it as part of the demo.", standard: false),
        "name": FieldNote("Spaces around it are cut off.", length: FieldLimits.name),
        "description": FieldNote("Empty when absent.", length: FieldLimits.description),
        "definition": FieldNote("The nodes and edges."),
        "workflow_id": FieldNote("The id of a workflow."),
        "execution_id": FieldNote("The id of an execution."),
        "template_id": FieldNote("The id of a template."),
        "alert_id": FieldNote("The id of an alert."),
        "user_id": FieldNote("The id of an account."),
        "version": FieldNote("Counted from 1; every change makes a new one."),
        "input_data": FieldNote("What the execution works on, at most 1 MiB."),
        "email": FieldNote(
            "Compared without regard to case.", ["format": "email", "maxLength": 254]),
        "password": FieldNote(
            "8 to 72 bytes in UTF-8.", ["format": "password", "maxLength": 72]),
        "first_name": FieldNote("Empty when absent.", ["maxLength": 255]),
        "last_name": FieldNote("Empty when absent.", ["maxLength": 255]),
        "company": FieldNote("Empty when absent.", ["maxLength": 255]),
        "if_match": FieldNote(
            "The `ETag` that the change is made against; a stale one is answered 412."),
    ]
}
