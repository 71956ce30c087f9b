import TerminalUI

/// How the terminal's cells are shared between header, screen and footer.
struct ScreenLayout: Hashable, Sendable {
    let header: Rect
    /// Says that the line is broken; empty while it is not.
    let banner: Rect
    let body: Rect
    let footer: Rect
    /// Whether nothing of use can be shown.
    let isTooSmall: Bool

    /// Below this height the screen gets the footer's row, unless a text is being typed in it.
    private static let footerHeight = 9

    init(size: Size, bannerRows: Int, needsFooter: Bool) {
        let least = Model.smallestSize
        isTooSmall = size.width < least.width || size.height < least.height
        var rest = Rect(size)
        header = rest.takeTop(1)
        banner = rest.takeTop(bannerRows)
        let showsFooter = needsFooter || size.height >= ScreenLayout.footerHeight
        footer = rest.takeBottom(showsFooter ? 1 : 0)
        body = rest
    }

    init(size: Size, of model: Model) {
        var needsFooter = false
        if case .command? = model.overlay { needsFooter = true }
        self.init(
            size: size, bannerRows: model.banner(columns: size.width, rows: size.height).count,
            needsFooter: needsFooter)
    }
}
