import AuterityAPI

/// Templates and their parameters as rows.
enum TemplateRecords {
    struct Content: Sendable {
        let name: String
        let description: String
        let category: String
        let definition: JSONValue
        let parameters: [TemplateParameter]
        var isActive = true
        var isStarter = false
    }

    struct Record: Sendable {
        let row: Int64
        let template: Template
    }

    static let fields: SQLText = """
        templates.id, templates.public_id, templates.name, templates.description,
            templates.category, templates.is_active, templates.created_at,
            templates.usage_count, templates.parameter_count
        """

    static func summary(_ row: any StoreRow) throws -> TemplateSummary {
        TemplateSummary(
            id: try row.identifier(1), name: row.text(2), description: row.text(3),
            category: row.text(4), isActive: row.bool(5), createdAt: row.time(6),
            usageCount: Int(row.int(7)), parameterCount: Int(row.int(8)))
    }

    /// Those that are not deleted.
    static func find(_ id: TemplateID, in connection: any StoreConnection) throws -> Record? {
        let found = try connection.first(
            """
            SELECT id, public_id, name, description, category, is_active, created_at, is_starter,
                definition, version
            FROM templates WHERE public_id = $1 AND deleted_at IS NULL
            """, [.text(id.description)]
        ) { row in
            (
                row: row.int(0), id: try row.identifier(1) as TemplateID, name: row.text(2),
                description: row.text(3), category: row.text(4), isActive: row.bool(5),
                createdAt: row.time(6), isStarter: row.bool(7), definition: try row.json(8),
                version: Int(row.int(9))
            )
        }
        guard let found else { return nil }
        let parameters = try connection.all(
            """
            SELECT specification FROM template_parameters WHERE template_id = $1
            ORDER BY position
            """, [.int(found.row)]
        ) { try $0.json(0).decoded(as: TemplateParameter.self) }
        return Record(
            row: found.row,
            template: Template(
                id: found.id, name: found.name, description: found.description,
                category: found.category, definition: found.definition, parameters: parameters,
                isActive: found.isActive, createdAt: found.createdAt, isStarter: found.isStarter,
                version: found.version))
    }

    static func insert(
        _ content: Content, id: TemplateID, by user: Int64?, at: Timestamp,
        in context: WriteContext
    ) throws {
        let row = try context.insert(
            """
            INSERT INTO templates (public_id, name, description, category, is_active, is_starter,
                parameter_count, created_by, created_at, updated_at, definition)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)
            """,
            [
                .text(id.description), .text(content.name), .text(content.description),
                .text(content.category), .bool(content.isActive), .bool(content.isStarter),
                .int(content.parameters.count), .optional(user), .int(at.milliseconds),
                .utf8(content.definition.jsonBytes),
            ])
        try insert(content.parameters, of: row, in: context)
    }

    static func replace(
        _ row: Int64, with content: Content, at: Timestamp, in context: WriteContext
    ) throws {
        try context.run(
            """
            UPDATE templates SET name = $2, description = $3, category = $4, is_active = $5,
                parameter_count = $6, updated_at = $7, definition = $8, version = version + 1
            WHERE id = $1
            """,
            [
                .int(row), .text(content.name), .text(content.description),
                .text(content.category), .bool(content.isActive), .int(content.parameters.count),
                .int(at.milliseconds), .utf8(content.definition.jsonBytes),
            ])
        try context.run("DELETE FROM template_parameters WHERE template_id = $1", [.int(row)])
        try insert(content.parameters, of: row, in: context)
    }

    private static func insert(
        _ parameters: [TemplateParameter], of row: Int64, in context: WriteContext
    ) throws {
        for (position, parameter) in parameters.enumerated() {
            try context.run(
                """
                INSERT INTO template_parameters (template_id, position, name, specification)
                VALUES ($1, $2, $3, $4)
                """,
                [
                    .int(row), .int(position), .text(parameter.name),
                    .utf8(try JSONValue(encoding: parameter).jsonBytes),
                ])
        }
    }
}
