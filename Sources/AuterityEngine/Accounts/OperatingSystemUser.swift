package import AuterityAPI
import Glibc

extension Caller {
    /// The user who runs this process, as the administrator of what is embedded in it.
    ///
    /// The id is made of the numeric user id (a UUID of version 8, RFC 9562), so that the same
    /// user is the same caller in every store and after every restart.
    package static var operatingSystemUser: Caller {
        let number = getuid()
        let digits = String(number, radix: 16)
        let padded = String(repeating: "0", count: 12 - digits.count) + digits
        let name = userName(of: number) ?? "uid \(number)"
        // The text is a UUID whatever the number is; a random one would only lose the history.
        var generator = SystemRandomNumberGenerator()
        let id =
            UserID("00000000-0000-8000-8000-\(padded)")
            ?? UserID(at: Timestamp(milliseconds: 0), using: &generator)
        return Caller(id: id, name: name, roles: [.superAdmin])
    }

    private static func userName(of number: uid_t) -> String? {
        var entry = passwd()
        var result: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4096)
        guard getpwuid_r(number, &entry, &buffer, buffer.count, &result) == 0, result != nil,
            let name = entry.pw_name
        else { return nil }
        return String(cString: name)
    }
}
