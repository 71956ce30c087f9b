import AuterityAPI
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTPTypes

extension Exchange {
    /// Bytes of a refused body that are read and thrown away, so that the caller, who reads the
    /// answer only when everything is sent, gets to see it.
    static let maximumDiscarded = 16 << 20

    /// The JSON of the body; `nil` when there is none.
    ///
    /// - Throws: 400 for another content type and for what is no JSON, 413 above the limit, 422 for
    ///   too many levels.
    func jsonBody() async throws -> JSONValue? {
        guard headers.hasBody else { return nil }
        let bytes = try await bodyBytes()
        guard !bytes.isEmpty else { return nil }
        try checkContentType(isJSON, expected: "application/json")
        do throws(JSONError) {
            return try JSONValue(parsing: bytes, allowsRepeatedKeys: false)
        } catch {
            if error.isTooDeep {
                throw APIError.validation([FieldFault(field: "", message: error.description)])
            }
            throw APIError(.badRequest, "The body is not valid JSON: \(error)")
        }
    }

    /// The pairs of a form; empty when there is no body.
    ///
    /// - Throws: 400 for another content type, and for a key that is there twice (RFC 6749,
    ///   section 3.2), 413 above the limit.
    func formBody() async throws -> JSONValue {
        guard headers.hasBody else { return [:] }
        let bytes = try await bodyBytes()
        try checkContentType(isForm, expected: "application/x-www-form-urlencoded")
        var object = JSONObject()
        for item in try formItems(bytes) {
            guard object[item.name] == nil else {
                throw APIError(.badRequest, "A parameter is repeated")
            }
            // What is sent without a value is as if it were not there (section 3.1).
            object[item.name] = item.value.isEmpty ? nil : .string(item.value)
        }
        return .object(object)
    }

    private func checkContentType(
        _ isRight: (Substring.UTF8View) -> Bool, expected: String
    ) throws(APIError) {
        let encoding = headers.contentEncoding?.lowercased() ?? "identity"
        guard encoding == "identity" else {
            throw APIError(.badRequest, "The body is compressed. Send it as it is")
        }
        let parts = (headers.contentType ?? "").lowercased().utf8.split(
            separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        let isUTF8 = parts.dropFirst().allSatisfy { parameter in
            let parameter = trimmed(parameter)
            guard parameter.starts(with: "charset=".utf8) else { return true }
            let name = parameter.dropFirst("charset=".utf8.count)
                .filter { $0 != UInt8(ascii: "\"") }
            return name.elementsEqual("utf-8".utf8) || name.elementsEqual("utf8".utf8)
        }
        guard isUTF8, let type = parts.first, isRight(trimmed(type)) else {
            throw APIError(
                .badRequest, "The body must have the content type \(expected), in UTF-8")
        }
    }

    private func isJSON(_ type: Substring.UTF8View) -> Bool {
        if type.elementsEqual("application/json".utf8) { return true }
        return type.starts(with: "application/".utf8) && type.suffix(5).elementsEqual("+json".utf8)
    }

    private func isForm(_ type: Substring.UTF8View) -> Bool {
        type.elementsEqual("application/x-www-form-urlencoded".utf8)
    }

    private func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        var text = text
        while let first = text.first, first == 0x20 || first == 0x09 { text.removeFirst() }
        while let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
        return text
    }

    /// - Throws: 413 above the limit.
    private func bodyBytes() async throws -> [UInt8] {
        if headers.expectsContinue {
            let part = HTTPResponsePart.head(HTTPResponse(status: .continue))
            context.channel.writeAndFlush(part, promise: nil)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(headers.contentLength ?? 0, maximumBody))
        var count = 0
        for try await buffer in request.body {
            count += buffer.readableBytes
            if count <= maximumBody {
                bytes.append(contentsOf: buffer.readableBytesView)
            } else if count > Self.maximumDiscarded {
                break
            }
        }
        guard count <= maximumBody else { throw tooLarge }
        return bytes
    }

    /// Refuses by what is announced, before anything is read.
    func checkAnnouncedBody() throws(APIError) {
        if let length = headers.contentLength, length > maximumBody { throw tooLarge }
    }

    private var tooLarge: APIError {
        APIError(
            .payloadTooLarge, "The body is larger than \(maximumBody) bytes. Send less at once")
    }
}
