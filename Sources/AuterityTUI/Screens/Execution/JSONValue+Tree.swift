public import AuterityAPI
import OrderedCollections
public import TerminalUI

extension JSONValue: JSONTreeValue {
    public var treeKind: JSONTreeKind {
        switch self {
        case .null: .null
        case .bool(let bool): .bool(bool)
        case .int(let int): .number(String(int))
        case .double(let double): .number("\(double)")
        case .string(let text): .string(text)
        case .array(let array): .array(array.count)
        case .object(let object): .object(object.count)
        }
    }

    public func treeChild(at index: Int) -> (key: String?, value: JSONValue) {
        switch self {
        case .array(let array) where array.indices.contains(index): return (nil, array[index])
        case .object(let object) where object.members.elements.indices.contains(index):
            let member = object.members.elements[index]
            return (member.key, member.value)
        default: return (nil, .null)
        }
    }

    public var treeText: String { prettyJSONText }
}

extension JSONValue {
    /// A start of the value on one line, without looking at more of it than is shown.
    func preview(limit: Int = 60) -> String {
        var text = ""
        appendPreview(to: &text, limit: limit, depth: 0)
        return text
    }

    private func appendPreview(to text: inout String, limit: Int, depth: Int) {
        guard text.utf8.count < limit else { return }
        switch self {
        case .string(let string):
            let start = string.unicodeScalars.prefix(limit)
            text += "\"" + String(String.UnicodeScalarView(start))
            text += start.endIndex < string.unicodeScalars.endIndex ? "…" : "\""
        case .array(let array):
            guard depth < 3 else { return text += "[…]" }
            text += "["
            for (index, element) in array.enumerated() {
                guard text.utf8.count < limit else { return text += "…" }
                if index > 0 { text += ", " }
                element.appendPreview(to: &text, limit: limit, depth: depth + 1)
            }
            text += "]"
        case .object(let object):
            guard depth < 3 else { return text += "{…}" }
            text += "{"
            for (index, member) in object.members.elements.enumerated() {
                guard text.utf8.count < limit else { return text += "…" }
                if index > 0 { text += ", " }
                text += String(member.key.prefix(limit)) + ": "
                member.value.appendPreview(to: &text, limit: limit, depth: depth + 1)
            }
            text += "}"
        default: text += jsonText
        }
    }
}
