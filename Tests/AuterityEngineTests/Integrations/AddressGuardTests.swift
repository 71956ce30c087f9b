import Testing

@testable import AuterityEngine

@Suite
struct AddressGuardTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("127.1", "127.0.0.1"), ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"), ("0x7F.1", "127.0.0.1"), ("0177.0.0.01", "127.0.0.1"),
        ("017700000001", "127.0.0.1"), ("10.1.258", "10.1.1.2"), ("0", "0.0.0.0"),
        ("4294967295", "255.255.255.255"), ("1.2.3.4.", "1.2.3.4"), ("[::1]", "::1"),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1"), ("fe80::1%eth0", "fe80::1"),
        ("2001:DB8:0:0::1", "2001:db8::1"), ("0x.0.0.1", "0.0.0.1"),
    ])
    func everyFormOfAnAddressIsRead(text: String, canonical: String) throws {
        #expect(try #require(IPAddress(text)).description == canonical)
    }

    @Test(arguments: [
        "", "example.com", "256.1.1.1", "1.2.3.4.5", "4294967296", "1..2", "08.1.1.1", "0xg",
        "1.2.3.256", "1.16777216", "::g", "1:2", "-1", "a.b.c.d", "1.2.3.4 ", ".", "+1.2.3.4",
        "0x-1.0.0.1", "١٢٧.0.0.1",
    ])
    func whatIsNoAddressIsNotRead(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func theTablesAreReadWhole() {
        #expect(blockedV4.count == 17)
        #expect(blockedV6.count == 12)
    }

    @Test(arguments: [
        // IPv4: first and last of each range
        "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255",
        "127.0.0.1", "127.255.255.255", "169.254.0.0", "169.254.169.254", "169.254.255.255",
        "172.16.0.0", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.0",
        "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.7",
        "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16",
        "100.100.100.200",
        // IPv6
        "::", "::1", "fc00::1", "fdff::1", "fd00:ec2::254", "fe80::1", "febf::1", "fec0::1",
        "ff02::1", "100::1", "2001:db8::1", "2001::1", "2001:10::1", "3fff::1", "4000::1",
        "5f00::1",
        // IPv4 inside IPv6: mapped, compatible, translated, NAT64, 6to4, ISATAP, Teredo
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:a00:1", "::127.0.0.1", "::10.0.0.1",
        "::ffff:0:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::169.254.169.254", "64:ff9b:1::1",
        "64:ff9b:1:ffff::8.8.8.8", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:c0a8:101::",
        "2a00::5efe:10.0.0.1", "2a00::200:5efe:192.168.1.1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ])
    func theseAddressesAreRefused(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressGuard.strict.refusal(of: address) != nil)
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255",
        "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
        "198.20.0.0", "223.255.255.255", "168.63.129.17", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
        "2606:4700::1111", "2a00:1450:4001::200e", "2001:4860:4860::8888", "2002:808:808::1",
        "3ffe::1", "2001:200::1", "2a00::5efe:8.8.8.8",
    ])
    func publicAddressesPass(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(AddressGuard.strict.refusal(of: address) == nil)
    }

    @Test(arguments: [
        ("10.1.0.0/16", "10.1.2.3", true), ("10.1.0.0/16", "10.2.0.1", false),
        ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false),
        ("127.0.0.0/8", "::ffff:127.0.0.1", true), ("127.0.0.0/8", "64:ff9b::7f00:1", false),
        ("fd12::/16", "fd12:1::1", true), ("fd12::/16", "fd13::1", false),
        ("0.0.0.0/0", "169.254.169.254", true), ("0.0.0.0/0", "::1", false), ("::/0", "::1", true),
        (" 10.0.0.0/8 , ::1 ,", "::1", true), ("[::1]", "::1", true),
    ])
    func anAllowedNetworkIsLetThrough(hosts: String, text: String, passes: Bool) throws {
        let guarded = try AddressGuard(allowedHosts: hosts)
        #expect((guarded.refusal(of: try #require(IPAddress(text))) == nil) == passes)
    }

    @Test(arguments: [
        ("crm.example.internal", "crm.example.internal", true),
        ("crm.example.internal", "CRM.Example.Internal.", true),
        ("crm.example.internal", "x.crm.example.internal", false),
        ("*.example.internal", "a.b.example.internal", true),
        ("*.example.internal", "example.internal", false),
        ("*.example.internal", "evilexample.internal", false),
        ("localhost", "localhost", true), ("", "localhost", false),
    ])
    func anAllowedNameIsLetThrough(hosts: String, host: String, passes: Bool) throws {
        #expect(try AddressGuard(allowedHosts: hosts).allows(host: host) == passes)
    }

    @Test(arguments: [
        "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/x", "::/129", "http://host/", "a b/c", "*", "*.",
        "host:80", "1.2.3.999", "-_-.!", "host..name", "fd12::1/16",
    ])
    func aSlipInTheSettingIsNamed(hosts: String) {
        let error = #expect(throws: IntegrationSettingError.self) {
            try AddressGuard(allowedHosts: "ok.example,\(hosts)")
        }
        #expect(error?.setting == "AUTERITY_ALLOWED_HOSTS")
    }

    @Test func aLiteralHostIsJudgedWithoutAConnection() throws {
        let guarded = try AddressGuard(allowedHosts: "10.0.0.5, 0x7f.1")
        #expect(guarded.refusal(ofHost: "0xA9FEA9FE") == "a cloud metadata address")
        #expect(guarded.refusal(ofHost: "10.0.0.5") == nil)
        #expect(guarded.refusal(ofHost: "127.0.0.1") == nil)
        #expect(guarded.refusal(ofHost: "some.name") == nil)
    }
}
