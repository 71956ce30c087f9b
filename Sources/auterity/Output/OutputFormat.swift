import ArgumentParser

/// How a command prints what it was answered.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    /// A table that fits the terminal.
    case table
    /// A table with every column, as wide as it gets.
    case wide
    case json
    case yaml
    /// One JSON value a line: a line for each item of a list.
    case ndjson
    /// Ids (or names, where there are none), one a line, for other commands.
    case name
}

/// How and how much a command prints.
struct OutputOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("How to print."))
    var output: OutputFormat = .table

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only these keys, separated by commas.", valueName: "key,key"))
    var fields: String?

    @Flag(name: .shortAndLong, help: "Print nothing but ids.")
    var quiet = false

    func validate() throws {
        // Rows with nothing in them are what nobody asks for: a variable of a script was empty.
        guard keys?.isEmpty != true else {
            throw ValidationError("--fields takes keys separated by commas, such as id,name")
        }
    }

    var format: OutputFormat { quiet ? .name : output }

    var keys: [String]? {
        fields?.split(separator: ",").map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
    }
}
