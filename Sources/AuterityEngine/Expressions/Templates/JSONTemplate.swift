package import AuterityAPI
import OrderedCollections

/// A tree of JSON whose texts are templates, read once and rendered many times.
package struct JSONTemplate: Sendable {
    /// What a text that stands by itself is.
    package enum Place: Hashable, Sendable {
        /// A text template.
        case text
        /// An expression when it holds no `{{`, else a text template. Texts deeper in the tree are
        /// text templates.
        case expression
    }

    private indirect enum Tree: Sendable {
        case constant(JSONValue)
        case text(TextTemplate)
        case expression(Expression)
        case array([Tree])
        case object([(key: String, tree: Tree)])
    }

    private let tree: Tree
    /// The names that its holes take from their scope, in the order of the tree.
    package let names: [NameUse]
    private let slotCount: Int

    /// Reads and checks all texts. An error says in `place` where in the tree its text stands.
    package init(
        _ value: JSONValue, place: Place = .text, declarations: Declarations = .open
    ) throws(ExpressionError) {
        var reader = Reader(declarations: declarations)
        tree = try reader.read(value, place: place, depth: 0)
        names = reader.names
        slotCount = reader.slotCount
    }

    /// Whether there is nothing to fill in.
    package var isConstant: Bool {
        if case .constant = tree { true } else { false }
    }

    /// The tree with every text rendered, within `limits` for the whole tree.
    package func render(
        in scope: any Scope, limits: ExpressionLimits = .standard
    ) throws(ExpressionError) -> JSONValue {
        if case .constant(let value) = tree { return value }
        var run = Run(scope: scope, slotCount: slotCount, limits: limits)
        var conversion = JSONConversion(bytesLeft: limits.bytes)
        return try Self.render(tree, &run, &conversion, depth: 0)
    }

    /// The value of a tree that is one text, without the way over JSON; `nil` for any other tree.
    package func value(
        in scope: any Scope, limits: ExpressionLimits = .standard
    ) throws(ExpressionError) -> CELValue? {
        var run = Run(scope: scope, slotCount: slotCount, limits: limits)
        switch tree {
        case .text(let template): return try template.render(&run)
        case .expression(let expression): return try expression.evaluate(&run)
        case .constant, .array, .object: return nil
        }
    }

    private static func render(
        _ tree: Tree, _ run: inout Run, _ conversion: inout JSONConversion, depth: Int
    ) throws(ExpressionError) -> JSONValue {
        switch tree {
        case .constant(let value):
            try conversion.count(value, depth: depth)
            return value
        case .text(let template):
            return try conversion.convert(try template.render(&run), depth: depth)
        case .expression(let expression):
            return try conversion.convert(try expression.evaluate(&run), depth: depth)
        case .array(let trees):
            var result: [JSONValue] = []
            for (index, tree) in trees.enumerated() {
                do throws(ExpressionError) {
                    result.append(try render(tree, &run, &conversion, depth: depth + 1))
                } catch {
                    throw error.inside("[\(index)]")
                }
            }
            return .array(result)
        case .object(let members):
            var result = JSONObject()
            for (key, tree) in members {
                do throws(ExpressionError) {
                    result[key] = try render(tree, &run, &conversion, depth: depth + 1)
                } catch {
                    throw error.inside(key)
                }
            }
            return .object(result)
        }
    }

    /// Reads the texts of a tree.
    private struct Reader {
        let declarations: Declarations
        var names: [NameUse] = []
        var slotCount = 0

        mutating func read(
            _ value: JSONValue, place: Place, depth: Int
        ) throws(ExpressionError) -> Tree {
            guard depth <= JSONValue.maximumDepth else {
                throw ExpressionError(.limit, "nested deeper than \(JSONValue.maximumDepth)")
            }
            switch value {
            case .string(let text): return try read(text, place: place)
            case .array(let array):
                return try read(array, depth: depth + 1) ?? .constant(value)
            case .object(let object):
                return try read(object, depth: depth + 1) ?? .constant(value)
            case .null, .bool, .int, .double: return .constant(value)
            }
        }

        private mutating func read(_ text: String, place: Place) throws(ExpressionError) -> Tree {
            if place == .expression, !TextTemplate.hasHoles(text) {
                let expression = try Expression(text, declarations: declarations)
                names += expression.names
                slotCount = max(slotCount, expression.program.slotCount)
                return .expression(expression)
            }
            let template = try TextTemplate(text, declarations: declarations)
            if template.isConstant { return .constant(.string(text)) }
            names += template.names
            slotCount = max(slotCount, template.slotCount)
            return .text(template)
        }

        /// `nil` when nothing in it is to be filled in.
        private mutating func read(
            _ array: [JSONValue], depth: Int
        ) throws(ExpressionError) -> Tree? {
            var trees: [Tree] = []
            for (index, element) in array.enumerated() {
                do throws(ExpressionError) {
                    trees.append(try read(element, place: .text, depth: depth))
                } catch {
                    throw error.inside("[\(index)]")
                }
            }
            return trees.allSatisfy(Self.isConstant) ? nil : .array(trees)
        }

        private mutating func read(
            _ object: JSONObject, depth: Int
        ) throws(ExpressionError) -> Tree? {
            var members: [(key: String, tree: Tree)] = []
            for (key, member) in object.members {
                do throws(ExpressionError) {
                    members.append((key, try read(member, place: .text, depth: depth)))
                } catch {
                    throw error.inside(key)
                }
            }
            return members.allSatisfy { Self.isConstant($0.tree) } ? nil : .object(members)
        }

        private static func isConstant(_ tree: Tree) -> Bool {
            if case .constant = tree { true } else { false }
        }
    }
}
