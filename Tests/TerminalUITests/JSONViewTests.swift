import Testing

@testable import TerminalUI

/// A JSON value of the tests' own.
enum Sample: JSONTreeValue {
    case null
    case bool(Bool)
    case number(String)
    case text(String)
    case list([Sample])
    case record([Member])
    /// A list of that many numbers that is never held as a whole.
    case numbers(Int)
    /// A list in a list, so many times.
    case nested(Int)

    struct Member: Hashable, Sendable {
        let key: String
        let value: Sample
    }

    var treeKind: JSONTreeKind {
        switch self {
        case .null: .null
        case .bool(let bool): .bool(bool)
        case .number(let text): .number(text)
        case .text(let text): .string(text)
        case .list(let list): .array(list.count)
        case .record(let members): .object(members.count)
        case .numbers(let count): .array(count)
        case .nested(let depth): .array(depth > 0 ? 1 : 0)
        }
    }

    func treeChild(at index: Int) -> (key: String?, value: Sample) {
        switch self {
        case .list(let list): (nil, list[index])
        case .record(let members): (members[index].key, members[index].value)
        case .numbers: (nil, .number(String(index)))
        case .nested(let depth): (nil, .nested(depth - 1))
        default: (nil, .null)
        }
    }

    var treeText: String {
        switch self {
        case .number(let text): text
        default: "\(treeKind)"
        }
    }
}

@Suite struct JSONViewTests {
    private let size = Size(width: 50, height: 14)

    private let sample: Sample = .record([
        .init(key: "email", value: .text("a@b.c")), .init(key: "score", value: .number("87")),
        .init(
            key: "two words",
            value: .list([.null, .bool(true), .record([.init(key: "x", value: .text("y"))])])),
        .init(key: "empty", value: .list([])), .init(key: "many", value: .numbers(2500)),
    ])

    private func lines(_ view: JSONView<Sample>, _ charset: Charset = .unicode) -> [String] {
        var frame = Frame(size: size, charset: charset)
        view.draw(into: &frame, in: frame.bounds, theme: .midnight, isFocused: true)
        return frame.lines()
    }

    @Test func smallContainersAreOpenAndLargeOnesComeInStretches() {
        let view = JSONView(sample)
        #expect(
            lines(view) == [
                "▾ {5}", "    email: \"a@b.c\"", "    score: 87", "  ▾ two words: [3]",
                "      0: null", "      1: true", "    ▾ 2: {1}", "        x: \"y\"",
                "    empty: []", "  ▾ many: [2500]", "    ▾ 0 … 999", "        0: 0",
                "        1: 1", "        2: 2",
            ])
        #expect(lines(view, .ascii)[0] == "- {5}")
        #expect(lines(view, .ascii)[10] == "    - 0 ~ 999")
    }

    @Test func theCursorHasAPathAndAValue() {
        var view = JSONView(sample)
        #expect(view.path == ".")
        for _ in 0..<7 { _ = view.handle(.down, size: size) }
        #expect(view.path == ".[\"two words\"][2].x".dropFirst())
        #expect(view.selectedText == "y")
        _ = view.handle(.left, size: size)
        #expect(view.path.hasSuffix("[2]"))
        _ = view.handle(.left, size: size)
        #expect(lines(view)[6] == "    ▸ 2: {1}  x: \"y\"")
    }

    @Test func searchFindsWhatIsNotOpenedAndGoesAround() {
        var view = JSONView(sample)
        view.search("2345", height: 14)
        #expect(view.path == ".many[2345]")
        view.search("y", height: 14)
        #expect(view.path.hasSuffix("[2].x"))
        _ = view.handle(.character("n"), size: size)
        #expect(view.path == ".empty")
        _ = view.handle(.character("n"), size: size)
        #expect(view.path == ".many")
        _ = view.handle(.character("n"), size: size)
        #expect(view.path.hasSuffix("[2].x"))
        _ = view.handle(.character("N"), size: size)
        #expect(view.path == ".many")
        _ = view.handle(.character("N"), size: size)
        #expect(view.path == ".empty")
        let isFound = view.search("nowhere", height: 14)
        #expect(!isFound)
        #expect(view.path == ".empty")
    }

    @Test func aHundredThousandValuesOpenAtOnceAndTakeRowsAsTheyAreOpened() {
        var view = JSONView(Sample.numbers(100_000))
        #expect(view.rowCount <= 1 + 100 + 1000)
        _ = view.handle(.character("E"), size: size)
        #expect(view.rowCount < JSONRows<Sample>.maximumRows)
        view.search("99999", height: 14)
        #expect(view.path == "[99999]")
        var huge = JSONView(Sample.numbers(100_000_000))
        _ = huge.handle(.right, size: size)
        #expect(huge.rowCount <= 3000)
        #expect(lines(huge)[1].contains("0 … 999999"))
    }

    @Test func aThousandLevelsAreNoTrouble() {
        var view = JSONView(Sample.nested(1000))
        _ = view.handle(.character("E"), size: size)
        #expect(view.rowCount == 1001)
        _ = view.handle(.character("G"), size: size)
        #expect(view.path == String(repeating: "[0]", count: 1000))
        #expect(lines(view).allSatisfy { $0.contains("[") })
    }

    @Test func aLongTextIsShownInFullBelowItsRow() {
        let words = Array(repeating: "lorem", count: 30).joined(separator: " ")
        var view = JSONView(Sample.list([.text(words)]))
        _ = view.handle(.down, size: size)
        _ = view.handle(.enter, size: size)
        #expect(lines(view)[2] == "      lorem lorem lorem lorem lorem lorem lorem")
        #expect(view.rowCount > 5)
        _ = view.handle(.enter, size: size)
        #expect(view.rowCount == 2)
        var long = JSONView(Sample.text(String(repeating: "x", count: 1_000_000)))
        _ = long.handle(.enter, size: size)
        #expect(long.rowCount <= JSONRows<Sample>.maximumLines + 2)
    }

    @Test func hostileKeysAndTextsAreHarmless() {
        let view = JSONView(
            Sample.record([
                .init(key: "\u{1B}[2J", value: .text("\u{7}\n\u{202E}")),
                .init(key: "k", value: .text(String(repeating: "\u{301}", count: 10_000))),
            ]))
        #expect(lines(view)[1] == "    ␛[2J: \"␇␤<U+202E>\"")
        #expect(lines(view).allSatisfy { TextWidth.columns(of: $0) <= 50 })
    }
}
