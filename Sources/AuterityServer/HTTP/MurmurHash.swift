/// MurmurHash3_x64_128 by Austin Appleby (https://github.com/aappleby/smhasher, MurmurHash3.cpp):
/// 128 bits of which each depends on every bit of the data. It is no defence against whoever looks
/// for two texts with the same hash.
enum MurmurHash {
    static func hash(_ bytes: [UInt8], seed: UInt32) -> (low: UInt64, high: UInt64) {
        bytes.withUnsafeBytes { data in
            var state = State(h1: UInt64(seed), h2: UInt64(seed))
            var offset = 0
            while offset + 16 <= data.count {
                state.mix(word(data, offset), word(data, offset + 8))
                offset += 16
            }
            var rest: (UInt64, UInt64) = (0, 0)
            withUnsafeMutableBytes(of: &rest) { $0.copyBytes(from: data[offset...]) }
            return state.finish(
                rest: (UInt64(littleEndian: rest.0), UInt64(littleEndian: rest.1)),
                count: data.count)
        }
    }

    private static func word(_ data: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(littleEndian: data.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    private struct State {
        var h1: UInt64
        var h2: UInt64

        private static let c1: UInt64 = 0x87C3_7B91_1142_53D5
        private static let c2: UInt64 = 0x4CF5_AD43_2745_937F

        private static func first(_ word: UInt64) -> UInt64 {
            rotated(word &* c1, 31) &* c2
        }

        private static func second(_ word: UInt64) -> UInt64 {
            rotated(word &* c2, 33) &* c1
        }

        mutating func mix(_ k1: UInt64, _ k2: UInt64) {
            h1 ^= Self.first(k1)
            h1 = (rotated(h1, 27) &+ h2) &* 5 &+ 0x52DC_E729
            h2 ^= Self.second(k2)
            h2 = (rotated(h2, 31) &+ h1) &* 5 &+ 0x3849_5AB5
        }

        func finish(rest: (UInt64, UInt64), count: Int) -> (low: UInt64, high: UInt64) {
            var h1 = h1 ^ Self.first(rest.0) ^ UInt64(count)
            var h2 = h2 ^ Self.second(rest.1) ^ UInt64(count)
            h1 &+= h2
            h2 &+= h1
            h1 = Self.avalanche(h1)
            h2 = Self.avalanche(h2)
            h1 &+= h2
            h2 &+= h1
            return (h1, h2)
        }

        /// Lets every bit change every other.
        private static func avalanche(_ word: UInt64) -> UInt64 {
            var word = (word ^ word >> 33) &* 0xFF51_AFD7_ED55_8CCD
            word = (word ^ word >> 33) &* 0xC4CE_B9FE_1A85_EC53
            return word ^ word >> 33
        }
    }

    private static func rotated(_ word: UInt64, _ count: UInt64) -> UInt64 {
        word << count | word >> (64 - count)
    }
}
