import AuterityAPI
import TerminalUI

extension LogLine: ListRow {
    var rowID: LogLineID { id }
}

/// Log lines in a list, the newest first.
enum LogsContent: PaneContent {
    static let name = "logs"

    static func columns(isWide: Bool) -> [PaneColumn] {
        var columns = [
            PaneColumn("time", TableColumn("TIME", least: 8, priority: 1)),
            PaneColumn("level", TableColumn("LEVEL", least: 7)),
            PaneColumn("message", TableColumn("MESSAGE", least: 16, ideal: 40, weight: 1)),
        ]
        if isWide {
            columns.insert(
                PaneColumn("step", TableColumn("STEP", least: 8, ideal: 12, priority: 2)), at: 2)
            columns.append(
                PaneColumn("execution", TableColumn("EXECUTION", least: 9, priority: 3)))
        }
        return columns
    }

    static func call(
        start: String, filter: Filter, sort: String?, now: Timestamp
    ) -> any Endpoint {
        ListLogs(
            level: level(of: filter), search: search(of: filter),
            pageSize: PageLimits.maximumSize, cursor: start)
    }

    /// The least level that `level:` names.
    static func level(of filter: Filter) -> LogLevel? {
        for term in filter.terms where !term.isNegated {
            if case .field("level", let values) = term.test, values.count == 1 {
                return LogLevel.allCases.first { $0.rawValue.hasPrefix(values[0].lowercased()) }
            }
        }
        return nil
    }

    private static func search(of filter: Filter) -> String? {
        for term in filter.terms where !term.isNegated {
            if case .word(let word) = term.test { return word }
        }
        return nil
    }

    static func page(of reply: Reply) -> Result<Page<LogLine>, APIError>? {
        reply.to(ListLogs.self)?.result
    }

    static func subject(_ row: LogLine) -> FilterSubject {
        // A level names the least one, so a line has all those below its own, too.
        let levels = LogLevel.allCases.filter { $0 <= row.level }.map(\.rawValue)
        return FilterSubject(
            texts: [row.message],
            fields: [
                "level": levels.joined(separator: " "), "step": row.stepID?.rawValue ?? "",
                "id": row.executionID?.description ?? "",
            ],
            moment: row.timestamp)
    }

    static func isPartial(_ filter: Filter, at now: Timestamp) -> Bool {
        let known = (level(of: filter) == nil ? 0 : 1) + (search(of: filter) == nil ? 0 : 1)
        return filter.terms.count > known
    }

    static func cells(
        _ row: LogLine, isWide: Bool, context: ScreenContext, glyphs: Glyphs
    ) -> [TableCell] {
        let theme = context.theme
        let look = row.level.look(glyphs)
        let muted = theme[.muted]
        let time = TableCell(
            TimeText.clock(row.timestamp, utcOffset: context.utcOffset, withSeconds: true),
            style: muted)
        let level = TableCell(look.text, style: theme[look.role])
        // One row is one line; a longer message is read in the execution's log.
        let message = TableCell(String(row.message.prefix(Filter.maximumSubject)))
        guard isWide else { return [time, level, message] }
        return [
            time, level, TableCell(row.stepID?.rawValue ?? "", style: muted), message,
            TableCell(row.executionID?.short ?? "", style: muted),
        ]
    }
}
