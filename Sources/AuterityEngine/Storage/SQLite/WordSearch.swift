import GRDBSQLite

/// `holds_words(text, words)` in SQL: whether a text contains words that are `FoldedText.folded`,
/// whatever the case of its letters. SQLite's own `lower` and `LIKE` know the letters of ASCII
/// only, and `LIKE` ends at a NUL.
enum WordSearch {
    static func add(to handle: OpaquePointer) throws(StoreError) {
        let code = sqlite3_create_function_v2(
            handle, "holds_words", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nil,
            { context, _, values in
                guard let values, sqlite3_value_type(values[0]) != SQLITE_NULL else { return }
                let holds = FoldedText.contains(
                    WordSearch.bytes(values[1]), in: WordSearch.bytes(values[0]))
                sqlite3_result_int(context, holds ? 1 : 0)
            }, nil, nil, nil)
        guard code == SQLITE_OK else { throw .sqlite(code, "no function could be added") }
    }

    /// Valid until the function ends.
    private static func bytes(_ value: OpaquePointer?) -> UnsafeBufferPointer<UInt8> {
        // The text must be asked for before its length.
        let start = sqlite3_value_text(value)
        return UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(value)))
    }
}
