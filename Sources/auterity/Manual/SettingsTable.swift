/// The settings as the manual shows them, made from the list of settings.
enum SettingsTable {
    /// A table in Markdown for docs/configuration.md.
    static var markdown: String {
        let rows = Setting.all.map { setting in
            "| `\(setting.key)` | `\(setting.flag)` | `\(setting.environmentVariable)` | "
                + "\(setting.summary) | \(setting.defaultText) |"
        }
        return """
            | key | flag | variable | what it sets | default |
            | --- | --- | --- | --- | --- |
            \(rows.joined(separator: "\n"))
            """
    }
}
