import AuterityClient
import TerminalUI
import Yams

/// A server by name, with what makes it look like itself and what guards it.
struct Profile: Hashable, Sendable {
    var name: String
    var url: String
    var certificateFile: String?
    var clientCertificate: String?
    var clientKey: String?
    /// For calls; the events of the console go there directly.
    var proxy: String?
    /// Of the console there.
    var theme: String?
    /// Of the console's header, so that production looks like production.
    var color: Color?
    /// Whether nothing may be changed there, by the console or by a command.
    var isReadOnly = false
    /// Whether its name must be typed before something is changed there.
    var confirmsChanges = false

    /// Where it is, with its files as this user writes them (`~`).
    func address(_ environment: [String: String]) -> ServerAddress {
        func path(_ text: String?) -> String? {
            text.map { Directories.absolute($0, environment: environment) }
        }
        return ServerAddress(
            url: url, certificateFile: path(certificateFile),
            clientCertificate: path(clientCertificate), clientKey: path(clientKey), proxy: proxy)
    }

    /// The keys of a profile in the configuration file, in the order in which they are written.
    static let keys = [
        "url", "ca_file", "client_certificate", "client_key", "proxy", "theme", "color",
        "read_only", "confirm",
    ]

    /// What is set, in the order of `keys`.
    var values: [(key: String, text: String)] {
        let texts: [String?] = [
            url, certificateFile, clientCertificate, clientKey, proxy, theme,
            color?.description, isReadOnly ? "true" : nil, confirmsChanges ? "true" : nil,
        ]
        return zip(Self.keys, texts).compactMap { key, text in text.map { (key, $0) } }
    }

    /// What a name may be: it stands in headers, commands and files. `-` alone is the profile before
    /// this one, and at the start it would make the name an option.
    static func isName(_ name: String) -> Bool {
        name.wholeMatch(of: /[A-Za-z0-9_.][A-Za-z0-9_.-]{0,63}/) != nil
    }

    static func isAddress(_ url: String) -> Bool {
        url.hasPrefix("http://") || url.hasPrefix("https://")
    }
}

// MARK: - Reading

extension Profile {
    /// A profile of the configuration file.
    ///
    /// - Throws: `SettingError` with the file and the line, and what may stand there.
    init(_ name: String, _ node: Node, _ path: String) throws(SettingError) {
        func fault(_ text: String, at place: Node) -> SettingError {
            let line = place.mark.map { ", line \($0.line)" } ?? ""
            return SettingError("\(path)\(line): \(text)")
        }
        guard Self.isName(name) else {
            throw fault(
                "\"\(name)\" is no name for a profile: letters, digits and the signs _ - . are, "
                    + "up to 64 of them, and no - at the start", at: node)
        }
        guard case .mapping(let members) = node else {
            throw fault("the profile \(name) must hold settings, such as url", at: node)
        }
        var nodes: [String: Node] = [:]
        for (key, value) in members {
            let text = key.string ?? ""
            guard Self.keys.contains(text) else {
                throw fault(
                    "the profile \(name) has an unknown setting \(text); there are "
                        + Self.keys.joined(separator: ", "), at: key)
            }
            guard value.scalar != nil else {
                throw fault("\(text) of the profile \(name) must be one value", at: key)
            }
            nodes[text] = value
        }
        func text(_ key: String) -> String? { nodes[key]?.scalar?.string }
        func toggle(_ key: String) throws(SettingError) -> Bool {
            guard let node = nodes[key], let text = text(key) else { return false }
            guard let value = Setting.toggles[text.lowercased()] else {
                throw fault("\(key) of the profile \(name) must be true or false", at: node)
            }
            return value
        }
        guard let url = text("url"), Self.isAddress(url) else {
            throw fault(
                "the profile \(name) needs a url such as https://auterity.example.com",
                at: nodes["url"] ?? node)
        }
        self.name = name
        self.url = url
        certificateFile = text("ca_file")
        clientCertificate = text("client_certificate")
        clientKey = text("client_key")
        proxy = text("proxy")
        theme = text("theme")
        if let node = nodes["color"], let notation = text("color") {
            do {
                color = try Color(notation: notation)
            } catch {
                throw fault(
                    "color of the profile \(name): \(error). Write a name such as red, a number "
                        + "from 0 to 255, or #rrggbb", at: node)
            }
        }
        isReadOnly = try toggle("read_only")
        confirmsChanges = try toggle("confirm")
    }
}
