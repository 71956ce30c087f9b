import AuterityAPI
import Testing

@Suite struct TextFormTests {
    @Test(arguments: [
        "ann@example.com", "o'neil+tag@sub.example.co.uk", "jörg@exämple.de", "a@b.c",
        "x_y%z@example.org",
    ])
    func emailAddressesAreAccepted(text: String) {
        #expect(TextForm.isEmail(text))
    }

    @Test(arguments: [
        "", "ann", "@example.com", "ann@", "ann@example", "ann@@example.com", "a b@example.com",
        ".ann@example.com", "ann.@example.com", "a..b@example.com", "ann@-example.com",
        "ann@example-.com", "ann@example..com", "<ann@example.com>", "a\r\nBcc:x@example.com",
        "ann@example.com, bob@example.com", "\"ann\"@example.com", "a\u{0}@example.com",
        String(repeating: "a", count: 65) + "@example.com",
        "ann@" + String(repeating: "a", count: 64) + ".com",
    ])
    func whatIsNoEmailAddressIsRefused(text: String) {
        #expect(!TextForm.isEmail(text))
    }

    /// A combining mark makes another character of a sign, but not another byte.
    @Test(arguments: [
        "a>\u{338}@example.com", "a,\u{301}b@example.com", "x@\u{301}y@example.com",
        "a.\u{301}@example.com\u{202E}", "a\u{202E}@example.com", "a\u{200B}@example.com",
    ])
    func signsCannotHideBehindMarks(text: String) {
        #expect(!TextForm.isEmail(text))
    }

    @Test(arguments: [
        ("https://example.com", true), ("http://localhost:8080/a?b#c", true),
        ("HTTPS://EXAMPLE.COM", true), ("ftp://example.com", false), ("https:/example.com", false),
        ("https://", false), ("https://:80", false), ("example.com", false),
        ("javascript:alert(1)", false), ("https://exa mple.com", false),
        ("https://example.com/\u{202E}", false), ("https://example.com/\n", false),
        ("https://" + String(repeating: "a", count: 2048), false),
    ])
    func urlsHaveASchemeAndAHost(text: String, isURL: Bool) {
        #expect(TextForm.isURL(text) == isURL)
    }

    @Test(arguments: [
        ("2026-01-31", true), ("2024-02-29", true), ("2026-02-29", false), ("2026-1-31", false),
        ("31.01.2026", false), ("2026-01-31T00:00:00Z", false),
    ])
    func datesAreDaysOfTheCalendar(text: String, isDate: Bool) {
        #expect(TextForm.isDate(text) == isDate)
    }

    @Test(arguments: [
        ("+1 555 0100200", true), ("(030) 123-4567", true), ("123456", false),
        ("1234567890123456", false), ("12+34567", false), ("٠١٢٣٤٥٦٧", false), ("call me", false),
    ])
    func phoneNumbersHaveSevenToFifteenDigits(text: String, isPhone: Bool) {
        #expect(TextForm.isPhone(text) == isPhone)
    }
}
