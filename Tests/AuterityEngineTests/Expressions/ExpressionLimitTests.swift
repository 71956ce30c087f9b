import AuterityAPI
import Glibc
import Synchronization
import Testing

@testable import AuterityEngine

@Suite struct ExpressionLimitTests {
    private static func nested(_ open: String, _ close: String, _ count: Int) -> String {
        String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
    }

    static let hostile: [String] = [
        nested("(", ")", 100_000 / 4), nested("[", "]", 30_000), nested("{1:", "}", 10_000),
        nested("int(", ")", 10_000), nested("a[", "]", 20_000),
        String(repeating: "true ? ", count: 9000), String(repeating: "(", count: 60_000),
        "a" + String(repeating: ".b", count: 30_000), "a" + String(repeating: "[0]", count: 20_000),
        "1" + String(repeating: " + 1", count: 15_000),
        "a" + String(repeating: ".f()", count: 15_000),
        String(repeating: "[1].map(x, ", count: 5000),
    ]

    @Test(arguments: hostile.indices)
    func refusesHostileDepthOnASmallStack(index: Int) throws {
        let source = Self.hostile[index]
        let error = try onSmallStack { failure(of: source, ["a": 1]) }
        #expect(error != nil)
    }

    @Test func theDigitsOfTinyNumbersAreReckonedWith() throws {
        let format = String(repeating: "%f", count: 5000)
        let tiny = JSONValue.array(Array(repeating: .double(.leastNonzeroMagnitude), count: 5000))
        let plain = JSONValue.array(Array(repeating: .double(12.5), count: 5000))
        let source = "f.format(v)"
        #expect(failure(of: source, ["f": .string(format), "v": tiny])?.kind == .limit)
        #expect(failure(of: source, ["f": .string(format), "v": plain]) == nil)
    }

    @Test func takesWhatIsJustWithinItsDepthOnASmallStack() throws {
        let width = ExpressionLimits.treeDepth - 1
        let sources = [
            Self.nested("(", ")", ExpressionLimits.nesting - 1),
            Self.nested("[", "]", 45),
            "1" + String(repeating: " + 1", count: width),
            "a" + String(repeating: ".b", count: width),
            Self.nested("[0].map(x, ", ")", ExpressionLimits.nesting - 2),
            String(repeating: "!", count: 10_000) + "true",
            String(repeating: "true && ", count: 5000) + "true",
            "{'a': " + Self.nested("[", "]", 45) + "} == {'a': " + Self.nested("[", "]", 45) + "}",
        ]
        for source in sources {
            let error = try onSmallStack { () -> ExpressionError? in
                do throws(ExpressionError) {
                    _ = try Expression(source).evaluate(in: NamedValues(["a": 1]))
                    return nil
                } catch {
                    return error.kind == .limit || error.kind == .syntax ? error : nil
                }
            }
            #expect(error == nil, "\(source.prefix(60)): \(String(describing: error))")
        }
    }

    @Test func refusesValuesThatNestTooDeep() throws {
        var source = "x0"
        for index in stride(from: 6, through: 1, by: -1) {
            let list =
                String(repeating: "[", count: 30) + "x\(index - 1)"
                + String(repeating: "]", count: 30)
            source = "cel.bind(x\(index), \(list), \(index == 6 ? "x6" : source))"
        }
        let error = try onSmallStack { [source] in failure(of: source, ["x0": 1]) }
        #expect(error?.kind == .limit)
    }

    @Test(arguments: [
        // Doubling texts and lists, and sharing that only grows when it is written out.
        "cel.bind(a, 'xxxxxxxxxxxxxxxx', "
            + String(repeating: "cel.bind(a, a + a + a + a, ", count: 15) + "a"
            + String(repeating: ")", count: 16),
        "cel.bind(a, [1, 2, 3, 4], "
            + String(repeating: "cel.bind(a, a + a + a + a, ", count: 15) + "a"
            + String(repeating: ")", count: 16),
        "cel.bind(a, [1], " + String(repeating: "cel.bind(a, [a, a, a, a, a, a, a, a], ", count: 20)
            + "a" + String(repeating: ")", count: 21),
        "cel.bind(a, [1], " + String(repeating: "cel.bind(a, [a, a, a, a, a, a, a, a], ", count: 20)
            + "'%s'.format([a])" + String(repeating: ")", count: 21),
        "cel.bind(a, [1], " + String(repeating: "cel.bind(a, [a, a, a, a, a, a, a, a], ", count: 20)
            + "a == a" + String(repeating: ")", count: 21),
        "l.map(a, l.map(b, l.map(c, l.map(d, 1))))", "l.all(a, l.all(b, l.all(c, l.all(d, true))))",
        "l.exists(a, l.exists(b, l.exists(c, l.exists(d, 1 / 0 == 1)))) || true",
    ])
    func stopsWhatTakesTooMuch(source: String) throws {
        let numbers = JSONValue.array((0..<100).map { .int($0) })
        let error = try #require(failure(of: source, ["l": numbers]))
        #expect(error.kind == .limit, "\(error)")
    }

    @Test func countsSteps() throws {
        let few = ExpressionLimits(steps: 20, bytes: 1000)
        #expect(try evaluate("1 + 2 + 3", limits: few) == 6)
        #expect(failure(of: "[1, 2, 3, 4, 5, 6, 7, 8].map(x, x + 1)", limits: few)?.kind == .limit)
        #expect(failure(of: "'\(String(repeating: "x", count: 900))' + 'y'", limits: few) == nil)
        #expect(
            failure(of: "'\(String(repeating: "x", count: 1000))' + 'y'", limits: few)?.kind
                == .limit)
    }

    @Test func refusesLongSources() {
        let long = String(repeating: " ", count: ExpressionLimits.sourceBytes) + "1"
        #expect(failure(of: long)?.kind == .limit)
    }
}

/// What the work gives on a thread with a stack of 512 KiB, as the threads of tasks have.
private func onSmallStack<Value: Sendable>(
    _ work: @escaping @Sendable () -> Value
) throws -> Value {
    let box = SmallStackWork(work)
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    defer { attributes.deallocate() }
    pthread_attr_init(attributes)
    pthread_attr_setstacksize(attributes, 512 << 10)
    var thread: pthread_t = 0
    let argument = Unmanaged.passRetained(box as AnyObject).toOpaque()
    let status = pthread_create(
        &thread, attributes,
        { argument in
            guard let argument else { return nil }
            let box = Unmanaged<AnyObject>.fromOpaque(argument).takeRetainedValue()
            (box as? any Runnable)?.run()
            return nil
        }, argument)
    try #require(status == 0)
    pthread_join(thread, nil)
    pthread_attr_destroy(attributes)
    return try #require(box.result.withLock { $0 })
}

private protocol Runnable {
    func run()
}

private final class SmallStackWork<Value: Sendable>: Runnable, Sendable {
    let work: @Sendable () -> Value
    let result = Mutex<Value?>(nil)

    init(_ work: @escaping @Sendable () -> Value) {
        self.work = work
    }

    func run() {
        let value = work()
        result.withLock { $0 = value }
    }
}
