package import AuterityAPI
import OrderedCollections

/// The names that an expression can reach, and what they stand for.
///
/// It is asked for each name each time the name is evaluated: answer from a table, and make
/// values from JSON with `CELValue(_:)`, which copies nothing.
package protocol Scope {
    /// The value of a name; `nil` when nothing provides it.
    func value(named name: String) -> CELValue?
    /// What can be suggested in place of an unknown name.
    var names: [String] { get }
}

/// A scope that is a table.
package struct NamedValues: Scope, Sendable {
    package var values: [String: CELValue]

    package init(_ values: [String: CELValue] = [:]) {
        self.values = values
    }

    /// Each member of the object is a name.
    package init(_ object: JSONObject) {
        values = [:]
        for (key, value) in object.members {
            values[key] = CELValue(value)
        }
    }

    package func value(named name: String) -> CELValue? { values[name] }
    package var names: [String] { values.keys.sorted() }
}
