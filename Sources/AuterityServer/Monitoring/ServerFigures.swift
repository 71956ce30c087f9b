import AuterityEngine

/// What one server knows of itself: made with it, and handed to whatever counts or asks.
final class ServerFigures: Sendable {
    let requests = RequestMetrics()
    let stream = StreamFigures()

    /// The server's own figures for Prometheus, without the engine's.
    func exposition() -> PrometheusText {
        var text = PrometheusText()
        requests.expose(to: &text)
        stream.expose(to: &text)
        ProcessProbe.now().expose(to: &text)
        return text
    }
}

extension ProcessProbe {
    /// Under the names that Prometheus's own client libraries use.
    func expose(to text: inout PrometheusText) {
        if let cpuSeconds {
            text.counter(
                "process_cpu_seconds_total", "Processor time of the process in seconds.",
                cpuSeconds)
        }
        text.gauge(
            "process_resident_memory_bytes", "Resident memory of the process.", residentMemory)
        text.gauge(
            "process_virtual_memory_bytes", "Virtual memory of the process.", virtualMemory)
        text.gauge("process_open_fds", "Open file descriptors.", openFiles)
        text.gauge("process_max_fds", "File descriptors that may be open.", openFilesLimit)
        text.gauge("process_threads", "Threads of the process.", threads)
        text.gauge(
            "process_start_time_seconds", "When the process began, in seconds since 1970.",
            startTime)
    }
}
