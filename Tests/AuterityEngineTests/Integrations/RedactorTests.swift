import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite
struct RedactorTests {
    @Test(arguments: [
        ("key is s3cret/key!", "key is [secret]"), ("s3cret/key!s3cret/key!", "[secret][secret]"),
        ("?k=s3cret%2Fkey%21&x", "?k=[secret]&x"), ("b64 czNjcmV0L2tleSE= end", "b64 [secret] end"),
        ("s3cret/key", "s3cret/key"), ("", ""), ("nothing", "nothing"),
    ])
    func everyFormOfASecretIsTakenOut(text: String, expected: String) {
        #expect(Redactor(["s3cret/key!"]).redact(text) == expected)
    }

    @Test func theLongestSecretGoesFirst() {
        let redactor = Redactor(["token", "token-long", "ken-long-er"])
        #expect(redactor.redact("a token-long b token c") == "a [secret] b [secret] c")
    }

    @Test func aShortValueIsLeftAlone() {
        #expect(Redactor(["abc", ""]).redact("abcabc") == "abcabc")
    }

    @Test func textsKeysAndNumbersOfJSONAreCleaned() {
        let redactor = Redactor(["hunter2", "48151623"])
        let value: JSONValue = [
            "a": ["x hunter2 y", 48_151_623, true, nil, 1.5], "hunter2": ["deep": "hunter2"],
        ]
        let expected: JSONValue = [
            "a": ["x [secret] y", "[secret]", true, nil, 1.5], "[secret]": ["deep": "[secret]"],
        ]
        #expect(redactor.redact(value) == expected)
    }

    @Test func aSecretWithQuotesIsFoundInWrittenJSON() {
        let secret = "a\"b\\c\n"
        let text = JSONValue.object(["k": .string(secret)]).jsonText
        #expect(Redactor([secret]).redact(text) == "{\"k\":\"[secret]\"}")
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("foobar", "Zm9vYmFy"), ("\u{FF}", "w78="),
    ])
    func base64IsThatOfTheStandard(text: String, expected: String) {
        #expect(base64(Array(text.utf8)) == expected)
    }
}
