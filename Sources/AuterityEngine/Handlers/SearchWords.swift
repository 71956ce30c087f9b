import AuterityAPI

/// Words that a person looks for, as the store takes them.
enum SearchWords {
    /// Characters from which on the index of texts can find words.
    static let indexed = 3

    /// When the oldest of the rows was written in which words are looked for one by one, since no
    /// index has their texts; `nil` when all are.
    ///
    /// - Parameter times: of the rows, such as `audit.at`, newest first by an index.
    static func beginning(
        of rows: SQLText, times: SQLText, before until: Timestamp?,
        in connection: any StoreConnection
    ) throws -> Timestamp? {
        try connection.first(
            "SELECT " + times + " FROM " + rows + " WHERE " + times + " < $1 ORDER BY " + times
                + " DESC LIMIT 1 OFFSET $2",
            [.int(until?.milliseconds ?? .max), .int(PageLimits.maximumSearchedLines)]
        ) { $0.time(0) }
    }

    /// A query of the index that finds them anywhere, as one string
    /// (https://sqlite.org/fts5.html#fts5_strings); `nil` when they are too short for it.
    static func phrase(_ words: String) -> String? {
        guard words.unicodeScalars.count >= indexed, !words.unicodeScalars.contains("\0") else {
            return nil
        }
        return "\"" + words.replacing("\"", with: "\"\"") + "\""
    }

    /// The beginning of an id, if they can be one that is long enough to tell ids apart.
    static func idPrefix(_ words: String) -> String? {
        let text = words.lowercased()
        guard (8...36).contains(text.utf8.count),
            text.utf8.allSatisfy({
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == 0x2D
            })
        else { return nil }
        return text
    }
}

extension SQLText {
    /// Whether this text contains the words that are bound to a place, whatever the case.
    ///
    /// - Parameter words: a place with `FoldedText.folded` words.
    func holds(_ words: SQLText) -> SQLText {
        "holds_words(" + self + ", " + words + ")"
    }
}
