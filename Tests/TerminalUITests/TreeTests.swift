import Testing

@testable import TerminalUI

@Suite struct TreeTests {
    private let nodes = [
        TreeNode(
            id: "a", line: TextLine("first"),
            children: [
                TreeNode(
                    id: "a/1", line: TextLine("one"),
                    children: [TreeNode(id: "a/1/x", line: TextLine("deep"))]),
                TreeNode(id: "a/2", line: TextLine("two")),
            ]),
        TreeNode(id: "b", line: TextLine("last")),
    ]

    private func lines(_ tree: Tree, _ charset: Charset = .unicode) -> [String] {
        var frame = Frame(size: Size(width: 20, height: 6), charset: charset)
        tree.draw(into: &frame, in: frame.bounds, theme: .midnight, isFocused: true)
        return frame.lines().filter { !$0.isEmpty }
    }

    @Test func guidesShowWhatBelongsToWhat() {
        let tree = Tree(nodes, open: ["a", "a/1"])
        #expect(lines(tree) == ["▾ first", "├ ▾ one", "│ ╰   deep", "╰   two", "  last"])
        #expect(lines(tree, .ascii) == ["- first", "+ - one", "| +   deep", "+   two", "  last"])
    }

    @Test func rightOpensAndLeftClosesThenLeaves() {
        var tree = Tree(nodes)
        #expect(lines(tree) == ["▸ first", "  last"])
        _ = tree.handle(.right, height: 6)
        #expect(lines(tree) == ["▾ first", "├ ▸ one", "╰   two", "  last"])
        _ = tree.handle(.down, height: 6)
        _ = tree.handle(.down, height: 6)
        #expect(tree.selection == "a/2")
        _ = tree.handle(.left, height: 6)
        #expect(tree.selection == "a")
        _ = tree.handle(.left, height: 6)
        #expect(lines(tree) == ["▸ first", "  last"])
        _ = tree.handle(.character("E"), height: 6)
        #expect(tree.rowCount == 5)
        _ = tree.handle(.character("C"), height: 6)
        #expect(tree.rowCount == 2)
    }

    @Test func theRowUnderTheCursorStaysWhileRowsComeAndGo() {
        var tree = Tree(nodes, open: ["a"])
        tree.select("b", height: 6)
        tree.update([TreeNode(id: "new", line: TextLine("new"))] + nodes, height: 6)
        #expect(tree.selection == "b")
        #expect(tree.open == ["a"])
        tree.update([TreeNode(id: "only", line: TextLine("only"))], height: 6)
        #expect(tree.selection == "only")
    }

    @Test func depthIsBoundedAndNothingIsRecursive() {
        var node = TreeNode(id: "0", line: TextLine("0"))
        for depth in 1..<500 {
            node = TreeNode(id: "\(depth)", line: TextLine("\(depth)"), children: [node])
        }
        var tree = Tree([node])
        _ = tree.handle(.character("E"), height: 6)
        #expect(tree.rowCount == Tree.maximumDepth)
    }
}
