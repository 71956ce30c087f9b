import AuterityAPI
import TerminalUI

extension TemplateSummary: ListRow {
    var rowID: TemplateID { id }
}

/// Templates in a list.
enum TemplatesContent: PaneContent {
    static let name = "templates"

    static func columns(isWide: Bool) -> [PaneColumn] {
        guard isWide else {
            return [
                PaneColumn(
                    "category", TableColumn("", least: 7, ideal: 9, priority: 1),
                    sortKey: "category"),
                PaneColumn("name", TableColumn("", least: 10, weight: 1), sortKey: "name"),
            ]
        }
        return [
            PaneColumn(
                "category", TableColumn("CATEGORY", least: 8, ideal: 10, priority: 1),
                sortKey: "category"),
            PaneColumn(
                "name", TableColumn("TEMPLATE", least: 14, ideal: 28, weight: 2), sortKey: "name"),
            PaneColumn(
                "fields", TableColumn("FIELDS", least: 6, priority: 3, alignment: .right)),
            PaneColumn(
                "used", TableColumn("USED", least: 4, priority: 2, alignment: .right)),
            PaneColumn(
                "description", TableColumn("DESCRIPTION", least: 16, weight: 3, priority: 4)),
        ]
    }

    static func call(
        start: String, filter: Filter, sort: String?, now: Timestamp
    ) -> any Endpoint {
        ListTemplates(
            page: Int(start) ?? 1, pageSize: PageLimits.maximumSize,
            search: filter.onlyWord, sort: sort)
    }

    static func page(of reply: Reply) -> Result<Page<TemplateSummary>, APIError>? {
        reply.to(ListTemplates.self)?.result
    }

    static func subject(_ row: TemplateSummary) -> FilterSubject {
        FilterSubject(
            texts: [row.name, row.description],
            fields: ["name": row.name, "category": row.category, "id": row.id.description],
            moment: row.createdAt)
    }

    static func isPartial(_ filter: Filter, at now: Timestamp) -> Bool {
        !filter.isEmpty && filter.onlyWord == nil
    }

    static func cells(
        _ row: TemplateSummary, isWide: Bool, context: ScreenContext, glyphs: Glyphs
    ) -> [TableCell] {
        let muted = context.theme[.muted]
        let category = TableCell(row.category, style: muted)
        guard isWide else { return [category, TableCell(row.name)] }
        return [
            category, TableCell(row.name), TableCell("\(row.parameterCount)"),
            TableCell("\(row.usageCount)"), TableCell(row.description, style: muted),
        ]
    }
}
