import AuterityAPI
import AuterityClient
import Glibc
import TerminalUI

/// Writes answers to standard output as the caller wants them.
struct Printer {
    let options: OutputOptions
    /// Columns of the terminal; `nil` when standard output is none.
    let terminalWidth: Int?
    let hasColor: Bool
    private let clock: () -> Timestamp
    let write: (String) -> Void
    /// Says something to the person, beside what is printed.
    let tell: (String) -> Void
    /// Whether the command has changed something: a key that is not there is no error then, which
    /// would say that nothing was done.
    var hasChanged: () -> Bool = { false }

    init(
        options: OutputOptions, terminalWidth: Int?, hasColor: Bool,
        now: @autoclosure @escaping () -> Timestamp, write: @escaping (String) -> Void,
        tell: @escaping (String) -> Void = { Printer.writeLine($0, to: STDERR_FILENO) }
    ) {
        self.options = options
        self.terminalWidth = terminalWidth
        self.hasColor = hasColor
        clock = now
        self.write = write
        self.tell = tell
    }

    /// Writes to standard output, for the terminal that it may be.
    init(
        _ options: OutputOptions, environment: [String: String],
        now: @autoclosure @escaping () -> Timestamp
    ) {
        self.options = options
        clock = now
        terminalWidth = Self.columns(of: STDOUT_FILENO)
        let isTerminal = terminalWidth != nil
        hasColor =
            isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
            && environment["TERM"] != "dumb"
        write = { Self.writeLine($0) }
        tell = { Self.writeLine($0, to: STDERR_FILENO) }
    }

    /// Without a buffer: who follows events through a pipe sees each as it comes. Ends the
    /// program when nothing can be written, since nobody would learn what was left out.
    static func writeLine(_ line: String, to descriptor: Int32 = STDOUT_FILENO) {
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { bytes in
                Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            }
            if count > 0 {
                bytes = bytes.dropFirst(count)
                continue
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN, waitUntilWritable(descriptor) { continue }
            // What cannot be said on standard error cannot be said anywhere.
            if descriptor == STDERR_FILENO { return }
            // Nobody reads any more; `head`, say, has seen enough.
            if errno == EPIPE { endByPipe() }
            let reason = String(cString: strerror(errno))
            writeLine(
                "auterity: Standard output cannot be written: \(reason)", to: STDERR_FILENO)
            exit(ExitStatus.failure)
        }
    }

