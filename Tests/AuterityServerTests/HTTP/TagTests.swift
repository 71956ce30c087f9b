import AuterityAPI
import Testing

@testable import AuterityServer

/// Entity tags, conditions on them, and the choice of fields.
@Suite struct TagTests {
    @Test func aGetThatBringsNothingNewHasNoBody() async throws {
        try await withAPI { api in
            let admin = try await api.admin()
            let workflow = try await api.workflow()
            for path in ["/api/workflows/\(workflow.id)", "/api/workflows", "/api/roles"] {
                let first = try await admin.get(path)
                let tag = try #require(first["ETag"])
                #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
                #expect(try await admin.get(path)["ETag"] == tag)
                for known in [tag, "W/\(tag)", "\"x\", \(tag)", "*", "\"a\",W/\(tag) , \"b\""] {
                    let again = try await admin.get(path, headers: [("If-None-Match", known)])
                    #expect(again.status == 304, "\(path) \(known)")
                    #expect(again["ETag"] == tag)
                    #expect(again.body.isEmpty)
                    #expect(again["Content-Type"] == nil)
                }
                for other in ["\"x\"", tag.replacing("\"", with: ""), "\"\"", "W/\"x\""] {
                    let again = try await admin.get(path, headers: [("If-None-Match", other)])
                    #expect(again.status == 200, "\(path) \(other)")
                }
            }
            // The connection is in step behind an answer without a body.
            let bytes = admin.message(
                "GET", "/api/roles", headers: [("If-None-Match", "*")])
            let answers = try await admin.send(bytes + bytes, methods: ["GET", "GET"])
            #expect(answers.map(\.status) == [304, 304])
        }
    }

    @Test func theTagOfAWorkflowGuardsItsChange() async throws {
        try await withAPI { api in
            let admin = try await api.admin()
            let created = try await admin.send(
                "POST", "/api/workflows",
                json: ["name": "Guarded", "definition": RunningAPI.definition])
            #expect(created.status == 201)
            #expect(created["ETag"]?.hasPrefix("\"1-") == true)
            let path = "/api/workflows/\(created.json["id"]?.stringValue ?? "")"
            let tag = try #require(try await admin.get(path)["ETag"])
            #expect(tag.hasPrefix("\"1-"))

            let rename: JSONValue = ["name": "Renamed"]
            let changed = try await admin.send(
                "PATCH", path, json: rename, headers: [("If-Match", tag)])
            #expect(changed.status == 200)
            #expect(changed["ETag"]?.hasPrefix("\"2-") == true)
            let stale = try await admin.send(
                "PATCH", path, json: rename, headers: [("If-Match", tag)])
            #expect(stale.status == 412)
            #expect(stale.code == "PRECONDITION_FAILED")

            for (condition, status) in [
                ("*", 200), ("\"1\", \"3\"", 200), ("\"4\"", 200), ("\"5-abc\", \"9-x\"", 200),
                ("W/\"6\"", 412), ("\"60-x\"", 412), ("6", 412), ("\"6", 412), ("", 412),
            ] {
                let answer = try await admin.send(
                    "PATCH", path, json: rename, headers: [("If-Match", condition)])
                #expect(answer.status == status, "\(condition)")
            }
            let body: JSONValue = ["name": "Whole", "definition": RunningAPI.definition]
            let put = try await admin.send(
                "PUT", path, json: body, headers: [("If-Match", "\"6\"")])
            #expect(put.status == 200)
            #expect(put["ETag"]?.hasPrefix("\"7-") == true)

            let early = try await admin.request("DELETE", path, headers: [("If-Match", tag)])
            #expect(early.status == 412)
            #expect(try await admin.get(path).status == 200)
            let deleted = try await admin.request(
                "DELETE", path, headers: [("If-Match", put["ETag"] ?? "")])
            #expect(deleted.status == 204)
        }
    }

