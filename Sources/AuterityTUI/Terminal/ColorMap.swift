// Themes name colours freely; terminals have 2, 8, 16, 256 or 16 million. The nearest is taken.

import TerminalUI

/// A style in numbers as terminfo counts them: -1 is the terminal's own colour.
struct MappedStyle: Hashable, Sendable {
    var foreground: Int
    var background: Int
    var attributes: Attributes
}

/// From a theme's colours to those a terminal shows. The user's palette is never redefined, and
/// its first 16 colours, which mean whatever the user made them, are used only by name.
struct ColorMap: Sendable {
    let depth: ColorDepth
    /// How many low colour numbers stand for the palette when colours are direct: 8, or 16 for
    /// `xterm-direct16`. A darker blue than that cannot be told from them.
    let directPalette: Int
    /// Whether "the terminal's own colour" can be asked for.
    let hasDefaultColors: Bool

    private var cache: [Style: MappedStyle] = [:]
    /// More styles than a screen ever has; then the cache starts again.
    private static let cacheLimit = 4096

    init(depth: ColorDepth, directPalette: Int = 8, hasDefaultColors: Bool = true) {
        self.depth = depth
        self.directPalette = directPalette
        self.hasDefaultColors = hasDefaultColors
    }

    mutating func map(_ style: Style) -> MappedStyle {
        if let known = cache[style] { return known }
        if cache.count >= Self.cacheLimit { cache = [:] }
        let mapped = mapped(style)
        cache[style] = mapped
        return mapped
    }

    private func mapped(_ style: Style) -> MappedStyle {
        guard depth > .none else {
            return MappedStyle(foreground: -1, background: -1, attributes: style.attributes)
        }
        var attributes = style.attributes
        var foreground = number(of: style.foreground, fallback: 7)
        var background = number(of: style.background, fallback: 0)
        if depth == .eight {
            // Eight colours: the bright half is the same colour in bold, as it has always been.
            if foreground >= 8 { attributes.insert(.bold) }
            if foreground >= 0 { foreground &= 7 }
            if background >= 0 { background &= 7 }
        }
        return MappedStyle(
            foreground: foreground, background: background, attributes: attributes)
    }

    private func number(of color: Color, fallback: Int) -> Int {
        switch color {
        case .terminal:
            return hasDefaultColors ? -1 : fallback
        case .indexed(let index):
            return number(ofIndex: Int(index))
        case .rgb(let red, let green, let blue):
            return number(of: RGB(red: Int(red), green: Int(green), blue: Int(blue)))
        }
    }

    private func number(ofIndex index: Int) -> Int {
        switch depth {
        case .direct: index < directPalette ? index : direct(RGB.ofPalette(index))
        case .indexed: index
        default: index < 16 ? index : RGB.ofPalette(index).nearest(in: 0..<16)
        }
    }

    private func number(of color: RGB) -> Int {
        switch depth {
        case .direct: direct(color)
        case .indexed: color.nearestFixed
        default: color.nearest(in: 0..<16)
        }
    }

    private func direct(_ color: RGB) -> Int {
        max(directPalette, color.red << 16 | color.green << 8 | color.blue)
    }
}

/// A colour by its red, green and blue, 0 to 255 each.
struct RGB: Hashable, Sendable {
    var red: Int
    var green: Int
    var blue: Int

    /// The levels of the colour cube (palette 16 to 231), as xterm has them.
    private static let levels = [0, 95, 135, 175, 215, 255]

    /// xterm's standard colours 0 to 15, for comparing only: the user may have others.
    private static let standard: [RGB] = [
        RGB(red: 0, green: 0, blue: 0), RGB(red: 205, green: 0, blue: 0),
        RGB(red: 0, green: 205, blue: 0), RGB(red: 205, green: 205, blue: 0),
        RGB(red: 0, green: 0, blue: 238), RGB(red: 205, green: 0, blue: 205),
        RGB(red: 0, green: 205, blue: 205), RGB(red: 229, green: 229, blue: 229),
        RGB(red: 127, green: 127, blue: 127), RGB(red: 255, green: 0, blue: 0),
        RGB(red: 0, green: 255, blue: 0), RGB(red: 255, green: 255, blue: 0),
        RGB(red: 92, green: 92, blue: 255), RGB(red: 255, green: 0, blue: 255),
        RGB(red: 0, green: 255, blue: 255), RGB(red: 255, green: 255, blue: 255),
    ]

    static func ofPalette(_ index: Int) -> RGB {
        switch index {
        case ..<16:
            return standard[max(0, index)]
        case 16..<232:
            let cube = index - 16
            return RGB(
                red: levels[cube / 36], green: levels[cube / 6 % 6], blue: levels[cube % 6])
        default:
            let grey = 8 + (min(index, 255) - 232) * 10
            return RGB(red: grey, green: grey, blue: grey)
        }
    }

    func nearest(in indexes: Range<Int>) -> Int {
        indexes.min { distance(to: .ofPalette($0)) < distance(to: .ofPalette($1)) } ?? 0
    }

    /// The nearest of the fixed colours 16 to 255: one of the cube or one of the greys.
    var nearestFixed: Int {
        func level(_ value: Int) -> Int {
            value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40
        }
        let cube = 16 + 36 * level(red) + 6 * level(green) + level(blue)
        let mean = (red + green + blue) / 3
        let grey = 232 + min(23, max(0, (mean - 3) / 10))
        return distance(to: .ofPalette(grey)) < distance(to: .ofPalette(cube)) ? grey : cube
    }

    /// The "redmean" distance: cheap, and close to how different two colours look.
    /// Source: Thiadmer Riemersma, "Colour metric", CompuPhase.
    private func distance(to other: RGB) -> Int {
        let mean = (red + other.red) / 2
        let (r, g, b) = (red - other.red, green - other.green, blue - other.blue)
        return (((512 + mean) * r * r) >> 8) + 4 * g * g + (((767 - mean) * b * b) >> 8)
    }
}
