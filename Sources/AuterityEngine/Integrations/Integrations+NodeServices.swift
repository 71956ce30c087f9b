extension Integrations: NodeServices {
    package func send(_ request: OutboundRequest) async throws -> OutboundResponse {
        try await http.send(request)
    }

    package func deliver(_ message: MailMessage) async throws -> MailReceipt {
        try await mail.send(message)
    }

    package func complete(_ request: AIRequest) async throws -> AIResponse {
        try await ai.complete(request)
    }
}
