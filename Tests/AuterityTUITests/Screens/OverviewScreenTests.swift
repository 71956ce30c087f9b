import AuterityAPI
import TerminalUI
import Testing

@testable import AuterityTUI

@Suite struct OverviewScreenTests {
    @Test(arguments: [
        (120, 32), (200, 60), (80, 24), (60, 16), (59, 15), (40, 12), (20, 6), (19, 5),
    ])
    func isDrawn(width: Int, height: Int) async {
        let console = await ConsoleTester.open(width: width, height: height)
        expectDrawing(console.lines, "overview-\(width)x\(height)")
    }
}
