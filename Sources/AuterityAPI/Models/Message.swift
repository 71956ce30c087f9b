/// A named message that `email` steps send: a subject and a body with `{{…}}` holes.
public struct NamedMessage: Listed {
    public static let listKey = "messages"

    public let name: String
    public let subject: String
    public let text: String
    public let html: String?

    public init(name: String, subject: String, text: String, html: String? = nil) {
        self.name = name
        self.subject = subject
        self.text = text
        self.html = html
    }
}
