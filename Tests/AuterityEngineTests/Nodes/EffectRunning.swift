import AuterityAPI
import Synchronization

@testable import AuterityEngine

/// Answers each call of a node by a closure, and keeps what was asked.
final class RecordingServices: NodeServices {
    struct Answers: Sendable {
        var http: @Sendable (OutboundRequest) throws -> OutboundResponse = { _ in
            throw OutboundError(.closed, "no answer is set")
        }
        var mail: @Sendable (MailMessage) throws -> MailReceipt = { _ in
            throw MailError(.notConfigured, "no answer is set")
        }
        var ai: @Sendable (AIRequest) throws -> AIResponse = { _ in
            throw AIError(.notConfigured, "no answer is set")
        }
    }

    private let answers: Answers
    let requests = Mutex<[OutboundRequest]>([])
    let messages = Mutex<[MailMessage]>([])
    let questions = Mutex<[AIRequest]>([])

    init(_ answers: Answers) {
        self.answers = answers
    }

    func send(_ request: OutboundRequest) async throws -> OutboundResponse {
        requests.withLock { $0.append(request) }
        return try answers.http(request)
    }

    func deliver(_ message: MailMessage) async throws -> MailReceipt {
        messages.withLock { $0.append(message) }
        return try answers.mail(message)
    }

    func complete(_ request: AIRequest) async throws -> AIResponse {
        questions.withLock { $0.append(request) }
        return try answers.ai(request)
    }
}

struct RefusedEffectData: Error {
    let faults: [FieldFault]
}

/// Reads a node's data; every fault at once when it is refused.
func readEffect<Node: WorkflowNode>(_ type: Node.Type, _ json: JSONValue) throws -> Node {
    var data = NodeData(json.objectValue ?? JSONObject())
    let node = Node(&data)
    guard let node, data.faults.isEmpty else { throw RefusedEffectData(faults: data.faults) }
    return node
}

/// The fields of a node's data that are refused.
func refusedFields<Node: WorkflowNode>(_ type: Node.Type, _ json: JSONValue) -> [String] {
    do {
        _ = try readEffect(type, json)
        return []
    } catch {
        return (error as? RefusedEffectData)?.faults.map(\.field) ?? []
    }
}

/// What an execution would give a node to render with.
func effectRenderContext(
    _ values: JSONObject = [:], messages: [NamedMessage] = []
) -> NodeContext {
    NodeContext(
        scope: NamedValues(values), stepID: StepID("step"),
        now: Timestamp(milliseconds: 0),
        message: { name in messages.first { $0.name == name } })
}

func effectRunContext(_ services: any NodeServices, timeout: Double? = nil) throws -> EffectContext
{
    var generator = SystemRandomNumberGenerator()
    let time = Timestamp(milliseconds: 0)
    return EffectContext(
        executionID: ExecutionID(at: time, using: &generator),
        workflowID: WorkflowID(at: time, using: &generator), stepID: StepID("step"), attempt: 1,
        idempotencyKey: "run:step:1", timeout: timeout, services: services, now: { time })
}

extension NodeOutcome {
    var effectOutput: JSONValue? {
        if case .completed(let output, _) = result { output } else { nil }
    }

    var effectFailure: StepFailure? {
        if case .failed(let failure) = result { failure } else { nil }
    }
}
