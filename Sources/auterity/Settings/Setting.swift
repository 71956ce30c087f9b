/// One setting: its flag, its environment variable and its key in the configuration file all
/// come from its name. The lists of the groups stand in files of their own.
struct Setting: Sendable {
    /// What a value must look like.
    enum Kind: Sendable {
        case text
        case path
        /// `true` or `false`; as a flag it stands alone.
        case toggle
        case number(ClosedRange<Double>)
        case choice([String])
        /// So many requests in so many seconds: `100/60`.
        case rate
    }

    /// What a setting is for; each command shows the groups that it uses.
    enum Group: Sendable, CaseIterable {
        case store, connection, engine, console, server
    }

    /// As in the configuration file: `data_dir`.
    let key: String
    let kind: Kind
    /// One sentence, with the unit of a number.
    let summary: String
    /// What holds when nothing is set, for the manual.
    let defaultText: String
    /// Never shown and never logged.
    var isSecret = false
    /// A toggle that is on at first, and has a flag `--no-…` to take it away.
    var isOnAtFirst = false
    /// Whether it may be an argument, which other users of the machine see.
    var hasFlag = true

    var flag: String { "--" + key.replacing("_", with: "-") }
    var environmentVariable: String { "AUTERITY_" + key.uppercased() }

    /// The list of all settings.
    static let all = Group.allCases.flatMap { list($0) }

    static let byKey = Dictionary(all.map { ($0.key, $0) }) { first, _ in first }

    static func list(_ group: Group) -> [Setting] {
        switch group {
        case .store: store
        case .connection: connection
        case .engine: engine
        case .console: console
        case .server: server
        }
    }
}
