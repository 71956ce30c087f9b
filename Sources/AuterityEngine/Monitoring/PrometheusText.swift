/// Figures as Prometheus reads them: the text exposition format, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
package struct PrometheusText: Sendable {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    /// One series of a family.
    package struct Sample: Sendable {
        package let labels: [Label]
        package let value: Double

        package init(_ value: Double, _ labels: [Label]) {
            self.labels = labels
            self.value = value
        }

        package init(_ value: Double, _ labels: Label...) {
            self.init(value, labels)
        }
    }

    /// A name of letters, digits and `_`, and a value of any text.
    package struct Label: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// UTF-8.
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// A figure that only grows; its name ends with `_total`.
    package mutating func counter(_ name: String, _ help: String, _ value: Double) {
        family(.counter, name, help, [Sample(value)])
    }

    /// A figure that goes up and down; left out where it is not known.
    package mutating func gauge(_ name: String, _ help: String, _ value: Double?) {
        guard let value else { return }
        family(.gauge, name, help, [Sample(value)])
    }

    package mutating func family(
        _ kind: Kind, _ name: String, _ help: String, _ samples: [Sample]
    ) {
        head(kind, name, help)
        for sample in samples { line(name, sample.labels, sample.value) }
    }

    package mutating func histogram(
        _ name: String, _ help: String, _ series: [(labels: [Label], counts: BucketCounts)]
    ) {
        head(.histogram, name, help)
        for (labels, counts) in series {
            var total: UInt64 = 0
            for (bound, count) in zip(counts.bounds + [.infinity], counts.counts) {
                total += count
                let bucket = labels + [Label("le", Self.number(bound))]
                line(name + "_bucket", bucket, Double(total))
            }
            line(name + "_sum", labels, counts.sum)
            line(name + "_count", labels, Double(total))
        }
    }

    /// Puts the families of another text behind these. No name may stand in both.
    package mutating func append(_ other: PrometheusText) {
        bytes += other.bytes
    }

    private mutating func head(_ kind: Kind, _ name: String, _ help: String) {
        bytes += "# HELP \(name) ".utf8
        escape(help, quotes: false)
        bytes += "\n# TYPE \(name) \(kind.rawValue)\n".utf8
    }

    private mutating func line(_ name: String, _ labels: [Label], _ value: Double) {
        bytes += name.utf8
        if !labels.isEmpty {
            bytes.append(UInt8(ascii: "{"))
            for (index, label) in labels.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes += label.name.utf8
                bytes += "=\"".utf8
                escape(label.value, quotes: true)
                bytes.append(UInt8(ascii: "\""))
            }
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: " "))
        bytes += Self.number(value).utf8
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func escape(_ text: String, quotes: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes += "\\\\".utf8
            case UInt8(ascii: "\n"): bytes += "\\n".utf8
            case UInt8(ascii: "\"") where quotes: bytes += "\\\"".utf8
            default: bytes.append(byte)
            }
        }
    }

    /// As Go reads and writes numbers, which the format refers to.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value), abs(whole) < 1 << 53 { return String(whole) }
        return "\(value)"
    }
}
