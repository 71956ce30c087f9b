import AuterityAPI

/// The top-level keys that a caller wants to see (`?fields=id,name`); of a list, the keys of its
/// items.
struct FieldSelection: Hashable, Sendable {
    private let names: Set<String>

    /// `nil` when nothing is selected. Names that do not exist are ignored.
    init?(_ items: [WireRequest.QueryItem]) {
        let names = items.lazy.filter { $0.name == "fields" }.flatMap { item in
            item.value.split(separator: ",").map { name in
                String(name.drop { $0 == " " }.prefix { $0 != " " })
            }
        }
        self.names = Set(names.filter { !$0.isEmpty })
        if self.names.isEmpty { return nil }
    }

    /// - Parameter listKey: the key of the items, where the answer is a list.
    func picked(from answer: JSONValue, listKey: String?) -> JSONValue {
        guard case .object(var object) = answer else { return answer }
        guard let listKey else { return .object(picked(from: object)) }
        let items = object[listKey]?.arrayValue ?? []
        object[listKey] = .array(
            items.map { item in
                if case .object(let members) = item { .object(picked(from: members)) } else { item }
            })
        return .object(object)
    }

    private func picked(from object: JSONObject) -> JSONObject {
        JSONObject(ordered: object.filter { names.contains($0.key) })
    }
}

/// An answer that lists items under a key.
protocol ListAnswer {
    static var itemsKey: String { get }
}

extension Page: ListAnswer {
    static var itemsKey: String { Item.listKey }
}
