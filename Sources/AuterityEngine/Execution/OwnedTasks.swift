import Synchronization

/// Tasks in the background with an owner who ends them: none outlives it.
final class OwnedTasks: Sendable {
    private struct State {
        var tasks: [Int: Task<Void, Never>] = [:]
        var next = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Runs `body` in a task that `close` cancels and waits for; not at all after that.
    func add(_ body: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.next += 1
            let number = state.next
            state.tasks[number] = Task {
                await body()
                self.remove(number)
            }
        }
    }

    private func remove(_ number: Int) {
        state.withLock { _ = $0.tasks.removeValue(forKey: number) }
    }

    func close() async {
        let tasks = state.withLock { state in
            state.isClosed = true
            return Array(state.tasks.values)
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }
}
