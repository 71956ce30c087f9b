import AuterityAPI
import Testing

@Suite struct IdentifierTests {
    private struct Counter: RandomNumberGenerator {
        var value: UInt64
        mutating func next() -> UInt64 {
            value &+= 0x9E37_79B9_7F4A_7C15
            return value
        }
    }

    @Test func idsAreVersion7AndSortByTime() throws {
        var generator = Counter(value: 7)
        let early = WorkflowID(at: Timestamp(milliseconds: 1_700_000_000_000), using: &generator)
        let late = WorkflowID(at: Timestamp(milliseconds: 1_700_000_000_001), using: &generator)
        #expect(early.description < late.description)
        let text = Array(early.description)
        #expect(text.count == 36)
        #expect(text[14] == "7")
        #expect("89ab".contains(text[19]))
        #expect(WorkflowID(early.description) == early)
        #expect(WorkflowID(early.description.uppercased()) == early)
    }

    @Test(arguments: [
        "", "workflow-uuid", "0190b7a0-0000-7000-8000-00000000000",
        "0190b7a0x0000-7000-8000-000000000000",
        "0190b7a0-0000-7000-8000-00000000000g", "０190b7a0-0000-7000-8000-000000000000",
    ])
    func whatIsNoUUIDIsRefused(text: String) {
        #expect(WorkflowID(text) == nil)
    }
}