    @Test func tagsDependOnEveryByte() {
        var tags: Set<String> = []
        for length in 0..<70 {
            let bytes = [UInt8](repeating: 0x61, count: length)
            tags.insert(EntityTag.of(bytes))
            for index in bytes.indices {
                var other = bytes
                other[index] ^= 1
                tags.insert(EntityTag.of(other))
            }
        }
        #expect(tags.count == 70 + (0..<70).reduce(0, +))
        #expect(EntityTag.of([1, 2, 3]) == EntityTag.of([1, 2, 3]))
        // Not even nothing, or many zeros, give a tag with a run of them.
        for bytes in [[], [0], [UInt8](repeating: 0, count: 4096)] {
            #expect(!EntityTag.of(bytes).contains("0000"), "\(bytes.count)")
        }
        #expect(EntityTag.of([1], version: 12).hasPrefix("\"12-"))
    }

    /// The verification value of SMHasher (KeysetTest.cpp, VerificationTest) for
    /// MurmurHash3_x64_128: the hash over the hashes of 0, 1, 2 … bytes.
    @Test func theHashIsTheOneThatIsPublished() {
        func bytes(_ hash: (low: UInt64, high: UInt64)) -> [UInt8] {
            [hash.low, hash.high].flatMap { word in
                withUnsafeBytes(of: word.littleEndian) { Array($0) }
            }
        }
        var hashes: [UInt8] = []
        for length in 0..<256 {
            let key = (0..<length).map { UInt8($0) }
            hashes += bytes(MurmurHash.hash(key, seed: UInt32(256 - length)))
        }
        #expect(bytes(MurmurHash.hash(hashes, seed: 0)).prefix(4) == [0x69, 0xBA, 0x84, 0x63])
    }

    @Test func fieldsPickTopLevelKeys() async throws {
        try await withAPI { api in
            let admin = try await api.admin()
            let workflow = try await api.workflow()
            _ = try await api.workflow("Second")
            let one = try await admin.get("/api/workflows/\(workflow.id)?fields=name,id,%20nothing")
            #expect(one.json.objectValue?.keys == ["id", "name"])
            let list = try await admin.get("/api/workflows?fields=name&page_size=1")
            #expect(
                list.json.objectValue?.keys
                    == ["workflows", "total", "page", "page_size", "total_pages"])
            #expect(list.json["workflows"] == [["name": "Second"]])
            #expect(list["ETag"] != (try await admin.get("/api/workflows?page_size=1"))["ETag"])
            let cursor = try await admin.get("/api/workflows?fields=id&cursor=&page_size=1")
            #expect(cursor.json.objectValue?.keys == ["workflows", "next_cursor"])
            #expect(cursor.json["workflows"]?[0]?.objectValue?.keys == ["id"])
            for query in ["", "?fields=", "?fields=,", "?unknown=1"] {
                let whole = try await admin.get("/api/workflows/\(workflow.id)\(query)")
                #expect((whole.json.objectValue?.count ?? 0) > 8, "\(query)")
            }
            let several = try await admin.get("/api/workflows/\(workflow.id)?fields=id&fields=name")
            #expect(several.json.objectValue?.keys == ["id", "name"])
            let none = try await admin.get("/api/workflows/\(workflow.id)?fields=nothing")
            #expect(none.json == [:])
        }
    }

    @Test func wrongValuesOfAQueryAreNamed() async throws {
        try await withAPI { api in
            let admin = try await api.admin()
            for (query, field) in [
                ("page=x", "page"), ("page=1&page=2", "page"), ("page=", "page"),
                ("is_active=maybe", "is_active"), ("search=%ff", "search"), ("search=%4", "search"),
            ] {
                let answer = try await admin.get("/api/workflows?\(query)")
                #expect(answer.status == 422, "\(query)")
                #expect(answer.json["error"]?["details"]?[0]?["field"] == .string(field))
            }
            let both = try await admin.get("/api/workflows?page=x&is_active=y")
            #expect(both.json["error"]?["details"]?.arrayValue?.count == 2)
            let plus = try await admin.get("/api/workflows?search=a+b%2Bc&&=&x")
            #expect(plus.status == 200)
        }
    }
}
