extension Faults {
    /// A text whose `{{…}}` holes must be readable.
    mutating func template(_ text: String, at field: String) {
        do {
            _ = try TextTemplate(text)
        } catch {
            note(field, "\(error)")
        }
    }
}
