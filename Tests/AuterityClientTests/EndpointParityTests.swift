import AuterityAPI
import AuterityClient
import Testing

/// Every call of the contract, made by a client with the engine in its process and by one over a
/// socket, answers the same.
@Suite struct EndpointParityTests {
    /// What came of a call, without what differs from store to store.
    private enum Outcome: Hashable {
        /// The keys of the answer, and of the first item of a list.
        case answer(Set<String>)
        case failure(code: APIError.Code, status: Int, message: String, details: [FieldFault])
    }

    private static func outcomes(_ kind: ClientKind) async throws -> [String: Outcome] {
        let found = Slot<[String: Outcome]>([:])
        try await kind.withClient { open in
            for endpoint in Endpoints.all {
                found.value[endpoint.route.path + " " + endpoint.route.method.rawValue] =
                    try await outcome(of: endpoint, open.client)
            }
        }
        return found.value
    }

    private static func outcome<Call: Endpoint>(
        of type: Call.Type, _ client: any Client
    ) async throws -> Outcome {
        do throws(APIError) {
            let answer = try await client.send(Call.example)
            guard let json = try? JSONValue(encoding: answer) else { return .answer(["?"]) }
            return .answer(keys(of: json))
        } catch {
            return .failure(
                code: error.code, status: error.status, message: error.message,
                details: error.details)
        }
    }

    private static func keys(of json: JSONValue) -> Set<String> {
        guard case .object(let members) = json else { return [] }
        return members.reduce(into: []) { keys, member in
            keys.insert(member.key)
            if case .array(let items) = member.value, let first = items.first {
                keys.formUnion(Self.keys(of: first).map { "\(member.key)[].\($0)" })
            }
        }
    }

    @Test func everyCallAnswersAlike() async throws {
        let embedded = try await Self.outcomes(.embedded)
        let remote = try await Self.outcomes(.local)
        #expect(embedded.count == Endpoints.all.count)
        let succeeded = embedded.values.count { if case .answer = $0 { true } else { false } }
        #expect(succeeded > 15)
        for (call, outcome) in embedded {
            #expect(remote[call] == outcome, "\(call)")
        }
    }
}
