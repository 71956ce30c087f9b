import Foundation
import TerminalUI

/// The themes there are: those of the user's configuration directory, then those that the
/// product came with, then the one that is compiled in.
struct ThemeLibrary {
    let themes: [Theme]

    /// - Parameters:
    ///   - name: A theme's name, or the path of a file.
    ///   - directories: Where the user's own themes are looked for, in `themes`.
    /// - Throws: `SettingError` for a theme that is not there or has a fault, with file, line
    ///   and role.
    init(name: String, directories: Directories, executable: String) throws(SettingError) {
        var found: [String: Theme] = [Theme.midnight.name: .midnight]
        let places = Self.shipped(executable: executable) + [directories.configuration + "/themes"]
        for place in places {
            for file in Self.files(in: place) {
                // A fault in a theme that is not asked for must not keep the console closed.
                do {
                    let theme = try Self.theme(at: file)
                    found[theme.name] = theme
                } catch  where !file.hasSuffix("/\(name).yaml") {
                    continue
                } catch {
                    throw error
                }
            }
        }
        if name.contains("/") {
            let theme = try Self.theme(at: name)
            themes = [theme] + found.values.filter { $0.name != theme.name }.sorted(by: Self.order)
            return
        }
        guard found[name] != nil else {
            let names = found.keys.sorted().joined(separator: ", ")
            throw SettingError("There is no theme \(name); there are \(names)")
        }
        themes = found.values.sorted(by: Self.order)
    }

    /// The names of all themes.
    static func names(_ directories: Directories) -> [String] {
        let library = try? ThemeLibrary(
            name: Theme.midnight.name, directories: directories, executable: executablePath)
        return library?.themes.map(\.name) ?? []
    }

    /// The name by which the console asks for the theme that was chosen.
    static func chosenName(_ name: String, among themes: [Theme]) -> String {
        name.contains("/") ? (themes.first?.name ?? name) : name
    }

    /// Of this program, to find what it came with.
    static var executablePath: String {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path
    }

    private static func order(_ left: Theme, _ right: Theme) -> Bool { left.name < right.name }

    /// Beside the program where it is installed, or in the checkout where it was built.
    private static func shipped(executable: String) -> [String] {
        let folder = parent(of: executable)
        return [
            parent(of: parent(of: parent(of: folder))) + "/themes",
            parent(of: folder) + "/share/auterity/themes",
        ]
    }

    private static func parent(of path: String) -> String {
        path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
    }

    private static func files(in directory: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted().map { "\(directory)/\($0)" }
    }

    private static func theme(at path: String) throws(SettingError) -> Theme {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw SettingError("The theme \(path) cannot be read; check the path and its rights")
        }
        do {
            return try ThemeFile.parse(text)
        } catch {
            throw SettingError("The theme \(path): \(error)")
        }
    }
}
