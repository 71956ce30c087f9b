// A thread of the system, for work that waits in system calls: Swift's own threads must not.

import CTerminal
import Glibc

enum SystemThread {
    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    /// Starts a thread that ends when `body` returns. False when the system has no more threads.
    ///
    /// - Parameter name: At most 15 bytes, shown by `top` and debuggers.
    static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        let argument = Unmanaged.passRetained(Body(body))
        var thread = pthread_t()
        let failed = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, argument.toOpaque())
        guard failed == 0 else {
            argument.release()
            return false
        }
        ct_name_thread(thread, name)
        pthread_detach(thread)
        return true
    }
}
