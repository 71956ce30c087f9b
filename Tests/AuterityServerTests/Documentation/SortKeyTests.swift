import AuterityAPI
import Testing

@testable import AuterityServer

/// The keys that the document says a list can be sorted by are those that the engine sorts by.
@Suite(.timeLimit(.minutes(30))) struct SortKeyTests {
    @Test func theDocumentedKeysAreTheEngines() async throws {
        let document = try OpenAPIDocument(version: "1.2.3").json
        try await ContractServer.run { server in
            let workflow = try await server.workflow(as: .superAdmin)
            let execution = try await server.executed(workflow, as: .superAdmin)
            let id = try #require(execution["id"]?.stringValue)
            var lists = 0
            for (template, item) in document["paths"]?.objectValue ?? [:] {
                let sort = item["get"]?["parameters"]?.arrayValue?.first { $0["name"] == "sort" }
                guard let sort else { continue }
                lists += 1
                let path = template.replacing("{execution_id}", with: id)
                    .replacing("{workflow_id}", with: workflow)
                let documented = sort["schema"]?["enum"]?.arrayValue?.compactMap(\.stringValue)
                let wanted = try #require(documented, "\(template)")
                for key in wanted {
                    let answer = try await server.send(
                        "GET", path + "?sort=\(key)", as: .superAdmin)
                    #expect(answer.status == 200, "\(template) \(key): \(answer.text)")
                }
                let refused = try await server.send(
                    "GET", path + "?sort=nothing", as: .superAdmin)
                #expect(refused.status == 422, "\(template)")
                let message = refused.json["error"]?["details"]?[0]?["message"]?.stringValue ?? ""
                let keys = message.dropFirst("must be one of ".count)
                    .replacing(", with - for falling order", with: "").split(separator: ", ").map(
                        String.init)
                #expect(Set(keys.flatMap { [$0, "-" + $0] }) == Set(wanted), "\(template)")
            }
            #expect(lists >= 6)
        }
    }
}
