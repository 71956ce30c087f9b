/// A named message that `email` steps send: a subject and a body with `{{…}}` holes.
public struct NamedMessage: Listed, Versioned {
    public static let listKey = "messages"

    public let name: String
    public let subject: String
    public let text: String
    public let html: String?
    /// Counted from 1; every change makes a new one.
    public let version: Int

    public init(
        name: String, subject: String, text: String, html: String? = nil, version: Int = 1
    ) {
        self.name = name
        self.subject = subject
        self.text = text
        self.html = html
        self.version = version
    }
}
