// Styles in numbers, as terminfo counts colours.

import TerminalUI

/// A style as ncurses takes it: -1 is the terminal's own colour.
struct MappedStyle: Hashable, Sendable {
    var foreground: Int
    var background: Int
    var attributes: Attributes
}

/// From a frame's colours to the numbers of those that a terminal shows. The user's palette is
/// never redefined, and its first 16 colours, which look as the user made them, are used only
/// where a theme names them or where there are no others.
struct ColorMap: Sendable {
    let depth: ColorDepth
    /// Eight colours instead of sixteen: the bright half is then the same colour in bold.
    let hasOnlyEight: Bool
    /// How many low colour numbers stand for the palette when colours are direct: 8, or 16 for
    /// `xterm-direct16`. A darker blue than that cannot be told from them.
    let directPalette: Int
    /// Whether "the terminal's own colour" can be asked for.
    let hasDefaultColors: Bool

    private var cache: [Style: MappedStyle] = [:]
    /// More styles than a screen ever has; then the cache starts again.
    private static let cacheLimit = 4096

    init(
        depth: ColorDepth, hasOnlyEight: Bool = false, directPalette: Int = 8,
        hasDefaultColors: Bool = true
    ) {
        self.depth = depth
        self.hasOnlyEight = hasOnlyEight
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
        // What stands out without colours is the theme's to say: only it knows its background.
        guard depth > .mono else {
            return MappedStyle(foreground: -1, background: -1, attributes: style.attributes)
        }
        let nearest = style.downsampled(to: depth)
        var attributes = nearest.attributes
        var foreground = number(of: nearest.foreground, fallback: 7)
        var background = number(of: nearest.background, fallback: 0)
        if hasOnlyEight {
            if background >= 0 { background &= 7 }
            if foreground == 8 {
                // Bold black, which is to stand for grey, is black on many terminals.
                foreground = background == 7 ? 0 : 7
            } else if foreground > 8 {
                if !attributes.contains(.dim) { attributes.insert(.bold) }
                foreground &= 7
            }
        }
        return MappedStyle(
            foreground: foreground, background: background, attributes: attributes)
    }

    private func number(of color: Color, fallback: Int) -> Int {
        switch color {
        case .terminal:
            return hasDefaultColors ? -1 : fallback
        case .indexed(let index):
            let index = Int(index)
            guard depth == .truecolor, index >= directPalette else { return index }
            return max(directPalette, ColorMap.standardPalette(index))
        case .rgb(let red, let green, let blue):
            // Only a depth without a palette leaves mixed colours as they are.
            return max(directPalette, Int(red) << 16 | Int(green) << 8 | Int(blue))
        }
    }

    /// A palette colour as xterm has it, as 0xRRGGBB, for where the palette cannot be reached.
    static func standardPalette(_ index: Int) -> Int {
        let basic = [
            0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
            0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
        ]
        let levels = [0, 95, 135, 175, 215, 255]
        switch index {
        case ..<16:
            return basic[max(0, index)]
        case 16..<232:
            let cube = index - 16
            return levels[cube / 36] << 16 | levels[cube / 6 % 6] << 8 | levels[cube % 6]
        default:
            return (8 + (min(index, 255) - 232) * 10) * 0x010101
        }
    }
}
