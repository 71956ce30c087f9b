import AuterityAPI
import Testing

@testable import AuterityTUI

@Suite struct FilterTests {
    private func matches(_ filter: String) -> [String] {
        let rows = Fixtures.executions
        return Filter(filter).matches(in: rows, at: Fixtures.now, subject: \.filterSubject)
            .map { "\(rows[$0].workflowName) \(rows[$0].status.rawValue)" }
    }

    @Test(arguments: [
        ("", 6), ("lead", 3), ("LEAD", 0), ("Lead", 3), ("!lead", 3), ("lead smtp", 1),
        ("status:failed", 1), ("status:done", 1), ("status:failed,cancelled", 2),
        ("!status:done", 5), ("workflow:lead", 3), ("workflow:lead status:running", 1),
        ("age:<10m", 3), ("age:>1h", 1), ("age:<3", 2), ("!age:<10m", 3), ("step:ai_", 1),
        ("~^lead.*tion$", 3), ("!~lead", 3), ("error:550", 1), ("\"parts inq\"", 1),
        ("nosuch:thing", 0), ("status:", 6), ("!", 6), ("~", 6),
    ])
    func findsRows(filter: String, count: Int) {
        #expect(matches(filter).count == count, "\(filter)")
    }

    @Test(arguments: ["~[", "age:soon", "age:<-1h"])
    func saysWhatIsWrong(filter: String) {
        #expect(Filter(filter).fault != nil)
        #expect(Filter("lead " + filter).terms.count == 1)
    }

    @Test func leavesToTheServerWhatItKnows() {
        let query = ExecutionQuery(Filter("status:failed lead age:<1h"), at: Fixtures.now)
        #expect(query.status == [.failed])
        #expect(query.search == "lead")
        #expect(query.since == Fixtures.ago(3600))
        #expect(!query.isPartial)
    }

    @Test func saysThatTheRestIsOnlyLookedForInWhatIsLoaded() {
        #expect(ExecutionQuery(Filter("~re"), at: Fixtures.now).isPartial)
        #expect(ExecutionQuery(Filter("!word"), at: Fixtures.now).isPartial)
        #expect(ExecutionQuery(Filter("one two"), at: Fixtures.now).isPartial)
        let negated = ExecutionQuery(Filter("!status:completed"), at: Fixtures.now)
        #expect(!negated.isPartial)
        #expect(negated.status == [.pending, .running, .waiting, .failed, .cancelled])
    }

    @Test func aMegabyteOfTextIsLookedAtOnlyAtItsStart() {
        let subject = FilterSubject(texts: [String(repeating: "a", count: 1 << 20) + "end"])
        #expect(!Filter("end").matches(subject, at: Fixtures.now))
    }
}
