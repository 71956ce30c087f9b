import ArgumentParser
import AuterityAPI

/// How much of a list is fetched.
struct PageOptions: ParsableArguments {
    @Option(name: .long, help: "At most so many; 0 fetches all.")
    var limit = 50

    func validate() throws {
        if limit < 0 { throw ValidationError("--limit must not be negative") }
    }

    /// Fetches page after page by cursor, which costs the same at the end as at the start.
    func items<Item>(
        _ fetch: (_ cursor: String, _ size: Int) async throws -> Page<Item>
    ) async throws -> [Item] {
        var items: [Item] = []
        var cursor = ""
        while limit == 0 || items.count < limit {
            let missing = limit == 0 ? PageLimits.maximumSize : limit - items.count
            let page = try await fetch(cursor, min(missing, PageLimits.maximumSize))
            items += page.items
            guard let next = page.nextCursor else { break }
            cursor = next
        }
        return items
    }
}
