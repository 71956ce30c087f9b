import Testing

/// Figures in the text format of Prometheus, version 0.0.4, read strictly
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
struct Exposition {
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    struct Sample {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    struct Family {
        var help: String?
        var type: String?
        var samples: [Sample] = []
    }

    private(set) var families: [String: Family] = [:]
    private var current = ""
    private var seen: Set<String> = []

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Fault(description: "the last line has no end") }
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            try read(line)
        }
        for (name, family) in families {
            guard let type = family.type, family.help?.isEmpty == false else {
                throw Fault(description: "\(name) has no HELP or no TYPE")
            }
            switch type {
            case "histogram": try Self.checkHistogram(name, family.samples)
            case "counter": try Self.checkCounter(name, family.samples)
            case "gauge": break
            default: throw Fault(description: "\(name) is a \(type)")
            }
        }
    }

    /// The value of the only sample of that name with these labels among its own.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        let found = families.values.flatMap(\.samples).filter { sample in
            sample.name == name && labels.allSatisfy { sample.labels[$0] == $1 }
        }
        return found.count == 1 ? found[0].value : nil
    }

    // MARK: - Lines

    private mutating func read(_ line: Substring) throws {
        if line.hasPrefix("# ") {
            let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
            guard words.count == 4, ["HELP", "TYPE"].contains(words[1]) else {
                throw Fault(description: "a comment that is none: \(line)")
            }
            try describe(String(words[2]), isHelp: words[1] == "HELP", String(words[3]))
        } else {
            var reader = SampleReader(line)
            try add(try reader.sample(), line)
        }
    }

    private mutating func describe(_ name: String, isHelp: Bool, _ text: String) throws {
        guard SampleReader.isName(name, colons: true) else {
            throw Fault(description: "no name: \(name)")
        }
        let known = isHelp ? families[name]?.help : families[name]?.type
        guard known == nil, families[name]?.samples.isEmpty ?? true else {
            throw Fault(description: "\(name) is described twice, or behind its samples")
        }
        if isHelp {
            families[name, default: Family()].help = text
        } else {
            families[name, default: Family()].type = text
        }
        current = name
    }

    private mutating func add(_ sample: Sample, _ line: Substring) throws {
        let suffixes =
            families[current]?.type == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard suffixes.contains(where: { current + $0 == sample.name }) else {
            throw Fault(description: "it stands apart from its family: \(line)")
        }
        let key =
            sample.name
            + sample.labels.sorted { $0.key < $1.key }.map { "\u{0}\($0)\u{0}\($1)" }.joined()
        guard seen.insert(key).inserted else { throw Fault(description: "twice: \(line)") }
        families[current]?.samples.append(sample)
    }

    // MARK: - Families

    private static func checkCounter(_ name: String, _ samples: [Sample]) throws {
        guard name.hasSuffix("_total"), samples.allSatisfy({ $0.value >= 0 }) else {
            throw Fault(description: "\(name) is no counter")
        }
    }

    private static func checkHistogram(_ name: String, _ samples: [Sample]) throws {
        let series = Dictionary(grouping: samples) { sample in
            sample.labels.filter { $0.key != "le" }
        }
        for (labels, samples) in series {
            let buckets = samples.filter { $0.name == name + "_bucket" }
            let bounds = buckets.map { $0.labels["le"].flatMap { SampleReader.number($0) } ?? .nan }
            let counts = buckets.map(\.value)
            let whole = samples.filter { $0.name == name + "_count" }.map(\.value)
            let sums = samples.filter { $0.name == name + "_sum" }.map(\.value)
            guard bounds.last == .infinity, zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 }),
                zip(counts, counts.dropFirst()).allSatisfy({ $0 <= $1 }),
                whole == [counts.last ?? .nan], sums.count == 1, sums[0] >= 0
            else { throw Fault(description: "\(name) \(labels) is no histogram") }
        }
    }
}

/// Reads one line with a sample.
private struct SampleReader {
    private var rest: Substring
    private let line: Substring

    init(_ line: Substring) {
        (rest, self.line) = (line, line)
    }

    static func isName(_ text: some StringProtocol, colons: Bool) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
            case 0x3A: colons
            default: false
            }
        }
    }

    static func number(_ text: String) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: text.contains { $0.isLetter && $0 != "e" } ? nil : Double(text)
        }
    }

    private var fault: Exposition.Fault { Exposition.Fault(description: "no sample: \(line)") }

    mutating func sample() throws -> Exposition.Sample {
        let name = String(rest.prefix { $0 != "{" && $0 != " " })
        guard Self.isName(name, colons: true) else { throw fault }
        rest = rest.dropFirst(name.count)
        let labels = rest.first == "{" ? try labels() : [:]
        guard rest.first == " ", let value = Self.number(String(rest.dropFirst())) else {
            throw fault
        }
        return Exposition.Sample(name: name, labels: labels, value: value)
    }

    private mutating func labels() throws -> [String: String] {
        var labels: [String: String] = [:]
        while rest.first == "{" || rest.first == "," {
            rest = rest.dropFirst()
            let name = String(rest.prefix { $0 != "=" })
            rest = rest.dropFirst(name.count)
            guard Self.isName(name, colons: false), labels[name] == nil, rest.hasPrefix("=\"")
            else {
                throw fault
            }
            rest = rest.dropFirst(2)
            labels[name] = try value()
        }
        guard rest.first == "}" else { throw fault }
        rest = rest.dropFirst()
        return labels
    }

    /// Up to and with the quotation mark at its end.
    private mutating func value() throws -> String {
        var value = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return value
            case "\\":
                switch rest.popFirst() {
                case "\\": value.append("\\")
                case "\"": value.append("\"")
                case "n": value.append("\n")
                default: throw fault
                }
            default: value.append(character)
            }
        }
        throw fault
    }
}
