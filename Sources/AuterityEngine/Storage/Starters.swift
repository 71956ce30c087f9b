import AuterityAPI

/// What an empty store gets: the starter templates and messages, once.
enum Starters {
    static func load(in context: WriteContext, at now: Timestamp, ids: IDSource) throws {
        guard try Facts.text("starters", in: context.connection) == nil else { return }
        try Facts.set("starters", to: now.description, in: context)
    }
}
