import NIOCore
import Synchronization

/// Runs tasks on an event loop: what answers a connection runs where the connection is read and
/// written, so that a request changes threads only where it waits for something.
///
/// Whatever blocks, or works for long, holds up the other connections of the loop: `Pipeline`
/// has all but reading done elsewhere.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// The executors of event loops, one for each.
final class LoopExecutors: Sendable {
    private let known = Mutex<[ObjectIdentifier: LoopExecutor]>([:])

    func executor(of loop: any EventLoop) -> LoopExecutor {
        known.withLock { known in
            let key = ObjectIdentifier(loop)
            if let executor = known[key] { return executor }
            let made = LoopExecutor(loop)
            known[key] = made
            return made
        }
    }
}
