import AuterityAPI

/// A filter on executions, split into what the server can look for and what is left to us.
struct ExecutionQuery: Hashable, Sendable {
    var status: [ExecutionStatus]?
    var search: String?
    var since: Timestamp?
    var until: Timestamp?
    /// Whether some terms are only looked for in the pages that are loaded.
    var isPartial = false

    init(_ filter: Filter, at now: Timestamp) {
        for term in filter.terms where !take(term, at: now) {
            isPartial = true
        }
    }

    /// False when the server does not know such a term.
    private mutating func take(_ term: Filter.Term, at now: Timestamp) -> Bool {
        switch term.test {
        case .field("status", let values):
            let named = ExecutionStatus.allCases.filter { status in
                values.contains { status.isNamed(by: $0) }
            }
            guard !named.isEmpty else { return false }
            let wanted =
                term.isNegated
                ? ExecutionStatus.allCases.filter { !named.contains($0) } : named
            status = status.map { $0.filter(wanted.contains) } ?? wanted
            return true
        case .age(let isBelow, let seconds):
            let moment = now.adding(seconds: -seconds)
            if isBelow != term.isNegated {
                since = max(since ?? moment, moment)
            } else {
                until = min(until ?? moment, moment)
            }
            return true
        case .word(let word) where !term.isNegated && search == nil:
            search = word
            return true
        case .field("workflow", let values) where !term.isNegated && search == nil:
            // The server looks for it in more than the name, so the pages are sifted again.
            search = values.count == 1 ? values[0] : nil
            return values.count == 1
        default: return false
        }
    }
}

extension ExecutionStatus {
    /// Whether a word names this status: by its name, its beginning, or the word we show.
    func isNamed(by word: String) -> Bool {
        let word = word.lowercased()
        guard !word.isEmpty else { return false }
        return rawValue.hasPrefix(word) || (self == .completed && "done".hasPrefix(word))
    }
}

extension ExecutionSummary {
    /// What filters look at. Words are looked for where the server looks for them.
    var filterSubject: FilterSubject {
        FilterSubject(
            texts: [workflowName, id.description, error?.message ?? ""],
            fields: [
                "status": status == .completed ? "completed done" : status.rawValue,
                "workflow": workflowName, "step": currentStep?.rawValue ?? "",
                "error": error.map { "\($0.code) \($0.message)" } ?? "",
                "id": id.description,
            ],
            moment: startedAt)
    }
}
