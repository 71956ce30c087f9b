import AuterityAPI
import Testing

@testable import auterity

@Suite struct CertificateFindingTests {
    private static let now = Timestamp(milliseconds: 1_754_649_000_000)

    @Test(arguments: [
        (-1, Finding.Status.fail), (0, .fail), (1, .warn), (20, .warn), (22, .ok), (400, .ok),
    ])
    func theEndOfACertificateIsToldInTime(days: Int, status: Finding.Status) {
        let end = Self.now.milliseconds / 1000 + Int64(days) * 86_400
        let finding = CertificateFindings.finding("a.b", "it", end: end, now: Self.now)
        #expect(finding.status == status)
        #expect((finding.advice == nil) == (status == .ok))
    }
}
