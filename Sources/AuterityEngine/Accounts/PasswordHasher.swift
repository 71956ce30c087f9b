import AuterityAPI
import CBcrypt
import CCrypto
import Glibc
import Synchronization

/// bcrypt (`$2b$`) by the system's libxcrypt, on threads of its own: a hash takes a core for a
/// quarter of a second, which no call of another kind may wait for.
final class PasswordHasher: Sendable {
    /// Bytes in UTF-8. bcrypt takes no more; longer ones are refused, never cut.
    static let bytes = 8...72
    /// Calls that may wait for a thread; beyond them callers get 503.
    static let maximumWaiting = 64

    private static let niceness: Int32 = 5

    private let cost: Int
    private let slots: ThreadSlots
    private let done = Atomic<Int>(0)

    init(cost: Int) {
        self.cost = cost
        slots = ThreadSlots(
            count: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
            maximumWaiting: Self.maximumWaiting)
    }

    /// Hashes that were computed so far.
    var computations: Int { done.load(ordering: .relaxed) }

    /// The hash of a new password, with a salt of its own.
    func hash(_ password: String) async throws -> String {
        guard Self.isHashable(password), let setting = setting(),
            let hash = try await compute(password, setting)
        else { throw APIError(.internalError, "The password could not be hashed. Try again") }
        return hash
    }

    /// Whether the password is the one that was hashed. Without a hash the answer is no, after the
    /// same work.
    func verify(_ password: String, against hash: String?) async throws -> Bool {
        // What cannot be a password is not cut to one.
        let isPossible = Self.isHashable(password)
        let setting = hash ?? unmatched
        let computed = try await compute(isPossible ? password : "", setting)
        guard let hash, let computed, isPossible else { return false }
        let (left, right) = (Array(computed.utf8), Array(hash.utf8))
        return left.count == right.count && ccrypto_equal(left, right, left.count) == 1
    }

    /// C ends a text at its first NUL.
    private static func isHashable(_ password: String) -> Bool {
        password.utf8.count <= bytes.upperBound && !password.utf8.contains(0)
    }

    /// A setting of the same cost that nobody's hash has.
    private var unmatched: String {
        "$2b$" + (cost < 10 ? "0" : "") + "\(cost)$" + String(repeating: ".", count: 22)
    }

    private func setting() -> String? {
        guard let random = randomBytes(16) else { return nil }
        var output = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        let made = random.withUnsafeBytes { bytes in
            crypt_gensalt_rn(
                "$2b$", UInt(cost), bytes.bindMemory(to: CChar.self).baseAddress,
                Int32(bytes.count), &output, Int32(output.count))
        }
        return made.map { String(cString: $0) }
    }

    private func compute(_ password: String, _ setting: String) async throws -> String? {
        switch await slots.take() {
        case .cancelled: throw CancellationError()
        case .overloaded: throw Self.overload
        case .taken: break
        }
        defer { slots.giveBack() }
        done.add(1, ordering: .relaxed)
        return try await withCheckedThrowingContinuation { continuation in
            let isStarted = startThread {
                // To Linux this is the thread alone: calls of other kinds go before it.
                setpriority(Int32(PRIO_PROCESS.rawValue), 0, Self.niceness)
                continuation.resume(returning: Self.crypt(password, setting))
            }
            if !isStarted { continuation.resume(throwing: Self.overload) }
        }
    }

    private static let overload = APIError(
        .serviceUnavailable, "Too many passwords wait to be checked. Try again in a moment",
        retryAfter: 2)

    /// Blocks for as long as the cost takes.
    private static func crypt(_ password: String, _ setting: String) -> String? {
        let size = MemoryLayout<crypt_data>.size
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: size, alignment: MemoryLayout<crypt_data>.alignment)
        memset(memory, 0, size)
        defer {
            explicit_bzero(memory, size)
            memory.deallocate()
        }
        return crypt_rn(password, setting, memory, Int32(size)).map { String(cString: $0) }
    }
}

extension Faults {
    mutating func password(_ text: String, at field: String) {
        let count = text.utf8.count
        if !PasswordHasher.bytes.contains(count) {
            note(
                field,
                "must have \(PasswordHasher.bytes.lowerBound) to "
                    + "\(PasswordHasher.bytes.upperBound) bytes in UTF-8, not \(count)")
        } else if text.utf8.contains(0) {
            note(field, "must not hold a NUL")
        }
    }

    /// RFC 5321, section 4.5.3.1.3, without the angle brackets.
    private static let emailBytes = 254

    /// An address alone, such as `ann@example.com`.
    mutating func email(_ text: String, at field: String) {
        if (try? MailAddress(text))?.mailbox != text {
            note(field, "must be an email address such as ann@example.com")
        } else if text.utf8.count > Self.emailBytes {
            note(field, "must have at most \(Self.emailBytes) characters")
        }
    }

    /// A first or last name, or a company: may be empty.
    mutating func personalName(_ text: String?, at field: String) -> String {
        length(text ?? "", 0...FieldLimits.name.upperBound, at: field)
        return text ?? ""
    }
}
