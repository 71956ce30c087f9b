import Foundation
import Testing

@testable import AuterityServer

@Suite struct SocketTests {
    /// A directory of its own, gone with the test.
    private final class Folder {
        let path: String

        init() throws {
            path = NSTemporaryDirectory() + "auterity-" + UUID().uuidString
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        }

        deinit {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    @Test func aUnixSocketIsItsOwnersFromTheBeginning() throws {
        let folder = try Folder()
        let before = umask(0)
        defer { umask(before) }
        let file = try UnixSocketFile.bind(path: folder.path + "/socket")
        defer { close(file.descriptor) }
        #expect(access(file.path, R_OK | W_OK) == 0)
        file.remove()
        #expect(access(file.path, F_OK) != 0)
    }

    @Test func aDeadSocketIsReplacedAndALiveOneIsNot() throws {
        let folder = try Folder()
        let path = folder.path + "/socket"
        let dead = try UnixSocketFile.bind(path: path)
        close(dead.descriptor)
        let live = try UnixSocketFile.bind(path: path)
        defer { close(live.descriptor) }
        listen(live.descriptor, 1)
        #expect {
            _ = try UnixSocketFile.bind(path: path)
        } throws: { "\($0)".contains("Another server answers") && "\($0)".contains(path) }
        // What replaced it is not removed by the one before.
        dead.remove()
        #expect(access(path, F_OK) == 0)
        live.remove()
    }

    @Test func aPathThatIsTooLongIsRefused() {
        let path = "/" + String(repeating: "x", count: 107)
        #expect {
            try UnixSocketFile.checkLength(path)
        } throws: { "\($0)".contains("108 bytes") && "\($0)".contains("107") }
        #expect(throws: Never.self) {
            try UnixSocketFile.checkLength(String(path.dropLast()))
        }
    }

    @Test func theSystemChoosesAPortAndTheHostAnAddress() throws {
        let sockets = try BoundSocket.bind(host: "127.0.0.1", port: 0)
        defer { sockets.forEach { close($0.descriptor) } }
        #expect(sockets.count == 1)
        #expect(sockets[0].port > 0)
        #expect(sockets[0].isLoopback)
        let open = try BoundSocket.bind(host: "0.0.0.0", port: 0)
        defer { open.forEach { close($0.descriptor) } }
        #expect(!open[0].isLoopback)
    }

    @Test(arguments: [(EADDRINUSE, "in use"), (EACCES, "privilege"), (EADDRNOTAVAIL, "no address")])
    func faultsOfTheSystemAreSentences(error: Int32, text: String) {
        #expect("\(BoundSocket.sentence(error, "127.0.0.1", 80))".contains(text))
    }

    // MARK: Exposure

    private func exposure(
        _ host: String, _ change: (inout ServerConfiguration) -> Void
    ) throws -> String? {
        var configuration = ServerConfiguration(version: "1")
        change(&configuration)
        let socket = BoundSocket(
            descriptor: -1, address: host, port: 80, isLoopback: host.hasPrefix("127."))
        return try Exposure.check([socket], configuration)
    }

    @Test func plainHTTPStaysOnTheMachine() throws {
        #expect(try exposure("127.0.0.1") { $0.environment = "production" } == nil)
        #expect(try exposure("10.0.0.1") { _ in }?.contains("10.0.0.1") == true)
        #expect {
            try exposure("10.0.0.1") { $0.environment = "staging" }
        } throws: { "\($0)".contains("--behind-tls-proxy") }
        let behind = try exposure("10.0.0.1") {
            $0.environment = "production"
            $0.isBehindTLSProxy = true
        }
        #expect(behind == nil)
    }

    // MARK: Date

    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
    ])
    func theDateIsWrittenAsTheStandardHasIt(second: Int, text: String) {
        #expect(DateHeader.text(of: second) == text)
    }
}
