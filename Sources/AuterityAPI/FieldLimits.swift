/// The bounds of what callers send. The engine holds calls against them, and the documentation
/// names them.
public enum FieldLimits {
    /// Unicode scalars of a name, as JSON Schema counts lengths.
    public static let name = 1...255
    /// Unicode scalars of a description or a comment.
    public static let description = 0...10_000
    /// Unicode scalars of a template's category.
    public static let category = 1...64
    /// Unicode scalars of a named message's subject.
    public static let messageSubject = 1...255
    /// Unicode scalars of a named message's text.
    public static let messageText = 1...100_000
    /// Unicode scalars of a client's log line.
    public static let logMessage = 1...10_000
    /// Lines of one call.
    public static let logLines = 1...100
    /// Bytes of a secret in UTF-8.
    public static let secretBytes = 1...(64 << 10)
    /// Characters of an idempotency key.
    public static let idempotencyKey = 1...255
    /// Seconds that `execute` may wait for the end.
    public static let syncTimeout = 0...300
    /// Seconds that `execute` waits for the end when not told how long.
    public static let standardSyncTimeout = 30
    /// Pages that are counted; behind them one pages by cursor.
    public static let page = 1...1_000_000
    /// Items of a page.
    public static let pageSize = 1...PageLimits.maximumSize
    /// Entries of a journal at once.
    public static let journal = 1...ListJournal.maximumLimit
    /// Seconds that a chart reaches back.
    public static let metricsWindow = 60...86_400
    /// Buckets of a chart.
    public static let metricsBuckets = 1...500
    /// Parameters of a template.
    public static let templateParameters = 0...100
}
