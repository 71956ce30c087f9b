import Foundation
import Glibc

/// The program and the machine that it runs on.
enum ProgramFindings {
    static func all(_ environment: [String: String]) -> [Finding] {
        [
            .ok("program.version", "auterity \(Product.version), \(build)"),
            .ok("program.path", executable()), system(), locale(environment), timeZone(environment),
            home(environment),
        ]
    }

    private static var build: String {
        #if DEBUG
            "debug build"
        #else
            "release build"
        #endif
    }

    private static func executable() -> String {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path
    }

    private static func system() -> Finding {
        var name = utsname()
        guard uname(&name) == 0 else { return .ok("program.system", "unknown") }
        func text<Value>(_ value: Value) -> String {
            withUnsafeBytes(of: value) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        let pages = Int64(sysconf(Int32(_SC_PHYS_PAGES))) * Int64(sysconf(Int32(_SC_PAGESIZE)))
        return .ok(
            "program.system",
            "\(text(name.sysname)) \(text(name.release)) \(text(name.machine)), "
                + "\(sysconf(Int32(_SC_NPROCESSORS_ONLN))) processors, \(Figures.bytes(pages)), "
                + "user \(geteuid())")
    }

    private static func locale(_ environment: [String: String]) -> Finding {
        let variable = ["LC_ALL", "LC_CTYPE", "LANG"].first {
            !(environment[$0] ?? "").isEmpty
        }
        let name = variable.map { "\($0)=\(environment[$0] ?? "")" } ?? "no locale is set"
        guard setlocale(LC_CTYPE, "") != nil else {
            return .warn(
                "program.locale", "\(name), which this system does not have",
                "Set LANG to one that `locale -a` lists, such as C.UTF-8")
        }
        let charset = String(cString: nl_langinfo(Int32(CODESET)))
        guard charset == "UTF-8" else {
            return .warn(
                "program.locale", "\(name), with the character set \(charset)",
                "Set LANG to a locale with UTF-8, such as C.UTF-8; the console draws with ASCII "
                    + "until then")
        }
        return .ok("program.locale", "\(name), UTF-8")
    }

    /// Unknown zones are silently taken for UTC by the C library.
    private static func timeZone(_ environment: [String: String]) -> Finding {
        var now = time(nil)
        var local = tm()
        tzset()
        localtime_r(&now, &local)
        let minutes = local.tm_gmtoff / 60
        let digits = String(10_000 + abs(minutes) / 60 * 100 + abs(minutes) % 60).dropFirst()
        let zone = environment["TZ"].flatMap { $0.isEmpty ? nil : $0 }
        let source = zone.map { "TZ=\($0)" } ?? "of the system"
        let text = "UTC\(minutes < 0 ? "-" : "+")\(digits), \(source)"
        let name = zone.map { $0.hasPrefix(":") ? String($0.dropFirst()) : $0 }
        guard let name, !name.hasPrefix("/"),
            name.firstMatch(of: /^([A-Za-z]{3,}|<[^>]+>)[-+0-9]/) == nil,
            access("\(environment["TZDIR"] ?? "/usr/share/zoneinfo")/\(name)", R_OK) != 0
        else { return .ok("program.time_zone", text) }
        return .warn(
            "program.time_zone", "\(text), which this system does not know",
            "Set TZ to a zone such as Europe/Berlin, or install tzdata")
    }

    private static func home(_ environment: [String: String]) -> Finding {
        let state = Directories(environment: environment).state
        guard let home = environment["HOME"], !home.isEmpty else {
            return .warn(
                "program.home", "HOME is not set",
                "Set HOME; settings and data are looked for below the current directory")
        }
        if let fault = FolderFindings.fault(at: home, makesParents: false) {
            return .fail(
                "program.home", fault,
                "Set HOME to a directory that this user may write")
        }
        return .ok("program.home", "\(home), log in \(state)/auterity.log")
    }
}
