import Dispatch
import Glibc

/// Signals as something to wait for, until it is cancelled.
final class Signals {
    /// Their numbers. A person who presses Ctrl-C more often than that means the same by it.
    let stream: AsyncStream<Int32>
    private let sources: [any DispatchSourceSignal]

    init(_ numbers: [Int32]) {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Int32.self, bufferingPolicy: .bufferingNewest(16))
        self.stream = stream
        sources = numbers.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(number) }
            source.activate()
            return source
        }
    }

    /// Ends it; the signals stay ignored.
    func cancel() {
        sources.forEach { $0.cancel() }
    }
}
