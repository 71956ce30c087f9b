// What the console hands to the terminal's thread, and how it wakes that thread.

import CTerminal
import Glibc
import Synchronization
import TerminalUI

/// Room for one frame (a newer one takes its place) and for a few requests.
final class Mailbox: Sendable {
    /// Programs or texts waiting to be run or sent; more than this are refused.
    static let requestLimit = 16

    typealias Reply<Value: Sendable> = CheckedContinuation<Value, Never>

    /// Everything that has come since the last look.
    struct Contents: Sendable {
        var repaint = false
        var suspend = false
        var mouse: Bool?
        var programs: [Program] = []
        var texts: [Text] = []
        var stops: [Reply<Void>] = []
    }

    /// A program to be lent the terminal.
    struct Program: Sendable {
        var command: [String]
        var reply: Reply<Result<Int32, TerminalError>>
    }

    /// Bytes to be sent between frames.
    struct Text: Sendable {
        var bytes: [UInt8]
        var reply: Reply<Bool>
    }

    private struct State {
        var frame: Frame?
        var skipped = 0
        var contents = Contents()
        var isClosed = false
    }

    /// Readable when there is something new.
    let wakeDescriptor: Int32
    private let state = Mutex(State())

    init() {
        wakeDescriptor = ct_wake_descriptor()
    }

    deinit {
        close(wakeDescriptor)
    }

    // MARK: The console's side

    func post(_ frame: Frame) {
        let wasEmpty = state.withLock { state in
            guard !state.isClosed else { return false }
            defer { state.frame = frame }
            if state.frame != nil { state.skipped += 1 }
            return state.frame == nil
        }
        if wasEmpty { wake() }
    }

    func change(_ body: (inout Contents) -> Void) {
        state.withLock { if !$0.isClosed { body(&$0.contents) } }
        wake()
    }

    func run(_ command: [String]) async -> Result<Int32, TerminalError> {
        await withCheckedContinuation { reply in
            let error = accept { contents in
                guard contents.programs.count < Mailbox.requestLimit else { return false }
                contents.programs.append(Program(command: command, reply: reply))
                return true
            }
            if let error { reply.resume(returning: .failure(error)) }
        }
    }

    func send(_ bytes: [UInt8]) async -> Bool {
        await withCheckedContinuation { reply in
            let error = accept { contents in
                guard contents.texts.count < Mailbox.requestLimit else { return false }
                contents.texts.append(Text(bytes: bytes, reply: reply))
                return true
            }
            if error != nil { reply.resume(returning: false) }
        }
    }

    /// Returns when the terminal has been given back.
    func stop() async {
        await withCheckedContinuation { reply in
            let error = accept { contents in
                contents.stops.append(reply)
                return true
            }
            if error != nil { reply.resume() }
        }
    }

    private func accept(_ body: (inout Contents) -> Bool) -> TerminalError? {
        let error: TerminalError? = state.withLock { state in
            guard !state.isClosed else { return TerminalError("The terminal is not in use.") }
            return body(&state.contents)
                ? nil : TerminalError("The terminal is busy: wait until it is free again.")
        }
        wake()
        return error
    }

    private func wake() {
        var one: UInt64 = 1
        _ = write(wakeDescriptor, &one, MemoryLayout<UInt64>.size)
    }

    // MARK: The thread's side

    func clearWakeUp() {
        var count: UInt64 = 0
        _ = read(wakeDescriptor, &count, MemoryLayout<UInt64>.size)
    }

    func takeContents() -> Contents {
        state.withLock { state in
            defer { state.contents = Contents() }
            return state.contents
        }
    }

    var hasFrame: Bool { state.withLock { $0.frame != nil } }

    /// The newest frame, and how many it has replaced.
    func takeFrame() -> (frame: Frame, skipped: Int)? {
        state.withLock { state in
            guard let frame = state.frame else { return nil }
            defer {
                state.frame = nil
                state.skipped = 0
            }
            return (frame, state.skipped)
        }
    }

    /// Refuses everything from now on, and answers what is still waiting.
    func close() {
        let rest = state.withLock { state in
            state.isClosed = true
            state.frame = nil
            defer { state.contents = Contents() }
            return state.contents
        }
        for program in rest.programs {
            program.reply.resume(returning: .failure(TerminalError("The terminal was closed.")))
        }
        for text in rest.texts { text.reply.resume(returning: false) }
        for stop in rest.stops { stop.resume() }
    }

    private func close(_ descriptor: Int32) { Glibc.close(descriptor) }
}
