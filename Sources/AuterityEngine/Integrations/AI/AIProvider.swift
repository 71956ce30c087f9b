/// One service that answers prompts.
package protocol AIProvider: Sendable {
    /// `openai`, `anthropic` or `scripted`.
    var name: String { get }
    /// The model that is used where only the provider is named.
    var defaultModel: String { get }
    /// Asks one model once. `maximumTokens` bounds the answer.
    func complete(
        _ request: AIRequest, model: String, maximumTokens: Int
    ) async throws(AIError) -> AIResponse
    /// One light call that costs nothing.
    func probe() async throws(AIError)
}
