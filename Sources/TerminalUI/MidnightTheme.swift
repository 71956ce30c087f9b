extension Theme {
    /// The default theme, compiled in so that a console without any file has colours.
    /// The file `themes/midnight.yaml` says the same, with a comment a role.
    public static let midnight: Theme = {
        let base = Color.rgb(red: 0x0f, green: 0x14, blue: 0x19)
        let panel = Color.rgb(red: 0x17, green: 0x1e, blue: 0x26)
        let raised = Color.rgb(red: 0x26, green: 0x32, blue: 0x3f)
        let line = Color.rgb(red: 0x56, green: 0x65, blue: 0x7a)
        let text = Color.rgb(red: 0xd3, green: 0xda, blue: 0xe3)
        let muted = Color.rgb(red: 0x8b, green: 0x98, blue: 0xa9)
        let accent = Color.rgb(red: 0x5c, green: 0xcf, blue: 0xe6)
        let red = Color.rgb(red: 0xff, green: 0x7b, blue: 0x72)
        let orange = Color.rgb(red: 0xf4, green: 0xa2, blue: 0x61)
        let yellow = Color.rgb(red: 0xe6, green: 0xc1, blue: 0x5c)
        let green = Color.rgb(red: 0x7f, green: 0xd8, blue: 0x8f)
        let cyan = Color.rgb(red: 0x73, green: 0xd0, blue: 0xc8)
        let blue = Color.rgb(red: 0x73, green: 0xb8, blue: 0xff)
        let magenta = Color.rgb(red: 0xd2, green: 0xa6, blue: 0xff)
        func style(_ color: Color, on back: Color? = nil, _ look: Attributes = []) -> Style {
            Style(foreground: color, background: back ?? base, attributes: look)
        }
        return Theme(
            name: "midnight",
            roles: [
                .background: style(text, on: base),
                .text: style(text),
                .muted: style(muted),
                .accent: style(accent),
                .heading: style(accent, .bold),
                .border: style(line),
                .borderFocused: style(accent),
                .title: style(text),
                .titleFocused: style(accent, .bold),
                .selection: style(text, on: raised, .bold),
                .selectionUnfocused: style(text, on: panel),
                .marked: style(magenta, .bold),
                .header: style(text, on: panel),
                .footer: style(muted, on: panel),
                .key: style(accent, on: panel, .bold),
                .link: style(cyan, .underline),
                .stale: style(muted),
                .live: style(green),
                .tab: style(muted),
                .tabActive: style(accent, [.bold, .underline]),
                .scrollbar: style(line),
                .progress: style(accent),
                .progressTrough: style(line),
                .columnHeader: style(muted, .bold),
                .lineNumber: style(muted),
                .match: style(base, on: yellow),
                .matchCurrent: style(base, on: orange, .bold),
                .statusPending: style(muted),
                .statusRunning: style(blue),
                .statusWaiting: style(yellow),
                .statusCompleted: style(green),
                .statusFailed: style(red, .bold),
                .statusCancelled: style(orange),
                .statusSkipped: style(muted),
                .severityDebug: style(muted),
                .severityInfo: style(blue),
                .severityWarning: style(yellow),
                .severityError: style(red),
                .severityCritical: style(base, on: red, .bold),
                .chart1: style(blue),
                .chart2: style(green),
                .chart3: style(orange),
                .chart4: style(magenta),
                .chart5: style(cyan),
                .chart6: style(yellow),
                .chartAxis: style(muted),
                .graphNode: style(text),
                .graphEdge: style(muted),
                .graphEdgeTaken: style(accent, .bold),
                .graphEdgeDead: style(line),
                .jsonKey: style(blue),
                .jsonString: style(green),
                .jsonNumber: style(orange),
                .jsonBool: style(magenta),
                .jsonNull: style(muted),
                .jsonPunctuation: style(muted),
                .diffAdded: style(green),
                .diffRemoved: style(red),
                .error: style(red, .bold),
                .success: style(green),
                .warning: style(yellow),
                .toast: style(text, on: raised),
                .label: style(text),
                .input: style(text, on: panel),
                .inputFocused: style(text, on: raised),
                .inputInvalid: style(red, on: panel),
                .dialog: style(text, on: panel),
                .dialogBorder: style(accent, on: panel),
                .button: style(text, on: raised),
                .buttonFocused: style(base, on: accent, .bold),
            ])
    }()
}
