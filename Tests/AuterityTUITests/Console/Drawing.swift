import Glibc
import Testing

/// Compares a drawing with the one that is kept in `Drawings/`. With `AUTERITY_RECORD=1` it is
/// written anew, and the test fails, so that nobody takes a recording for a check.
func expectDrawing(
    _ lines: [String], _ name: String, file: String = #filePath,
    location: SourceLocation = #_sourceLocation
) {
    let folder =
        file.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
        .joined(separator: "/") + "/Drawings"
    let path = "\(folder)/\(name).txt"
    let drawn = lines.joined(separator: "\n") + "\n"
    if getenv("AUTERITY_RECORD") != nil {
        mkdir(folder, 0o755)
        write(drawn, to: path)
        Issue.record("Recorded \(name).txt; look at it and run again", sourceLocation: location)
        return
    }
    guard let kept = read(path) else {
        Issue.record(
            "There is no \(name).txt; record it with AUTERITY_RECORD=1\n\(drawn)",
            sourceLocation: location)
        return
    }
    let isEqual = kept == drawn
    #expect(isEqual, "\(name) is drawn as\n\(drawn)but kept as\n\(kept)", sourceLocation: location)
}

private func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = fread(&chunk, 1, chunk.count, file)
        guard count > 0 else { break }
        bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
}

private func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w") else {
        Issue.record("Cannot write \(path)")
        return
    }
    defer { fclose(file) }
    fputs(text, file)
}
