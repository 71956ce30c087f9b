import AuterityAPI
import AuterityClient
import TerminalUI

/// The whole state of the console.
struct Model: Sendable {
    /// Requests and timers of the console itself have this owner.
    static let consoleID: ScreenID = 0
    /// Notices kept for `:messages`.
    static let noticeLimit = 500
    /// The smallest terminal that can show anything of use.
    static let smallestSize = Size(width: 20, height: 6)

    let options: ConsoleOptions
    var now: Timestamp
    var size: Size
    var charset: Charset
    /// What the terminal can show of a theme.
    let colors: ColorDepth
    private(set) var theme: Theme

    var opening: Opening = .opening
    /// Since when a client is being opened.
    var openingSince: Timestamp
    /// The server that is spoken to.
    var server: ServerProfile
    /// All there are, as they were read last.
    var servers: [ServerProfile] = []
    /// The server that is being gone to; what is shown is still that of `server`.
    var switching: ServerProfile?
    /// Where one was in the servers that were left.
    var parked: [String: ParkedServer] = [:]
    /// The server before this one, for `:profile -`.
    var previous: ServerProfile?
    /// Trails that were begun besides the first.
    var trailCount = 0
    /// Whether a client was open before.
    var hasOpened = false
    /// What the list of servers is read for.
    var serverWish: ServerWish?
    /// Grows when the feed is to begin anew: at another server, and for a try at once.
    var feedNumber = 0
    /// The feed that does not go on where the one before was, but from now.
    var feedFromNow: Int?
    /// Whether events came that changed what is said of how late they come.
    var latenessHasChanged = false
    var line = Line()
    /// Whether the form for a login is to be shown wherever one is, if the try that was just
    /// asked for shows that one must log in.
    var wantsLogin = false
    var facts = ServerFacts()

    var trail: Trail
    var overlay: Overlay?
    var toasts: [ShownToast] = []
    /// The failed call whose answer is being taken: what is said meanwhile is about it.
    var failedCall: FailedCall?
    var notices: [Notice] = []
    var requests: [Int: RunningRequest] = [:]
    var nextNumber = 1
    var commandHistory: [String] = []
    var metrics: Metrics?
    /// When the feed brought them last.
    var metricsHeardAt: Timestamp?
    /// Whether something happened since the metrics were asked for.
    var metricsAreStale = false
    var costs = ConsoleCosts()
    var isMouseOn = true
    /// Without borders and colours of its own, for the terminal to select text.
    var isPlain = false
    var demo: DemoState = .none
    /// What a command named that is being looked up.
    var lookup: Lookup?
    /// Set when quitting; nothing is drawn or done after it.
    var isQuitting = false

    init(
        options: ConsoleOptions, size: Size, charset: Charset, colors: ColorDepth = .truecolor,
        now: Timestamp
    ) {
        self.options = options
        self.now = now
        openingSince = now
        self.size = size
        self.charset = options.isASCII ? .ascii : charset
        self.colors = colors
        server = options.server
        theme = options.theme(named: options.server.theme ?? options.theme)
            .downsampled(to: colors)
        trail = Trail(start: .overview)
    }

    /// Takes the theme of that name, or the first there is.
    mutating func setTheme(_ name: String) {
        theme = options.theme(named: name).downsampled(to: colors)
    }

    var identity: ClientIdentity? {
        if case .open(let identity) = opening { identity } else { nil }
    }

    var access: Access {
        Access(
            permissions: identity?.permissions ?? [], roles: identity?.roles ?? [],
            isReadOnly: isReadOnly,
            readOnlyProfile: server.isReadOnly ? server.title : nil)
    }

    /// Whether the screen on top can show something without a server.
    var needsServer: Bool {
        ![.messages, .help, .about, .performance].contains(trail.top.screen.destination)
    }

    var isReadOnly: Bool { options.isReadOnly || server.isReadOnly }

    /// What the screen on top may know.
    var context: ScreenContext {
        ScreenContext(
            now: serverNow, utcOffset: options.utcOffset,
            area: ScreenLayout(size: size, of: self).body,
            theme: theme, charset: charset, access: access, identity: identity,
            connection: line.state, isOffline: line.isOffline,
            lastLive: line.lastLive?.adding(seconds: facts.clockOffset),
            lateness: line.lateness.seconds, clockOffset: facts.clockOffset,
            themeNames: options.themes.map(\.name), notices: notices,
            costs: costs, metrics: metrics, demo: demo,
            takesDemo: !server.confirmsChanges, isPlain: isPlain,
            version: options.version, helpTable: trail.helpTable)
    }
}

/// Whether there is a client to speak with.
enum Opening: Hashable, Sendable {
    case opening
    case open(ClientIdentity)
    /// The sentence says why and what to do.
    case failed(String, needsLogin: Bool)

    var hasFailed: Bool { if case .failed = self { true } else { false } }
}

/// Whether sample workflows run.
enum DemoState: Hashable, Sendable {
    case none, starting, running, removing
}

/// A toast with the moment it goes.
struct ShownToast: Hashable, Sendable {
    let toast: Toast
    let until: Timestamp
    /// The failed call that it is about, where it is about one.
    var call: FailedCall?

    /// Seconds that a toast stays: errors longer, since they are to be read.
    static func seconds(_ kind: Toast.Kind) -> Double {
        switch kind {
        case .info, .success: 4
        case .warning: 6
        case .error: 10
        }
    }

    static let limit = 3
}

/// A call that went wrong: of which kind, and whose.
struct FailedCall: Hashable, Sendable {
    let name: String
    let screen: ScreenID
}

/// A request under way.
struct RunningRequest: Sendable {
    let screen: ScreenID
    let request: Request
    let since: Timestamp
}
