internal import CZlib

/// Why bytes cannot be made what they were.
public enum InflateError: Error, Hashable, Sendable {
    /// They are no DEFLATE.
    case malformed
    /// They are more than was allowed.
    case tooLarge
}

/// Undoes bare DEFLATE (RFC 1951) with any window.
public final class Inflater {
    private let stream: UnsafeMutablePointer<z_stream>

    /// `nil` when there is no memory for it: about 40 KiB.
    public init?() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard czlib_inflate_begin(stream, Self.largestWindow) == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    private static let largestWindow: Int32 = -15
    /// Bytes that are made at once.
    private static let chunk = 16_384

    /// What the bytes were, with what came before them in mind.
    ///
    /// - Parameter limit: bytes of the result, so that few cannot become any number.
    public func inflate(
        _ input: UnsafeRawBufferPointer, limit: Int
    ) throws(InflateError) -> [UInt8] {
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        var result: [UInt8] = []
        var room = [UInt8](repeating: 0, count: Self.chunk)
        repeat {
            let (code, made) = step(&room)
            // With nothing left to read zlib has nothing to do, which is no fault.
            guard code == Z_OK || code == Z_BUF_ERROR || code == Z_STREAM_END else {
                throw .malformed
            }
            guard result.count + made <= limit else { throw .tooLarge }
            result += room[..<made]
            if code == Z_STREAM_END {
                // A final block ends a stream; the next message begins another (RFC 7692,
                // section 7.2.3.4).
                inflateReset(stream)
            } else if code == Z_BUF_ERROR, made == 0 {
                break
            }
        } while stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
        return result
    }

    private func step(_ room: inout [UInt8]) -> (code: Int32, made: Int) {
        room.withUnsafeMutableBufferPointer { room in
            stream.pointee.next_out = room.baseAddress
            stream.pointee.avail_out = UInt32(room.count)
            let code = CZlib.inflate(stream, Z_SYNC_FLUSH)
            return (code, room.count - Int(stream.pointee.avail_out))
        }
    }
}

@available(*, unavailable)
extension Inflater: Sendable {}
