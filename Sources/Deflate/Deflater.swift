internal import CZlib

/// Makes bytes fewer by DEFLATE (RFC 1951), bare or as gzip (RFC 1952).
public final class Deflater {
    public enum Form: Hashable, Sendable {
        /// What was said before is referred to, as far back as two to that power bytes: 9 to 15.
        case raw(window: Int)
        /// With a head and a checksum, for a text of its own.
        case gzip
    }

    /// What is done with the bytes that wait for more.
    public enum Flush: Sendable {
        /// They go out, and the text goes on.
        case sync
        /// The text ends here.
        case finish
    }

    private let stream: UnsafeMutablePointer<z_stream>

    /// `nil` when there is no memory for it.
    ///
    /// - Parameter form: decides what it holds: about 32 KiB with a window of 12.
    public init?(_ form: Form) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let code =
            switch form {
            // A negative window is zlib's word for neither head nor checksum.
            case .raw(let window):
                czlib_deflate_begin(stream, Self.level, -Int32(window), Self.streamMemory)
            case .gzip: czlib_deflate_begin(stream, Self.level, Self.gzipWindow, Self.textMemory)
            }
        guard code == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Of 1 to 9: beyond it the time grows faster than the bytes shrink.
    private static let level: Int32 = 5
    /// The largest window, and 16 for gzip.
    private static let gzipWindow: Int32 = 15 + 16
    private static let streamMemory: Int32 = 5
    private static let textMemory: Int32 = 8
    /// Bytes that are made at once.
    private static let chunk = 4096

    /// Compresses bytes, and hands on what comes of them piece by piece.
    public func compress(
        _ input: UnsafeRawBufferPointer, _ flush: Flush,
        _ take: (UnsafeRawBufferPointer) -> Void
    ) {
        // zlib reads what it is given, and declares it as if it wrote there.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        let flag = flush == .sync ? Z_SYNC_FLUSH : Z_FINISH
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.chunk) { room in
            repeat {
                stream.pointee.next_out = room.baseAddress
                stream.pointee.avail_out = UInt32(room.count)
                deflate(stream, flag)
                let made = room.count - Int(stream.pointee.avail_out)
                take(UnsafeRawBufferPointer(room.prefix(made).rebased))
            } while stream.pointee.avail_out == 0
        }
    }

    /// Forgets what was said before.
    public func reset() {
        deflateReset(stream)
    }
}

extension Slice where Base == UnsafeMutableBufferPointer<UInt8> {
    fileprivate var rebased: UnsafeMutableBufferPointer<UInt8> {
        UnsafeMutableBufferPointer(rebasing: self)
    }
}

@available(*, unavailable)
extension Deflater: Sendable {}
