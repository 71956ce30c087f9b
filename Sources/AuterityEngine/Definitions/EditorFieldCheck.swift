import AuterityAPI

/// Whether what only editors read is of its type: the positions of nodes and the ids of edges.
enum EditorFieldCheck {
    static func faults(of definition: JSONValue) -> [FieldFault] {
        let nodes = definition["nodes"]?.arrayValue ?? []
        let edges = definition["edges"]?.arrayValue ?? []
        return nodes.enumerated().flatMap { index, node in
            faults(ofPosition: node["position"], at: "definition.nodes[\(index)].position")
        }
            + edges.enumerated().compactMap { index, edge in
                switch edge["id"] {
                case nil, .null?, .string?: nil
                default:
                    FieldFault(field: "definition.edges[\(index)].id", message: "must be a text")
                }
            }
    }

    private static func faults(ofPosition position: JSONValue?, at path: String) -> [FieldFault] {
        switch position {
        case nil, .null?: []
        case .object(let object)?:
            ["x", "y"].compactMap { key in
                switch object[key] {
                case nil, .int?, .double?: nil
                default: FieldFault(field: "\(path).\(key)", message: "must be a number")
                }
            }
        default: [FieldFault(field: path, message: "must be an object with x and y")]
        }
    }
}
