package import AuterityAPI
import OrderedCollections

/// One case of the conformance files of the CEL specification, in their form as JSON: `expr`,
/// `bindings`, `declared`, `disable_check`, and `value` or `error`.
package struct ConformanceCase: Sendable {
    package enum Expectation: Sendable {
        case value(CELValue)
        /// It must fail, in checking or in evaluation; with what words is not said.
        case failure
    }

    package enum Outcome: Hashable, Sendable {
        case passed
        /// What came out instead.
        case missed(String)
    }

    package let section: String
    package let name: String
    package let expression: String
    package let expectation: Expectation
    private let bindings: NamedValues
    private let declarations: Declarations
    private let isChecked: Bool

    /// Fails, naming what is missing, on JSON that is no such case.
    package init(_ json: JSONValue) throws(ExpressionError) {
        guard let section = json["section"]?.stringValue, let name = json["name"]?.stringValue,
            let expression = json["expr"]?.stringValue
        else { throw Self.malformed("a case has 'section', 'name' and 'expr'") }
        self.section = section
        self.name = name
        self.expression = expression
        isChecked = json["disable_check"]?.boolValue != true
        var values: [String: CELValue] = [:]
        var types: [String: CELType] = [:]
        for (name, value) in json["bindings"]?.objectValue?.members ?? [:] {
            values[name] = try Self.value(value)
            types[name] = .dyn
        }
        for (name, type) in json["declared"]?.objectValue?.members ?? [:] {
            guard let text = type.stringValue, let type = CELType(text) else {
                throw Self.malformed("'\(type)' is no type")
            }
            types[name] = type
        }
        bindings = NamedValues(values)
        declarations = Declarations(types, isClosed: true)
        if let value = json["value"] {
            expectation = .value(try Self.value(value))
        } else {
            guard json["error"] != nil else { throw Self.malformed("neither 'value' nor 'error'") }
            expectation = .failure
        }
    }

    /// Whether an error is expected.
    package var expectsFailure: Bool {
        if case .failure = expectation { true } else { false }
    }

    /// Evaluates the expression and compares.
    package func run() -> Outcome {
        let value: CELValue
        do throws(ExpressionError) {
            let expression = try Expression(
                self.expression, declarations: declarations, isChecked: isChecked)
            value = try expression.evaluate(in: bindings)
        } catch {
            return expectsFailure ? .passed : .missed("error: \(error)")
        }
        switch expectation {
        case .failure: return .missed("\(value) instead of an error")
        case .value(let expected):
            return Self.areSame(value, expected)
                ? .passed : .missed("\(value) instead of \(expected)")
        }
    }

    private static func malformed(_ message: String) -> ExpressionError {
        ExpressionError(.syntax, message)
    }
}

// MARK: - Typed values

extension ConformanceCase {
    /// Reads a typed value such as `{"int": "1"}`.
    private static func value(_ json: JSONValue) throws(ExpressionError) -> CELValue {
        guard let members = json.objectValue?.members, members.count == 1,
            let (kind, content) = members.elements.first
        else { throw malformed("'\(json)' is no typed value") }
        switch kind {
        case "list": return .list(CELList(try values(content.arrayValue ?? [])))
        case "map":
            var builder = CELMap.Builder()
            for entry in content.arrayValue ?? [] {
                let pair = try values(entry.arrayValue ?? [])
                guard pair.count == 2, (try? builder.add(pair[0], pair[1])) != nil else {
                    throw malformed("'\(entry)' is no entry of a map")
                }
            }
            return .map(CELMap(builder))
        case "null": return .null
        default:
            guard let value = simpleValue(kind, content) else {
                throw malformed("'\(json)' is no typed value")
            }
            return value
        }
    }

    private static func values(_ array: [JSONValue]) throws(ExpressionError) -> [CELValue] {
        var values: [CELValue] = []
        for element in array { values.append(try value(element)) }
        return values
    }

    private static func simpleValue(_ kind: String, _ content: JSONValue) -> CELValue? {
        if kind == "bool" { return content.boolValue.map { .bool($0) } }
        if kind == "double", let number = content.doubleValue { return .double(number) }
        guard let text = content.stringValue else { return nil }
        switch kind {
        case "int": return Int64(text).map { .int($0) }
        case "uint": return UInt64(text).map { .uint($0) }
        case "double":
            let named = ["NaN": Double.nan, "Infinity": .infinity, "-Infinity": -.infinity]
            return named[text].map { .double($0) }
        case "string": return .string(text)
        case "bytes": return bytes(ofBase64: text).map { .bytes($0) }
        case "type": return CELKind(rawValue: text).map { .type($0) }
        case "timestamp": return CELTimestamp(text).map { .timestamp($0) }
        case "duration": return CELDuration(text).map { .duration($0) }
        default: return nil
        }
    }

    private static func bytes(ofBase64 text: String) -> [UInt8]? {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text.utf8 where byte != UInt8(ascii: "=") {
            guard let digit = alphabet.firstIndex(of: byte) else { return nil }
            bits = bits << 6 | UInt32(digit)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    /// Whether kind and value are the same; NaN is the same as NaN.
    private static func areSame(_ left: CELValue, _ right: CELValue) -> Bool {
        switch (left, right) {
        case (.double(let left), .double(let right)):
            return left == right || (left.isNaN && right.isNaN)
        case (.list(let left), .list(let right)):
            return left.count == right.count
                && zip(left.values, right.values).allSatisfy { areSame($0, $1) }
        case (.map(let left), .map(let right)):
            return left.count == right.count
                && (0..<left.count).allSatisfy { index in
                    (0..<right.count).contains {
                        areSame(left.key(at: index), right.key(at: $0))
                            && areSame(left.value(at: index), right.value(at: $0))
                    }
                }
        case (.optional(let left), .optional(let right)):
            guard let left, let right else { return left == nil && right == nil }
            return areSame(left, right)
        default:
            guard left.kind == right.kind else { return false }
            var run = Run(scope: NamedValues(), slotCount: 0, limits: .standard)
            return (try? Comparisons.areEqual(left, right, &run)) == true
        }
    }
}
