import AuterityAPI

/// Takes one of several ways.
package struct SwitchNode: PureNode {
    package static let documentation = NodeDocumentation(
        "switch", summary: "Goes the way of the case that the value equals.",
        fields: [
            NodeField("expression", .expression, isRequired: true, doc: "Gives the value."),
            NodeField(
                "cases", .values, isRequired: true,
                doc: "The values to compare with; the handle of a case is its text."),
        ],
        output: [OutputField("case", doc: "The case that was taken, or default.")],
        handles: [NodeHandle("default", doc: "The value equals no case.")])

    static let maximumCases = 1000

    private let expression: JSONTemplate
    private let cases: [JSONValue]
    package let handles: [String]

    package init?(_ data: inout NodeData) {
        let expression = data.expression("expression", isRequired: true)
        cases = Self.readCases(&data)
        handles = cases.map(caseHandle) + ["default"]
        guard let expression else { return nil }
        self.expression = expression
    }

    private static func readCases(_ data: inout NodeData) -> [JSONValue] {
        guard let value = data.value("cases") else {
            data.fault("cases", "is required")
            return []
        }
        guard case .array(let cases) = value, !cases.isEmpty, cases.count <= maximumCases else {
            data.fault("cases", "must be a list of 1 to \(maximumCases) values")
            return []
        }
        var seen: Set<String> = []
        for (index, value) in cases.enumerated() {
            if value.arrayValue != nil || value.objectValue != nil {
                data.fault("cases[\(index)]", "must be a text, a number, true, false or null")
            } else if !seen.insert(caseHandle(value)).inserted {
                data.fault("cases[\(index)]", "\"\(caseHandle(value))\" is listed twice")
            }
        }
        if seen.contains("default") {
            data.fault("cases", "\"default\" is what is taken when no case fits")
        }
        return cases
    }

    package func evaluate(_ context: NodeContext) throws(StepFailure) -> NodeOutcome {
        let value = try context.json(expression, in: "expression")
        let match = cases.first { $0 == value || areEqualNumbers($0, value) }
        let handle = match.map(caseHandle) ?? "default"
        return .completed(["case": match ?? "default"], handle: handle)
    }
}

/// The handle of a case: its text.
private func caseHandle(_ value: JSONValue) -> String {
    value.stringValue ?? value.jsonText
}

/// Whether an integer and a double are the same number. Two integers are not compared as doubles,
/// which cannot tell large ones apart.
private func areEqualNumbers(_ left: JSONValue, _ right: JSONValue) -> Bool {
    switch (left, right) {
    case (.int(let int), .double(let double)), (.double(let double), .int(let int)):
        Int64(exactly: double) == int
    default: false
    }
}
