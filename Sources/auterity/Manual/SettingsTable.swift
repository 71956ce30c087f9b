/// The settings as the manual shows them, made from the list of settings.
enum SettingsTable {
    /// A table in Markdown of the settings of some groups, for docs/configuration.md and
    /// docs/server.md.
    static func markdown(_ groups: [Setting.Group]) -> String {
        let rows = groups.flatMap(Setting.list).map { setting in
            "| `\(setting.key)` | \(setting.hasFlag ? "`\(setting.flag)`" : "none") | "
                + "`\(setting.environmentVariable)` | \(setting.summary) | \(setting.defaultText) |"
        }
        return """
            | key | flag | variable | what it sets | default |
            | --- | --- | --- | --- | --- |
            \(rows.joined(separator: "\n"))
            """
    }
}
