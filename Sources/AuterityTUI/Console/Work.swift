/// What the shell is to do: everything that a pure model cannot.
enum Work: Equatable, Sendable {
    /// Makes a call on behalf of a screen; `Message.reply` with the number brings the answer.
    case request(number: Int, Request)
    /// Gives up a call; its answer does not come any more.
    case abandon(number: Int)
    case edit(ScreenID, Document)
    case copy(String, label: String)
    case save(String, name: String)
    case startDemo
    case stopDemo
    /// Opens the client of a server (again).
    case open(ServerProfile)
    /// Begins a session with a server.
    case login(ServerProfile, email: String, password: String)
    /// Gives up opening and logging in.
    case stopOpening
    /// The console has gone elsewhere.
    case leave(ServerProfile)
    /// Reads which servers there are.
    case listServers
    case repaint
    case setMouse(Bool)
    case suspend
    /// Leaves the console with this exit status.
    case quit(status: Int32)
}

/// What goes on because the model says so; the runtime starts what is new in the set and ends
/// what is gone from it.
enum Activity: Hashable, Sendable {
    /// `Message.timer` with the owner and the name after each interval.
    case timer(ScreenID, String, every: Duration)
    /// `Message.clock` at each full minute.
    case minute
    /// `Message.feed`: all events, from where the feed before of this server was, or from now.
    /// Another number is another feed.
    case feed(number: Int, fromNow: Bool = false)
}
