import Glibc

/// The addresses that a host stands for.
struct SocketAddresses {
    /// One of them, as the system takes it.
    struct One {
        fileprivate var storage: sockaddr_storage
        fileprivate let length: socklen_t

        var family: Int32 { Int32(storage.ss_family) }

        func with(port: Int) -> One {
            var one = self
            withUnsafeMutableBytes(of: &one.storage) { bytes in
                // Both families have the port behind the family, in the network's order.
                bytes.storeBytes(of: UInt16(port).bigEndian, toByteOffset: 2, as: UInt16.self)
            }
            return one
        }

        func withPointer<Result>(
            _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
        ) -> Result {
            withUnsafePointer(to: storage) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
            }
        }

        /// As it is written: `127.0.0.1`, `::1`.
        var text: String {
            var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let failed = withPointer { address, length in
                getnameinfo(
                    address, length, &buffer, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST)
            }
            guard failed == 0 else { return "?" }
            let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            return String(decoding: bytes, as: UTF8.self)
        }

        var isLoopback: Bool {
            let text = text
            return text.hasPrefix("127.") || text == "::1" || text.hasPrefix("::ffff:127.")
        }
    }

    let list: [One]

    /// A dual-stack socket serves both families when there is nothing beside it.
    var isOne: Bool { list.count == 1 }

    /// A name stands for fewer than that.
    private static let limit = 16

    init(host: String, port: Int) throws(ServerError) {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        let failed = getaddrinfo(host, String(port), &hints, &found)
        defer { if found != nil { freeaddrinfo(found) } }
        guard failed == 0 else {
            throw ServerError(
                "There is no host \(host): \(String(cString: gai_strerror(failed))). Name an "
                    + "address of this machine with --host")
        }
        var list: [One] = []
        var next = found
        while let entry = next, list.count < Self.limit {
            next = entry.pointee.ai_next
            guard let address = entry.pointee.ai_addr else { continue }
            let length = Int(entry.pointee.ai_addrlen)
            guard length <= MemoryLayout<sockaddr_storage>.size else { continue }
            var storage = sockaddr_storage()
            withUnsafeMutableBytes(of: &storage) {
                $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: length))
            }
            let one = One(storage: storage, length: socklen_t(length))
            // The system lists an address again for each kind of socket.
            if !list.contains(where: { $0.text == one.text }) { list.append(one) }
        }
        self.list = list
    }
}