    /// Ends as every tool does whose reader has gone, and says nothing: libraries ignore the signal
    /// in this process, so it is sent here.
    private static func endByPipe() -> Never {
        signal(SIGPIPE, SIG_DFL)
        var pipe = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_UNBLOCK, &pipe, nil)
        raise(SIGPIPE)
        exit(128 + SIGPIPE)
    }

    /// Somebody else may have made the pipe or terminal non-blocking.
    private static func waitUntilWritable(_ descriptor: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, -1) == 1
    }

    /// Columns of the terminal that a descriptor is; `nil` when it is none.
    static func columns(of descriptor: Int32) -> Int? {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// What is printed may have been waited for, so it is asked each time.
    var now: Timestamp { clock() }

    /// Whether sentences and tables are wanted, and no values for other programs.
    var isForPeople: Bool { [.table, .wide].contains(options.format) && options.keys == nil }

    /// A list: its items as rows.
    ///
    /// - Parameter hint: what people are told where there is none, besides that.
    func list<Item: Listed>(_ items: [Item], columns: [Column], hint: String? = nil) throws {
        // An absent item tells nothing of its keys, and its type does.
        if items.isEmpty, options.keys != nil {
            try check(try SchemaCatalog().members(of: Item.self, .response).map(\.key))
        }
        try values(
            try items.map { try JSONValue(encoding: $0) }, columns: columns,
            noun: Item.listKey, hint: hint)
    }

    /// As `list`, of what is JSON already.
    ///
    /// - Parameter noun: what they are, in the plural.
    func values(
        _ items: [JSONValue], columns: [Column], noun: String = "items", hint: String? = nil
    ) throws {
        if !items.isEmpty { try check(Self.keys(of: items)) }
        let values = items.map(picked)
        switch options.format {
        case .table, .wide:
            if values.isEmpty { nothing(noun, hint) } else { table(values, columns) }
        case .json: write(JSONValue.array(values).prettyJSONText.harmlessData)
        case .yaml: write(values.isEmpty ? "[]" : YAMLText.text(.array(values)))
        case .ndjson: values.forEach { write($0.jsonText.harmlessData) }
        case .name: items.compactMap(Self.name).forEach(write)
        }
    }

    /// Says that a list is empty: to the person, since what reads the table reads its rows.
    func nothing(_ noun: String, _ hint: String? = nil) {
        tell("No \(noun) found." + (hint.map { " " + $0 } ?? ""))
    }

    /// Names and values of one thing.
    func details(_ details: Details) {
        details.lines(width: terminalWidth).forEach(write)
    }

    /// A table of what is part of something else.
    func rows(_ items: [some Encodable], columns: [Column]) throws {
        table(try items.map { try JSONValue(encoding: $0) }, columns)
    }

    /// One thing: a table of one row only where `columns` are given, else its names and values.
    func item(_ value: some Encodable, columns: [Column]? = nil) throws {
        let whole = try JSONValue(encoding: value)
        try check(Self.keys(of: [whole]))
        let json = picked(whole)
        switch options.format {
        case .table, .wide:
            if let columns, options.keys == nil { table([json], columns) } else { record(json) }
        case .json: write(json.prettyJSONText.harmlessData)
        case .yaml: write(YAMLText.text(json))
        case .ndjson: write(json.jsonText.harmlessData)
        case .name: if let name = Self.name(of: whole) { write(name) }
        }
    }

    /// One item of a list that is printed as it grows.
    ///
    /// - Parameters:
    ///   - keys: all that there can be, where an item need not have every one.
    ///   - sentence: what people are told of it.
    func entry(
        _ value: some Encodable, keys: [String]? = nil, _ sentence: () -> String
    ) throws {
        let whole = try JSONValue(encoding: value)
        try check(keys ?? Self.keys(of: [whole]))
        let json = picked(whole)
        switch options.format {
        case .table, .wide:
            guard let keys = options.keys else { return write(sentence()) }
            let texts = keys.map { Column($0, $0).text(in: json, now: now) }
            write(texts.joined(separator: "  "))
        case .json, .ndjson: write(json.jsonText.harmlessData)
        case .yaml: write(YAMLText.text(.array([json])))
        case .name: if let name = Self.name(of: whole) { write(name) }
        }
    }

    /// What was done: a sentence for people, a value for programs.
    func outcome(_ sentence: String, _ value: JSONValue) throws {
        if isForPeople { write(sentence) } else { try item(value) }
    }

    private func table(_ values: [JSONValue], _ columns: [Column]) {
        let isWide = options.format == .wide
        let chosen =
            options.keys?.map { key in
                Column(
                    key.uppercased(), key, Self.isID(key) ? .id : .text,
                    flexible: !Self.isID(key))
            }
            ?? columns.filter { isWide || !$0.isWide }
        let table = TextTable(
            columns: chosen, width: isWide ? nil : terminalWidth, hasColor: hasColor)
        table.lines(values, now: now).forEach(write)
    }

    private static func isID(_ key: String) -> Bool { key == "id" || key == "execution_id" }

    /// Names and values below each other; what has no names is YAML.
    private func record(_ value: JSONValue) {
        guard let members = value.objectValue, !members.isEmpty else {
            return write(YAMLText.text(value))
        }
        details(Details(of: members))
    }

    private func picked(_ value: JSONValue) -> JSONValue {
        guard let keys = options.keys, case .object(let members) = value else { return value }
        return .object(JSONObject(ordered: members.filter { keys.contains($0.key) }))
    }

    /// - Throws: `SettingError` that lists the keys, for one that `--fields` names and that there
    ///   is not. After a change that is only told.
    private func check(_ known: [String]) throws(SettingError) {
        guard let keys = options.keys, let absent = keys.first(where: { !known.contains($0) })
        else { return }
        let sentence =
            "There is no field \"\(SafeText.line(absent, limit: 80))\"; "
            + (known.isEmpty ? "this has none" : "there are: " + known.joined(separator: ", "))
        guard !hasChanged() else { return tell("warning: \(sentence)") }
        throw SettingError(sentence, status: ExitStatus.usage)
    }

    private static func keys(of items: [JSONValue]) -> [String] {
        var keys = JSONObject()
        for case .object(let members) in items {
            for (key, _) in members { keys[key] = true }
        }
        return keys.map(\.key)
    }

    /// What other commands take; of a thing without id and name what most is asked for of it.
    static func name(of value: JSONValue) -> String? {
        for key in ["id", "execution_id", "name", "status", "version", "timestamp"] {
            guard let name = value[key] else { continue }
            // Something that may have a name, and has none.
            return name.isNull ? nil : name.stringValue ?? name.jsonText
        }
        return value.jsonText
    }
}
