import ArgumentParser
import AuterityAPI
import AuterityClient
import AuterityEngine
import Dispatch
import Foundation
import Synchronization

/// The names that a shell offers where a command takes one. Whatever is in the way, it offers
/// none: a person who presses Tab wants neither to wait nor to read an error.
enum CompletionNames {
    case workflows, templates, categories, executions, users, alerts, profiles, themes

    /// Seconds until whatever has not answered is left out.
    private static let patience = 1.0

    var kind: CompletionKind {
        .custom { words, _, _ in
            offered(words, shell: CompletionShell.requesting)
        }
    }

    func offered(_ words: [String], shell: CompletionShell?) -> [String] {
        let result = Found()
        let done = DispatchSemaphore(value: 0)
        // Owned by this call, which waits for it, but not longer than a person would.
        let task = Task.detached {
            let names = await names(words)
            result.names.withLock { $0 = names }
            done.signal()
        }
        if done.wait(timeout: .now() + Self.patience) == .timedOut { task.cancel() }
        return result.names.withLock { $0 }.compactMap { ShellWord.offered($0, to: shell) }
    }

    private final class Found: Sendable {
        let names = Mutex<[String]>([])
    }

    private func names(_ words: [String]) async -> [String] {
        let environment = ProcessInfo.processInfo.environment
        guard let flags = try? StoreSettingFlags.parse(CommandLineWords.settings(in: words)),
            let settings = try? await Settings(flags: flags, environment: environment)
        else { return [] }
        if self == .profiles { return settings.profiles.all.map(\.name) }
        if self == .themes { return ThemeLibrary.names(settings.directories) }
        guard let opening = try? ClientOpening(settings, environment) else { return [] }
        guard opening.address != nil else {
            // The engine is not opened: that would begin to run what is unfinished.
            return local?.read(dataDirectory: settings.dataDirectory) ?? []
        }
        let names = await remote(opening)
        await opening.close()
        return names
    }

    private var local: StoreNames? {
        switch self {
        case .workflows: .workflows
        case .templates: .templates
        case .categories: .categories
        case .executions: .executions
        case .users: .users
        // The store of this machine is not opened for them.
        case .alerts, .profiles, .themes: nil
        }
    }

    /// Seconds that a token must still be good for. Renewing it here, where nobody waits for the
    /// end, could lose the new one.
    private static let margin = 90.0

    private func remote(_ opening: ClientOpening) async -> [String] {
        if let file = opening.credentials {
            guard let known = try? file.load(),
                known.expiresAt.seconds(since: EngineClock.system.now()) > Self.margin
            else { return [] }
        }
        guard let client = try? await opening.open() else { return [] }
        return (try? await names(from: client)) ?? []
    }

    private func names(from client: any Client) async throws(APIError) -> [String] {
        let size = 100
        switch self {
        case .workflows:
            return try await client.send(ListWorkflows(pageSize: size, cursor: "")).items
                .map(\.name)
        case .templates:
            return try await client.send(ListTemplates(pageSize: size, cursor: "")).items
                .map(\.name)
        case .categories:
            let items = try await client.send(ListTemplates(pageSize: size, cursor: "")).items
            return Set(items.map(\.category)).sorted()
        case .executions:
            let items = try await client.send(ListExecutions(pageSize: size, cursor: "")).items
            return (items.isEmpty ? [] : ["last"]) + items.map(\.id.description)
        case .alerts:
            return try await client.send(ListAlerts(isOpen: true, pageSize: size, cursor: ""))
                .items.map(\.id.description)
        case .users:
            return try await client.send(ListUsers(pageSize: size, cursor: "")).items
                .map(\.email)
        case .profiles, .themes: return []
        }
    }
}

/// The words of a command line that is being typed.
enum CommandLineWords {
    private static let flags = ["--config", "--data-dir", "--server", "--profile", "--ca-file"]

    /// Those that say which store is meant, as arguments. A shell may have split `--flag=value`.
    static func settings(in words: [String]) -> [String] {
        var found: [String] = []
        var index = words.startIndex
        while index < words.endIndex {
            let parts = words[index].split(separator: "=", maxSplits: 1).map(String.init)
            index += 1
            guard let flag = parts.first, flags.contains(flag) else { continue }
            if parts.count == 2 {
                found += [flag, unquoted(parts[1])]
                continue
            }
            if index < words.endIndex, words[index] == "=" { index += 1 }
            guard index < words.endIndex, !words[index].isEmpty else { break }
            found += [flag, unquoted(words[index])]
            index += 1
        }
        return found
    }

    private static func unquoted(_ word: String) -> String {
        var result = ""
        var quote: Character?
        var isEscaped = false
        for character in word {
            if isEscaped {
                result.append(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if character == quote {
                quote = nil
            } else if quote == nil, character == "\"" || character == "'" {
                quote = character
            } else {
                result.append(character)
            }
        }
        return result
    }
}
