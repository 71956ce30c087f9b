import Testing

@testable import AuterityTUI

@Suite struct LineDiffTests {
    private func text(_ diff: LineDiff) -> [String] {
        diff.lines.map { line in
            switch line.change {
            case .same: "  " + line.text
            case .added: "+ " + line.text
            case .removed: "- " + line.text
            case .skipped(let count): "… \(count)"
            }
        }
    }

    @Test func changesStandBetweenTheLinesAroundThem() {
        let old = (1...12).map { "line \($0)" }.joined(separator: "\n")
        let new = old.replacing("line 6\n", with: "line six\nand a half\n")
        #expect(
            text(LineDiff(old, new)) == [
                "… 2", "  line 3", "  line 4", "  line 5", "- line 6", "+ line six",
                "+ and a half", "  line 7", "  line 8", "  line 9", "… 3",
            ])
    }

    @Test func theSameTextHasNoChange() {
        #expect(LineDiff("", "a\nb").removed == 0)
        let diff = LineDiff("a\nb", "a\nb")
        #expect(diff.isEmpty)
        #expect(text(diff) == ["… 2"])
    }

    /// Both texts can be read from the differences, and no shorter way leads from one to the
    /// other than the longest common subsequence allows.
    @Test(arguments: 0..<300)
    func differencesAreCompleteAndShortest(seed: Int) {
        var state = UInt64(seed) &* 7919 &+ 17
        func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % sides
        }
        let old = (0..<roll(12)).map { _ in String(roll(4)) }
        let new = (0..<roll(12)).map { _ in String(roll(4)) }
        let diff = LineDiff(old.joined(separator: "\n"), new.joined(separator: "\n"))
        var before: [String] = []
        var after: [String] = []
        var skipped = 0
        for line in diff.lines {
            switch line.change {
            case .same:
                before.append(line.text)
                after.append(line.text)
            case .added: after.append(line.text)
            case .removed: before.append(line.text)
            case .skipped(let count): skipped += count
            }
        }
        #expect(before.count + skipped == old.count)
        #expect(after.count + skipped == new.count)
        if skipped == 0 {
            #expect(before == old)
            #expect(after == new)
        }
        let common = Self.common(old, new)
        #expect(diff.removed == old.count - common)
        #expect(diff.added == new.count - common)
    }

    private static func common(_ left: [String], _ right: [String]) -> Int {
        var row = Array(repeating: 0, count: right.count + 1)
        for one in left {
            var last = 0
            for (index, other) in right.enumerated() {
                let above = row[index + 1]
                row[index + 1] = one == other ? last + 1 : max(above, row[index])
                last = above
            }
        }
        return row[right.count]
    }

    @Test func textsWithoutAnythingInCommonAreReplacedAtOnce() {
        let old = (0..<5000).map { "old \($0)" }.joined(separator: "\n")
        let new = (0..<5000).map { "new \($0)" }.joined(separator: "\n")
        let diff = LineDiff(old, new)
        #expect(diff.removed == 5000)
        #expect(diff.added == 5000)
    }
}

@Suite struct JSONPlacesTests {
    private let text = """
        {
          "nodes": [
            {"id": "a"},
            {
              "id": "b",
              "data": {
                "to": [1,
                  2]
              }
            }
          ],
          "edges": []
        }
        """

    @Test(arguments: [
        ("definition", 1), ("definition.nodes", 2), ("definition.nodes[0].id", 3),
        ("definition.nodes[1]", 4), ("definition.nodes[1].data.to", 7),
        ("definition.nodes[1].data.to[1]", 8), ("definition.edges", 12),
        ("definition.nodes[1].data.subject", 6), ("definition.nodes[7].data", 2),
        ("somewhere.else", 1), ("", 1),
    ])
    func aFieldStandsAtItsLineOrThatOfWhatIsAroundIt(field: String, line: Int) {
        #expect(JSONPlaces(text).line(of: field) == line)
    }

    @Test(arguments: ["", "{", "[[[[", "\"", "{\"a\": ", "}]}]", "{\"a\\\"b\": 1}", "nul,,,:::"])
    func brokenTextsAreReadAsFarAsTheyGo(text: String) {
        #expect(JSONPlaces(text).line(of: "definition.nodes[3]") == 1)
    }

    @Test func whatStandsInTextsIsNoStructure() {
        let places = JSONPlaces("{\n\"a\": \"{[,]}\\\"\",\n\"b\": 1}")
        #expect(places.line(of: "b") == 3)
    }
}
