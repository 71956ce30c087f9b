import AuterityAPI
import FoundationEssentials
import Glibc

/// A workflow and where it stands: a file, or one of the documents of a file.
struct WorkflowFile {
    /// As errors name it: `all.yaml, document 2`.
    let name: String
    /// The file alone.
    let path: String
    let document: WorkflowDocument

    /// What files hold, a folder for those in it: all is read before anything is done with it.
    ///
    /// - Throws: `SettingError` that says which file and which of its documents is wrong.
    static func read(_ paths: [String]) throws -> [WorkflowFile] {
        try paths.flatMap(files).flatMap { path in
            try FileInput.documents(at: path).map { name, value in
                WorkflowFile(
                    name: name, path: path, document: try WorkflowDocument(value, file: name))
            }
        }
    }

    private static let endings = [".yaml", ".yml", ".json"]

    /// The files that a path stands for: itself, or those of a folder in the order of their names.
    private static func files(_ path: String) throws -> [String] {
        guard path != "-", isFolder(path) else { return [path] }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw SettingError("The folder \(path) cannot be read; let this user read it")
        }
        let folder = path.hasSuffix("/") ? path : path + "/"
        // As the shell has it, a name with a dot before it is hidden.
        let found = names.filter { name in
            !name.hasPrefix(".") && endings.contains(where: name.hasSuffix)
                && !isFolder(folder + name)
        }
        guard !found.isEmpty else {
            throw SettingError(
                "The folder \(path) has no workflows: no files *.yaml, *.yml or *.json. Folders "
                    + "in it are not looked into")
        }
        return found.sorted().map { folder + $0 }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
