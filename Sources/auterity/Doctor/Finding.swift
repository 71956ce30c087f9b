import AuterityAPI

/// One line of `auterity doctor`.
struct Finding: Encodable {
    enum Status: String, Encodable {
        case ok, warn, fail
    }

    /// Such as `store.schema`: the part before the dot is what it is about.
    let id: String
    let status: Status
    /// What was found. Never a secret.
    let detail: String
    /// What to do about it; `nil` when all is well.
    let advice: String?

    init(_ id: String, _ status: Status, _ detail: String, advice: String? = nil) {
        self.id = id
        self.status = status
        self.detail = detail
        self.advice = status == .ok ? nil : advice
    }

    static func ok(_ id: String, _ detail: String) -> Finding { Finding(id, .ok, detail) }

    static func warn(_ id: String, _ detail: String, _ advice: String) -> Finding {
        Finding(id, .warn, detail, advice: advice)
    }

    static func fail(_ id: String, _ detail: String, _ advice: String) -> Finding {
        Finding(id, .fail, detail, advice: advice)
    }

    var area: Substring { id.prefix { $0 != "." } }
}

/// How figures are written for people.
enum Figures {
    /// `3.4 GiB`.
    static func bytes(_ count: Int64) -> String {
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"]
        var value = Double(count)
        var unit = 0
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return unit == 0 ? "\(count) bytes" : "\(Column.fixed(value, 1)) \(units[unit])"
    }

    /// `0600`.
    static func mode(_ mode: UInt32) -> String {
        let digits = String(mode & 0o777, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
