// How far ahead of the terminal we may write. The kernel and the network between take far more
// than they have shown (64 KiB in a pseudo-terminal, megabytes in SSH), so a slow line would be
// many frames behind. Asking "are you well" after a frame tells when it has arrived.

/// A window of bytes that may be under way, opened and closed by how long answers take.
///
/// A pure value, told the time. On a quick line it never holds a frame back; on a line of
/// 10 kB/s it keeps at most one frame under way. A terminal that does not answer is not asked.
struct LineFlow: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// The question (`CSI 5 n`, device status report) that a frame may end with.
    static let question: [UInt8] = Array("\u{1B}[5n".utf8)
    /// Bytes under way before a question is worth its four bytes.
    static let askAfter = 512
    static let smallestWindow = 512
    static let largestWindow = 65_536
    /// Longer than the quickest answer by this, and the line is slow.
    static let tolerance: Duration = .milliseconds(60)
    /// An answer that takes longer is taken for lost.
    static let answerLimit: Duration = .seconds(3)
    /// So many lost answers in a row, and the terminal is not asked again; one that has never
    /// answered is not asked a second time.
    static let lossLimit = 3

    private struct Question {
        var asked: Instant
        var bytes: Int
    }

    /// It opens with the first quick answer: most lines are quick, but a slow one is slow at once.
    private(set) var window = 2048
    private(set) var asks: Bool
    /// Nothing waits for answers before the first one has come.
    private var isTrusted = false
    /// The time the last answer took: the age of what the user sees.
    private(set) var delay: Duration?
    private var quickest: Duration?
    private var questions: [Question] = []
    private var unasked = 0
    private var losses = 0

    /// - Parameter asks: Whether the terminal is known to answer.
    init(asks: Bool) {
        self.asks = asks
    }

    private var underWay: Int { unasked + questions.reduce(0) { $0 + $1.bytes } }
    var isAnswerDue: Bool { !questions.isEmpty }

    /// Whether the next frame may be sent.
    func mayDraw(at now: Instant) -> Bool {
        !isTrusted || underWay < window || questions.isEmpty
    }

    /// Whether a frame of so many bytes is to end with the question.
    func shouldAsk(after bytes: Int) -> Bool {
        asks && isTrusted && questions.isEmpty && unasked + bytes >= Self.askAfter
    }

    mutating func sent(_ bytes: Int, asking: Bool, at now: Instant) {
        guard asks else { return }
        unasked += bytes
        if asking {
            questions.append(Question(asked: now, bytes: unasked))
            unasked = 0
        }
    }

    /// An answer has arrived.
    mutating func answered(at now: Instant) {
        guard !questions.isEmpty else { return }
        let question = questions.removeFirst()
        let taken = question.asked.duration(to: now)
        losses = 0
        isTrusted = true
        delay = taken
        let quickest = min(self.quickest ?? taken, taken)
        self.quickest = quickest
        // A question that carried nothing says how far the way is, not how wide.
        guard question.bytes > 0 else { return }
        if taken <= quickest + Self.tolerance {
            window = min(Self.largestWindow, window * 2)
        } else {
            window = max(Self.smallestWindow, window / 2)
        }
    }

    /// When to stop waiting for an answer; nil when none is due.
    var deadline: Instant? { questions.first.map { $0.asked.advanced(by: Self.answerLimit) } }

    /// To be called at the deadline: what was asked is forgotten, so that drawing goes on.
    mutating func timePassed(at now: Instant) {
        guard let deadline, deadline <= now else { return }
        questions = []
        unasked = 0
        losses += 1
        if losses >= Self.lossLimit || !isTrusted { asks = false }
        if !asks { isTrusted = false }
    }
}
