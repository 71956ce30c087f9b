/// A place in the source of an expression, both counted from 1, columns in Unicode scalars.
package struct Position: Hashable, Sendable {
    package var line: Int
    package var column: Int

    package init(line: Int = 1, column: Int = 1) {
        self.line = line
        self.column = column
    }
}

/// Why an expression or a template could not be read, checked or evaluated, and where.
package struct ExpressionError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// The text is no expression.
        case syntax
        /// The checker knows that it cannot work: unknown function or name, types that never fit.
        case type
        /// It failed with these values: no such key, division by zero, overflow.
        case evaluation
        /// It needs more steps, memory or depth than an expression may take. Never absorbed by
        /// `&&`, `||`, `all` or `exists`.
        case limit
    }

    package let kind: Kind
    package let message: String
    package var position: Position
    /// Where in a tree of values the text stands, such as `headers.Authorization`; empty for a
    /// text by itself.
    package var place: String

    package init(
        _ kind: Kind, _ message: String, at position: Position = Position(), place: String = ""
    ) {
        self.kind = kind
        self.message = message
        self.position = position
        self.place = place
    }

    package var line: Int { position.line }
    package var column: Int { position.column }

    package var description: String {
        let prefix = place.isEmpty ? "" : "\(place): "
        return "\(prefix)line \(line), column \(column): \(message)"
    }

    /// The same error in a tree of values, one level further out.
    func inside(_ key: String) -> ExpressionError {
        var copy = self
        if place.isEmpty {
            copy.place = key
        } else {
            copy.place = place.hasPrefix("[") ? key + place : "\(key).\(place)"
        }
        return copy
    }
}
