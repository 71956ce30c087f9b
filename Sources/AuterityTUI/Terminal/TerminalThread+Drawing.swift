// Frames: from the mailbox through ncurses to the line, one write each.

import CTerminal
import Glibc
import TerminalUI

extension TerminalThread {
    /// Sends what is to be sent, if the line takes it now; else the frame stays in the mailbox,
    /// where a newer one may take its place.
    func drawWhenReady(_ devices: Devices) {
        if !unsent.isEmpty {
            guard flush(devices) else { return }
        }
        guard hasSomethingToDraw(devices) else { return }
        guard flow.mayDraw(at: .now), devices.line.isReady else { return }
        drawNow(devices)
    }

    /// A repaint before the first frame, or of a new size, waits for the console's frame.
    func hasSomethingToDraw(_ devices: Devices) -> Bool {
        mailbox.hasFrame || !prefix.isEmpty || (mustRepaint && devices.screen.shown != nil)
    }

    private func drawNow(_ devices: Devices) {
        let start = Instant.now
        let newest = mailbox.takeFrame()
        let repaints = mustRepaint
        guard let frame = newest?.frame ?? devices.screen.shown else {
            // Nothing to draw yet, as after a change of size: only what goes before it.
            if !prefix.isEmpty { sendPrefix(devices) }
            return
        }
        if let skipped = newest?.skipped, skipped > 0 {
            counters.change { $0.skippedFrames += skipped }
        }
        if !repaints, prefix.isEmpty, devices.screen.shows(frame) {
            counters.change { $0.unchangedFrames += 1 }
            return
        }
        mustRepaint = false
        var bytes = prefix
        prefix = []
        if synchronizes { bytes += Array(XtermSequence.beginFrame.utf8) }
        bytes += devices.screen.draw(frame, everything: repaints)
        if devices.screen.isXtermLike, let title = frame.title, title != shownTitle {
            shownTitle = title
            bytes += Array(XtermSequence.title(title).utf8)
        }
        if synchronizes { bytes += Array(XtermSequence.endFrame.utf8) }
        let asks = flow.shouldAsk(after: bytes.count)
        if asks { bytes += LineFlow.question }
        flow.sent(bytes.count, asking: asks, at: start)
        counters.change {
            $0.frames += 1
            $0.bytes += bytes.count
            $0.lastFrameBytes = bytes.count
        }
        unsent = bytes[...]
        _ = flush(devices)
        counters.change { $0.lastFrameTime = start.duration(to: .now) }
    }

    private func sendPrefix(_ devices: Devices) {
        unsent = prefix[...]
        prefix = []
        _ = flush(devices)
    }

    /// Writes as much as the line takes. True when nothing is left.
    private func flush(_ devices: Devices) -> Bool {
        guard let count = devices.line.write(unsent) else {
            unsent = []
            lose()
            return false
        }
        counters.change { $0.writes += 1 }
        unsent = unsent.dropFirst(count)
        guard unsent.isEmpty else { return false }
        if let key = firstUnpaintedKey {
            firstUnpaintedKey = nil
            counters.change { $0.recordKeyToPaint(key.duration(to: .now)) }
        }
        return true
    }
}
