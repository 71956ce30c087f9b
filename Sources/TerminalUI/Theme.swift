/// What a colour is for. Screens ask for roles, never for colours.
public enum Role: String, Hashable, Sendable, CaseIterable {
    // The screen.
    case background, text, muted, accent, heading
    case border
    case borderFocused = "border_focused"
    case title
    case titleFocused = "title_focused"
    case selection
    case selectionUnfocused = "selection_unfocused"
    case marked
    case header, footer, key, link, stale, live
    case tab
    case tabActive = "tab_active"
    case scrollbar
    case progress
    case progressTrough = "progress_trough"
    case columnHeader = "column_header"
    case lineNumber = "line_number"
    case match
    case matchCurrent = "match_current"

    // The state of executions and steps.
    case statusPending = "status_pending"
    case statusRunning = "status_running"
    case statusWaiting = "status_waiting"
    case statusCompleted = "status_completed"
    case statusFailed = "status_failed"
    case statusCancelled = "status_cancelled"
    case statusSkipped = "status_skipped"

    // Alerts and logs.
    case severityDebug = "severity_debug"
    case severityInfo = "severity_info"
    case severityWarning = "severity_warning"
    case severityError = "severity_error"
    case severityCritical = "severity_critical"

    // Charts and graphs.
    case chart1 = "chart_1"
    case chart2 = "chart_2"
    case chart3 = "chart_3"
    case chart4 = "chart_4"
    case chart5 = "chart_5"
    case chart6 = "chart_6"
    case chartAxis = "chart_axis"
    case graphNode = "graph_node"
    case graphEdge = "graph_edge"
    case graphEdgeTaken = "graph_edge_taken"
    case graphEdgeDead = "graph_edge_dead"

    // JSON and differences.
    case jsonKey = "json_key"
    case jsonString = "json_string"
    case jsonNumber = "json_number"
    case jsonBool = "json_bool"
    case jsonNull = "json_null"
    case jsonPunctuation = "json_punctuation"
    case diffAdded = "diff_added"
    case diffRemoved = "diff_removed"

    // Messages, forms and dialogs.
    case error, success, warning
    case toast
    case label
    case input
    case inputFocused = "input_focused"
    case inputInvalid = "input_invalid"
    case dialog
    case dialogBorder = "dialog_border"
    case button
    case buttonFocused = "button_focused"

    /// The role whose style this one has where a theme says nothing of it.
    var fallback: Role? {
        switch self {
        case .background: nil
        case .text: .background
        case .borderFocused, .heading, .key, .link, .titleFocused, .tabActive, .progress: .accent
        case .tab, .scrollbar, .columnHeader, .lineNumber, .progressTrough, .stale: .muted
        case .border, .chartAxis, .graphEdgeDead, .jsonNull, .jsonPunctuation: .muted
        case .severityDebug, .graphEdge, .statusSkipped, .statusPending, .statusCancelled: .muted
        case .statusRunning, .graphEdgeTaken, .marked, .severityInfo, .jsonKey: .accent
        case .statusCompleted, .live, .diffAdded: .success
        case .statusWaiting, .severityWarning: .warning
        case .statusFailed, .severityError, .severityCritical, .diffRemoved, .inputInvalid: .error
        case .selectionUnfocused, .buttonFocused, .match: .selection
        case .matchCurrent: .match
        case .button: .input
        case .inputFocused: .input
        case .dialogBorder: .dialog
        default: .text
        }
    }
}

extension Role {
    /// How the role stands out where its background cannot be told from the screen's.
    var emphasis: Attributes {
        switch self {
        case .selection, .buttonFocused, .matchCurrent, .severityCritical, .toast: .reverse
        case .selectionUnfocused, .match, .input, .inputInvalid: .underline
        case .inputFocused: [.underline, .bold]
        default: []
        }
    }
}

/// A style for every role.
public struct Theme: Hashable, Sendable {
    public let name: String
    private let styles: [Role: Style]

    /// Roles that are missing take the style of a related role, in the end that of `background`.
    public init(name: String, roles: [Role: Style]) {
        self.name = name
        var styles = roles
        for role in Role.allCases where styles[role] == nil {
            var current = role
            while roles[current] == nil, let next = current.fallback { current = next }
            styles[role] = roles[current] ?? .plain
        }
        self.styles = styles
    }

    private init(name: String, complete styles: [Role: Style]) {
        self.name = name
        self.styles = styles
    }

    public subscript(role: Role) -> Style {
        styles[role] ?? .plain
    }

    /// The background of the whole screen.
    public var base: Color { self[.background].background }

    /// The theme with the nearest colours that a terminal of `depth` has.
    ///
    /// With few colours or none, a background may become that of the screen. What stood out by
    /// it alone, such as the row under the cursor, then stands out by `Role.emphasis`.
    public func downsampled(to depth: ColorDepth) -> Theme {
        let lowBase = base.downsampled(to: depth)
        var lowered: [Role: Style] = [:]
        for (role, style) in styles {
            var low = style.downsampled(to: depth, base: style.background)
            let stoodOut = style.background != base && style.background != .terminal
            if stoodOut, low.background == lowBase, depth < .palette256 {
                low.attributes.formUnion(role.emphasis)
            }
            lowered[role] = low
        }
        return Theme(name: name, complete: lowered)
    }
}
