import AuterityAPI
import AuterityClient
import Testing

@Suite struct ServerAddressTests {
    @Test(arguments: [
        ("https://auterity.example.com", "auterity.example.com"),
        ("https://auterity.example.com/", "auterity.example.com"),
        ("http://127.0.0.1:8000", "127.0.0.1:8000"), ("http://[::1]:8000", "[::1]:8000"),
    ])
    func addressesOfServers(url: String, name: String) throws {
        let address = ServerAddress(url: url)
        #expect(address.display == name)
        try address.check()
    }

    @Test(arguments: [
        "", "auterity.example.com", "localhost:8000", "ftp://example.com", "https://", "http://",
        "http:///x", "http://example.com:99999", "https://exam ple.com", "https://a\nb", "://x",
        "unix:/run/x", "http://[::1",
    ])
    func whatIsNoAddress(url: String) {
        let fault = #expect(throws: APIError.self) { try ServerAddress(url: url).check() }
        #expect(fault?.status == 400)
        #expect(
            fault?.message
                == "\"\(url)\" is no address of a server. Write one such as "
                + "https://auterity.example.com or "
                + "http://127.0.0.1:8000")
    }

    @Test(arguments: [
        "https://example.com/auterity", "https://example.com//", "https://example.com?x=1",
        "https://example.com/#a",
    ])
    func nothingStandsBehindHostAndPort(url: String) {
        let fault = #expect(throws: APIError.self) { try ServerAddress(url: url).check() }
        #expect(fault?.message.contains("has something behind host and port") == true)
    }

    @Test(arguments: ["https://ann:secret@example.com", "https://ann@example.com"])
    func nobodysNameOrPasswordStandsInIt(url: String) {
        let fault = #expect(throws: APIError.self) { try ServerAddress(url: url).check() }
        #expect(fault?.message.contains("auterity login") == true)
        #expect(fault?.message.contains("secret") == false)
    }

    @Test func aSocketIsThisMachine() throws {
        let address = ServerAddress.local(socket: "/run/auterity.sock")
        #expect(address.display == "this machine")
        try address.check()
    }
}
