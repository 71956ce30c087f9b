import AuterityAPI
import AuterityEngine
import Testing

@testable import AuterityServer

/// `x-websocket` of the document is what the stream says and understands. What a started server
/// sends is held against it wherever a test reads the stream.
@Suite struct StreamDescriptionTests {
    private static let execution = ExecutionID("0198b2c8-0000-7000-8000-000000000000")

    private static let replies: [StreamReply] = [
        .subscribed(StreamFilter()), .pong(lastEventID: 7),
        .error(APIError(.badRequest, "It was not understood")), .resyncRequired,
        .authenticated(until: nil), .authenticated(until: Timestamp(milliseconds: 7)),
    ]

    @Test(arguments: replies)
    func everyReplyIsDescribed(reply: StreamReply) throws {
        let message = try JSONValue(parsing: reply.json)
        #expect(try DocumentedMessages.faults(ofServer: message) == [])
        // Each of its keys is there because it must be.
        for (key, _) in message.objectValue ?? [:] {
            var object = try #require(message.objectValue)
            object[key] = nil
            #expect(try DocumentedMessages.faults(ofServer: .object(object)) != [], "\(key)")
        }
    }

    @Test func nothingIsDescribedThatIsNotSaid() throws {
        let said = try Self.replies.map { try JSONValue(parsing: $0.json)["type"]?.stringValue }
        #expect(try DocumentedMessages.serverTypes() == Set(said.map { $0 ?? "" } + [""]))
        let understood = try DocumentedMessages.clientTypes()
        #expect(understood == ["subscribe", "unsubscribe", "resume", "auth", "ping"])
        for type in understood {
            do {
                _ = try StreamRequest(parsing: "{\"type\": \"\(type)\"}")
            } catch {
                // What it lacks may be named, its type may not.
                #expect(error.code == .validationError, "\(type)")
            }
        }
    }

    @Test(arguments: [
        #"{"type": "ping"}"#, #"{"type": "resume", "last_event_id": 7}"#,
        #"{"type": "subscribe", "topics": ["executions", "alerts", "errors", "metrics"]}"#,
        #"{"type": "unsubscribe", "execution_id": "0198b2c8-0000-7000-8000-000000000000"}"#,
        #"{"type": "auth", "token": "x"}"#,
    ])
    func whatIsDescribedIsUnderstood(text: String) throws {
        _ = try StreamRequest(parsing: text)
        #expect(try DocumentedMessages.faults(ofClient: JSONValue(parsing: text)) == [])
    }

    @Test(arguments: [
        #"{"type": "resume"}"#, #"{"type": "resume", "last_event_id": -1}"#,
        #"{"type": "auth"}"#, #"{"type": "subscribe", "topics": ["all"]}"#,
    ])
    func whatIsNotUnderstoodIsNotDescribed(text: String) throws {
        #expect(throws: APIError.self) { try StreamRequest(parsing: text) }
        #expect(try DocumentedMessages.faults(ofClient: JSONValue(parsing: text)) != [])
    }
}
