import AuterityAPI
import Logging

extension Engine {
    /// The engine's figures for Prometheus. What the store would have to be asked for is left out
    /// while it does not work.
    package func exposition() async -> PrometheusText {
        await core.exposition()
    }
}

extension EngineCore {
    func exposition() async -> PrometheusText {
        var text = PrometheusText()
        text.family(
            .gauge, "auterity_build_info", "The version that runs, as a label.",
            [.init(1, .init("version", configuration.version))])
        addExecutions(to: &text)
        addSteps(to: &text)
        if failure == nil, let session = try? session {
            text.gauge("auterity_store_up", "Whether the store works.", 1)
            addWriter(session, to: &text)
            if let counts = await storeCounts(session) { add(counts, to: &text) }
        } else {
            text.gauge("auterity_store_up", "Whether the store works.", 0)
        }
        return text
    }

    private func storeCounts(_ session: Session) async -> StoreCounts? {
        let answer = await foundation.storeCounts.answer(at: configuration.clock.monotonic()) {
            do {
                return try await session.store.read { try StoreCounts.read(from: $0) }
            } catch is CancellationError {
                return nil
            } catch {
                self.logger.error("the store could not be counted for its figures: \(error)")
                return nil
            }
        }
        guard case .value(let counts) = answer else { return nil }
        return counts
    }

    private func addExecutions(to text: inout PrometheusText) {
        let totals = foundation.figures.totals
        text.counter(
            "auterity_executions_started_total", "Executions accepted.", Double(totals.started))
        let ended: [ExecutionStatus] = [.completed, .failed, .cancelled]
        text.family(
            .counter, "auterity_executions_finished_total", "Executions ended, by final status.",
            ended.map { status in
                let count = totals.finished[status]?.counts.reduce(0, +) ?? 0
                return .init(Double(count), .init("status", status.rawValue))
            })
        text.histogram(
            "auterity_execution_duration_seconds",
            "Time from acceptance to the end, by final status.",
            ended.map { status in
                ([.init("status", status.rawValue)], totals.finished[status] ?? .work)
            })
        text.counter(
            "auterity_stale_results_total",
            "Results of steps that came under an epoch that was over, and were dropped.",
            Double(totals.staleResults))
        text.family(
            .counter, "auterity_webhook_deliveries_total", "Tries to deliver a webhook.",
            RunTotals.WebhookOutcome.allCases.map { outcome in
                .init(
                    Double(totals.webhooks[outcome] ?? 0), .init("outcome", outcome.rawValue))
            })
        text.counter(
            "auterity_login_failures_total", "Log-ins with a wrong email or password.",
            Double(totals.loginFailures))
    }

    private func addSteps(to text: inout PrometheusText) {
        let totals = foundation.figures.totals
        text.family(
            .counter, "auterity_steps_finished_total",
            "Steps ended durably, by type of node and outcome.",
            totals.steps
                .sorted {
                    ($0.key.type, $0.key.outcome.rawValue) < ($1.key.type, $1.key.outcome.rawValue)
                }
                .map { end, count in
                    .init(
                        Double(count), .init("type", end.type),
                        .init("outcome", end.outcome.rawValue))
                })
        text.histogram(
            "auterity_step_duration_seconds",
            "Time of one attempt of a step that reaches outside, by type of node.",
            totals.attempts.sorted { $0.key < $1.key }.map { ([.init("type", $0)], $1) })
    }

    private func addWriter(_ session: Session, to text: inout PrometheusText) {
        let figures = session.writer.figures.snapshot
        text.gauge(
            "auterity_journal_sequence", "The newest durable number of the journal.",
            Double(session.writer.committedSeq))
        text.gauge(
            "auterity_writer_queue_operations", "Operations that wait for a batch of the writer.",
            Double(session.writer.queueLength))
        text.histogram(
            "auterity_writer_batch_operations", "Operations that share a transaction.",
            [([], figures.batchSizes)])
        text.histogram(
            "auterity_writer_flush_seconds", "Time of a commit, flush included.",
            [([], figures.flushes)])
        let logSize = session.store.logSize
        text.gauge(
            "auterity_database_size_bytes", "Size of the database without its log.",
            Double(session.store.size - logSize))
        text.gauge(
            "auterity_database_log_size_bytes", "Size of the log that lies before the database.",
            Double(logSize))
        let readers = session.store.readers
        text.family(
            .gauge, "auterity_database_connections", "Connections that read.",
            [
                .init(Double(readers.active), .init("state", "active")),
                .init(Double(readers.idle), .init("state", "idle")),
            ])
    }

    private func add(_ counts: StoreCounts, to text: inout PrometheusText) {
        let statuses: [ExecutionStatus] = [.pending, .running, .waiting]
        text.family(
            .gauge, "auterity_executions", "Executions that have not ended, by status.",
            statuses.map { status in
                .init(
                    Double(counts.unfinished[status] ?? 0), .init("status", status.rawValue))
            })
        let now = configuration.clock.now()
        text.gauge(
            "auterity_queue_age_seconds",
            "For how long the oldest pending execution has waited for its turn; 0 without any.",
            counts.oldestPending.map { max(0, now.seconds(since: $0)) } ?? 0)
        text.gauge(
            "auterity_timers_waiting", "Steps that wait for a time.", Double(counts.timers))
        text.gauge(
            "auterity_webhooks_waiting", "Webhooks that are not delivered yet.",
            Double(counts.webhooks))
        text.gauge(
            "auterity_alerts_open", "Alerts that are neither cleared nor acknowledged.",
            Double(counts.openAlerts))
        func byModel(_ value: (StoreCounts.AIModel) -> Double) -> [PrometheusText.Sample] {
            counts.models.map { .init(value($0), .init("model", $0.name)) }
        }
        text.family(
            .counter, "auterity_ai_requests_total", "AI calls that were answered, by model.",
            byModel { Double($0.requests) })
        text.family(
            .counter, "auterity_ai_tokens_total", "Tokens of AI calls in and out, by model.",
            byModel { Double($0.tokens) })
        text.family(
            .counter, "auterity_ai_cost_dollars_total", "US dollars of AI calls, by model.",
            byModel(\.cost))
    }
}
