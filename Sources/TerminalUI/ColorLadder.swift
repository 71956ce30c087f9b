/// How many colours a terminal can show.
public enum ColorDepth: String, Hashable, Sendable, CaseIterable, Comparable {
    case mono, palette16, palette256, truecolor

    private var rank: Int {
        switch self {
        case .mono: 0
        case .palette16: 1
        case .palette256: 2
        case .truecolor: 3
        }
    }

    public static func < (left: ColorDepth, right: ColorDepth) -> Bool {
        left.rank < right.rank
    }
}

extension Color {
    private struct Components {
        var red: Int
        var green: Int
        var blue: Int

        init(_ red: Int, _ green: Int, _ blue: Int) {
            self.red = red
            self.green = green
            self.blue = blue
        }

        /// A distance that weighs the channels about as the eye does.
        func distance(to other: Components) -> Int {
            let red = red - other.red
            let green = green - other.green
            let blue = blue - other.blue
            return 3 * red * red + 6 * green * green + 2 * blue * blue
        }
    }

    /// What terminals show for the first sixteen colours unless the user chose others.
    private static let basic: [Components] = [
        Components(0, 0, 0), Components(205, 0, 0), Components(0, 205, 0),
        Components(205, 205, 0), Components(60, 90, 238), Components(205, 0, 205),
        Components(0, 205, 205), Components(229, 229, 229), Components(127, 127, 127),
        Components(255, 85, 85), Components(85, 255, 85), Components(255, 255, 85),
        Components(110, 140, 255), Components(255, 85, 255), Components(85, 255, 255),
        Components(255, 255, 255),
    ]
    private static let cubeSteps = [0, 95, 135, 175, 215, 255]

    /// Nil for the terminal's own colour, which nobody knows.
    private var components: Components? {
        switch self {
        case .terminal: return nil
        case .rgb(let red, let green, let blue):
            return Components(Int(red), Int(green), Int(blue))
        case .indexed(let index):
            let value = Int(index)
            if value < 16 { return Color.basic[value] }
            if value >= 232 {
                let gray = 8 + 10 * (value - 232)
                return Components(gray, gray, gray)
            }
            let steps = Color.cubeSteps
            let cube = value - 16
            return Components(steps[cube / 36], steps[cube / 6 % 6], steps[cube % 6])
        }
    }

    /// The nearest colour a terminal of `depth` has.
    public func downsampled(to depth: ColorDepth) -> Color {
        guard let components else { return self }
        switch (depth, self) {
        case (.truecolor, _): return self
        case (.mono, _): return .terminal
        case (.palette256, .indexed): return self
        case (.palette256, _): return .indexed(Color.nearest256(components))
        case (.palette16, .indexed(let index)) where index < 16: return self
        case (.palette16, _): return .indexed(Color.nearest16(components))
        }
    }

    private static func nearest256(_ color: Components) -> UInt8 {
        func step(_ value: Int) -> Int {
            cubeSteps.indices.min { abs(cubeSteps[$0] - value) < abs(cubeSteps[$1] - value) } ?? 0
        }
        let (red, green, blue) = (step(color.red), step(color.green), step(color.blue))
        let cube = Components(cubeSteps[red], cubeSteps[green], cubeSteps[blue])
        let mean = (color.red + color.green + color.blue) / 3
        let level = min(23, max(0, (mean - 3) / 10))
        let gray = Components(8 + 10 * level, 8 + 10 * level, 8 + 10 * level)
        return color.distance(to: gray) < color.distance(to: cube)
            ? UInt8(232 + level) : UInt8(16 + 36 * red + 6 * green + blue)
    }

    private static func nearest16(_ color: Components) -> UInt8 {
        let best = basic.indices.min {
            color.distance(to: basic[$0]) < color.distance(to: basic[$1])
        }
        return UInt8(best ?? 7)
    }

    /// The relative luminance of WCAG 2, from 0 (black) to 1 (white); nil for the terminal's own.
    public var luminance: Double? {
        guard let components else { return nil }
        return 0.2126 * Color.linear(components.red) + 0.7152 * Color.linear(components.green)
            + 0.0722 * Color.linear(components.blue)
    }

    private static func linear(_ channel: Int) -> Double {
        // The exact curve is a power of 2.4, which the standard library alone does not have.
        // This polynomial is within 0.002 of it everywhere, and monotonic.
        let value = Double(channel) / 255
        if value <= 0.04045 { return value / 12.92 }
        return value * (value * (value * 0.305306011 + 0.682171111) + 0.012522878)
    }

    /// The contrast ratio of WCAG 2, from 1 to 21; nil when either colour is the terminal's own.
    public func contrast(with other: Color) -> Double? {
        guard let mine = luminance, let theirs = other.luminance else { return nil }
        return (max(mine, theirs) + 0.05) / (min(mine, theirs) + 0.05)
    }
}

extension Style {
    /// The style with the nearest colours that a terminal of `depth` has.
    ///
    /// `base` is the background of the whole screen. Where colours that differed become the
    /// same, the text turns black or white, and without any colours a background that stood out
    /// from `base` becomes `reverse`: what could be read can still be read.
    public func downsampled(to depth: ColorDepth, base: Color = .terminal) -> Style {
        switch depth {
        case .truecolor:
            return self
        case .mono:
            var style = Style(attributes: attributes)
            if background != base, background != .terminal { style.attributes.insert(.reverse) }
            return style
        case .palette256, .palette16:
            var style = Style(
                foreground: foreground.downsampled(to: depth),
                background: background.downsampled(to: depth), attributes: attributes)
            if foreground != background, style.foreground == style.background,
                let luminance = style.background.luminance
            {
                style.foreground = .indexed(luminance < 0.4 ? 15 : 0)
            }
            return style
        }
    }

    /// The style for a cell that is selected: the selection's background and attributes, with
    /// the cell's own colour where it stays readable.
    public func selected(_ selection: Style) -> Style {
        var style = Style(
            foreground: foreground, background: selection.background,
            attributes: attributes.union(selection.attributes))
        let contrast = foreground.contrast(with: selection.background) ?? 21
        if foreground == .terminal || contrast < 3 { style.foreground = selection.foreground }
        return style
    }
}
