import AuterityAPI
import Synchronization

/// Where the ids of requests come from: the caller, when it gives a sane one, else here.
final class RequestIDs: Sendable {
    /// Counts up from a random start; each state is one id's worth of chance (SplitMix64). Request
    /// ids need not be hard to guess, and a system call for each would cost more than all else.
    private let state: Atomic<UInt64>

    /// Characters of a caller's id.
    static let maximumLength = 128

    init(seed: UInt64) {
        state = Atomic(seed)
    }

    /// A UUID of version 7.
    func next(at time: Timestamp) -> String {
        var generator = Generator(ids: self)
        return Identifier<RequestSample>(at: time, using: &generator).description
    }

    /// Whether a caller's id may stand in headers, logs and the audit.
    static func isSane(_ text: String) -> Bool {
        let bytes = text.utf8
        guard (1...maximumLength).contains(bytes.count) else { return false }
        return bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }

    private struct Generator: RandomNumberGenerator {
        let ids: RequestIDs

        mutating func next() -> UInt64 {
            let step: UInt64 = 0x9E37_79B9_7F4A_7C15
            var bits = ids.state.wrappingAdd(step, ordering: .relaxed).newValue
            bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
            bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
            return bits ^ bits >> 31
        }
    }
}
