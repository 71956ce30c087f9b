/// The extension `permessage-deflate` (RFC 7692), as far as it is spoken here: the server
/// compresses what it says, with what it said before in mind, and a client may send each message
/// compressed by itself. Ours sends too little for that to matter.
struct WebSocketCompression: Hashable, Sendable {
    /// How far back the server's messages may refer: a power of two.
    let window: Int
    /// Whether each message of the server stands alone.
    let standsAlone: Bool

    private static let name = "permessage-deflate"
    /// With it a connection holds 32 KiB; a larger one makes events hardly any smaller.
    private static let largestWindow = 12
    /// zlib knows no smaller one.
    private static let smallestWindow = 9

    /// What a client of ours asks for.
    static let offer = "\(name); client_no_context_takeover"

    /// What a server agrees to: the first offer that can be met; `nil` without any.
    init?(offers fields: [String]) {
        for offer in fields.flatMap({ $0.split(separator: ",") }) {
            guard let parameters = Self.parameters(of: offer) else { continue }
            var window = Self.largestWindow
            var standsAlone = false
            var isMet = true
            for (key, value) in parameters {
                switch (key, value.map { Int($0) }) {
                case ("server_no_context_takeover", nil): standsAlone = true
                case ("client_no_context_takeover", nil), ("client_max_window_bits", nil): break
                case ("client_max_window_bits", .some(let bits?)) where 8...15 ~= bits: break
                case ("server_max_window_bits", .some(let bits?))
                where Self.smallestWindow...15 ~= bits:
                    window = min(window, bits)
                default: isMet = false
                }
            }
            guard isMet else { continue }
            self.window = window
            self.standsAlone = standsAlone
            return
        }
        return nil
    }

    /// What a server has agreed to; `nil` when that is not what was offered.
    init?(answer fields: [String]) {
        let answers = fields.flatMap { $0.split(separator: ",") }
        guard answers.count == 1, let parameters = Self.parameters(of: answers[0]) else {
            return nil
        }
        var window = 15
        var standsAlone = false
        for (key, value) in parameters {
            switch (key, value.map { Int($0) }) {
            case ("server_no_context_takeover", nil): standsAlone = true
            case ("client_no_context_takeover", nil): break
            case ("server_max_window_bits", .some(let bits?)) where 8...15 ~= bits: window = bits
            default: return nil
            }
        }
        self.window = window
        self.standsAlone = standsAlone
    }

    /// What the server says it has agreed to.
    var answer: String {
        "\(Self.name); server_max_window_bits=\(window); client_no_context_takeover"
            + (standsAlone ? "; server_no_context_takeover" : "")
    }

    /// The parameters of an extension; `nil` when it is another one, or names one twice.
    private static func parameters(of text: Substring) -> [String: String?]? {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
            .map { trimmed($0) }
        guard parts.first?.lowercased() == name else { return nil }
        var parameters: [String: String?] = [:]
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = trimmed(pair[0]).lowercased()
            let value: String? = pair.count > 1 ? trimmed(pair[1]).filter { $0 != "\"" } : nil
            guard parameters.updateValue(value, forKey: key) == nil else { return nil }
        }
        return parameters
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let rest = text.drop { $0 == " " || $0 == "\t" }
        return String(String(rest.reversed().drop { $0 == " " || $0 == "\t" }).reversed())
    }
}
