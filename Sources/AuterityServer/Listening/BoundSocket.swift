import Glibc

/// A TCP socket that has its address and does not listen yet: what a server needs to know before
/// it begins anything else.
struct BoundSocket: Sendable {
    let descriptor: Int32
    /// Such as `127.0.0.1` or `::1`.
    let address: String
    let port: Int
    let isLoopback: Bool

    /// Binds every address that the host has.
    ///
    /// - Throws: A `ServerError` that names the host, the port and what to do.
    static func bind(host: String, port: Int) throws(ServerError) -> [BoundSocket] {
        var sockets: [BoundSocket] = []
        var failure: (address: String, error: Int32)?
        let addresses = try SocketAddresses(host: host, port: port)
        for address in addresses.list {
            // With several addresses, all get the port that the system chose for the first.
            let chosen = sockets.first?.port ?? port
            do {
                sockets.append(try bind(address.with(port: chosen), isAlone: addresses.isOne))
            } catch {
                if error.isAbsent, failure == nil || !sockets.isEmpty {
                    failure = (address.text, error.number)
                    continue
                }
                for socket in sockets { close(socket.descriptor) }
                throw sentence(error.number, address.text, chosen)
            }
        }
        guard sockets.isEmpty, let failure else { return sockets }
        throw sentence(failure.error, failure.address, port)
    }

    private struct Failure: Error {
        let number: Int32

        /// A name may stand for an address of a kind that this machine does not have.
        var isAbsent: Bool { number == EADDRNOTAVAIL || number == EAFNOSUPPORT }
    }

    private static func bind(
        _ address: SocketAddresses.One, isAlone: Bool
    ) throws(Failure) -> BoundSocket {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.family, kind, 0)
        guard descriptor >= 0 else { throw Failure(number: errno) }
        set(descriptor, SOL_SOCKET, SO_REUSEADDR)
        if address.family == AF_INET6, !isAlone {
            set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY)
        }
        let bound = address.withPointer { Glibc.bind(descriptor, $0, $1) }
        // Listening is what finds out that another process listens already.
        guard bound == 0 else {
            let number = errno
            close(descriptor)
            throw Failure(number: number)
        }
        return BoundSocket(
            descriptor: descriptor, address: address.text, port: port(of: descriptor),
            isLoopback: address.isLoopback)
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32) {
        var one: Int32 = 1
        setsockopt(descriptor, level, option, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func port(of descriptor: Int32) -> Int {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        withUnsafeMutablePointer(to: &storage) { storage in
            _ = storage.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length)
            }
        }
        // In both families the port stands behind the two bytes that name the family.
        return withUnsafeBytes(of: storage) {
            Int(UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
        }
    }

    /// What an error of the system means for who started the server.
    static func sentence(_ error: Int32, _ address: String, _ port: Int) -> ServerError {
        switch error {
        case EADDRINUSE:
            ServerError(
                "Port \(port) on \(address) is in use by another process. End that process, or "
                    + "choose another port with --port")
        case EACCES:
            ServerError(
                "Port \(port) on \(address) needs a privilege that this user lacks. Choose a port "
                    + "from 1024 on with --port, or grant CAP_NET_BIND_SERVICE")
        case EADDRNOTAVAIL, EAFNOSUPPORT:
            ServerError(
                "This machine has no address \(address). Name one of its own with --host, or "
                    + "0.0.0.0 for all")
        default:
            ServerError(
                "Port \(port) on \(address) cannot be opened: \(String(cString: strerror(error)))")
        }
    }
}
