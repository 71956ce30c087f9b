import AuterityAPI
import Logging

/// The outside world, with every AI call's cost written down.
struct MeteredServices: NodeServices {
    let services: any NodeServices
    let writer: Writer
    let figures: ThroughputFigures
    let now: @Sendable () -> Timestamp
    let logger: Logger

    func send(_ request: OutboundRequest) async throws -> OutboundResponse {
        try await services.send(request)
    }

    func deliver(_ message: MailMessage) async throws -> MailReceipt {
        try await services.deliver(message)
    }

    func complete(_ request: AIRequest) async throws -> AIResponse {
        let response = try await services.complete(request)
        let tokens = (response.tokensIn ?? 0) + (response.tokensOut ?? 0)
        let cost = response.cost ?? 0
        figures.recordAI(cost: cost, tokens: tokens)
        let day = now().milliseconds / 86_400_000
        let model = "\(response.provider)/\(response.model)"
        let operation = WriteOperation(
            apply: { context in
                try context.run(
                    """
                    INSERT INTO ai_usage (day, model, requests, tokens, cost)
                    VALUES ($1, $2, 1, $3, $4)
                    ON CONFLICT (day, model) DO UPDATE SET requests = ai_usage.requests + 1,
                        tokens = ai_usage.tokens + excluded.tokens,
                        cost = ai_usage.cost + excluded.cost
                    """, [.int(day), .text(model), .int(tokens), .double(cost)])
            }, finish: { _ in })
        do {
            try writer.submit(operation, isBounded: false)
        } catch {
            logger.error("an AI call could not be counted: \(error)")
        }
        return response
    }
}
