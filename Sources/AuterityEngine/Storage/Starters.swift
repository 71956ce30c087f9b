import AuterityAPI

/// What an empty store gets: the starter templates and messages, once. What a person deletes
/// later stays deleted.
enum Starters {
    private static let fact = "starters_loaded"

    static func load(in context: WriteContext, at now: Timestamp, ids: IDSource) throws {
        guard try Facts.text(fact, in: context.connection) == nil else { return }
        for message in StarterMessages.all {
            try MessageRecords.put(message, at: now, in: context)
        }
        for starter in try StarterTemplate.load() {
            let content = TemplateRecords.Content(
                name: starter.name, description: starter.description, category: starter.category,
                definition: starter.definition, parameters: starter.parameters, isStarter: true)
            try TemplateRecords.insert(
                content, id: ids.next(at: now), by: nil, at: now, in: context)
        }
        try Facts.set(fact, to: now.description, in: context)
    }
}
