import AuterityAPI

/// A definition as it was edited and could not be saved yet: kept until it can be or is dropped.
struct DefinitionDraft: Hashable, Sendable {
    /// Something wrong with a definition, where it stands in the text.
    struct Fault: Hashable, Sendable {
        /// Counted from 1.
        let line: Int
        let field: String
        let message: String
        let isWarning: Bool
    }

    enum Stage: Hashable, Sendable {
        case checking, saving
        /// It has faults, or saving failed.
        case wrong
    }

    var text: String
    /// The version that was edited, or that one was asked about whether to save over it.
    var version: Int
    var stage: Stage
    /// Whether the server has another version by now.
    var isOutdated = false
    var faults: [Fault] = []

    /// Reads the text; `nil` with a fault when it is no JSON.
    mutating func definition() -> JSONValue? {
        do throws(JSONError) {
            return try JSONValue(parsing: text)
        } catch {
            stage = .wrong
            faults = [
                Fault(line: error.line, field: "", message: error.message, isWarning: false)
            ]
            return nil
        }
    }

    static func faults(
        errors: [FieldFault], warnings: [FieldFault], in text: String
    ) -> [Fault] {
        let places = JSONPlaces(text)
        func located(_ faults: [FieldFault], isWarning: Bool) -> [Fault] {
            faults.map {
                Fault(
                    line: places.line(of: $0.field), field: $0.field, message: $0.message,
                    isWarning: isWarning)
            }
        }
        return (located(errors, isWarning: false) + located(warnings, isWarning: true))
            .sorted { ($0.line, $0.field) < ($1.line, $1.field) }
    }
}

extension Int {
    /// The number with a noun that takes an s: `1 fault`, `2 faults`.
    func counted(_ noun: String) -> String {
        self == 1 ? "1 \(noun)" : "\(self) \(noun)s"
    }
}
