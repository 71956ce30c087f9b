import AuterityAPI
import HTTPTypes

private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

/// All routes, as a tree of path segments. A request reaches a route by its exact path only, and
/// what it may do there is said by that route and by nothing else.
struct RouteTable: Sendable {
    /// A place in the tree at which there is something.
    struct Place: Sendable {
        let routes: [BoundRoute]
        /// As `Allow` has it.
        let allowed: String

        /// HEAD is answered by what answers GET.
        func route(for method: HTTPRequest.Method) -> BoundRoute? {
            let wanted = method == .head ? .get : method
            return routes.first { $0.method == wanted }
        }
    }

    private struct Node: Sendable {
        var children: [(segment: [UInt8], node: Int)] = []
        /// The node behind any segment that is no child's, and the key of its value.
        var placeholder: Int?
        var key = ""
        var place: Place?
    }

    private var nodes = [Node()]

    /// Segments of a path. More than any route has.
    private static let maximumSegments = 16

    /// What `OPTIONS *` answers.
    static let allMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"

    init(_ routes: [BoundRoute]) {
        for route in routes { add(route) }
    }

    private mutating func add(_ route: BoundRoute) {
        var index = 0
        for segment in route.template.split(separator: "/") {
            if segment.hasPrefix("{") {
                let key = String(segment.dropFirst().dropLast())
                let next = nodes[index].placeholder ?? newNode()
                precondition(
                    nodes[next].key.isEmpty || nodes[next].key == key,
                    "\(route.template) names a placeholder otherwise than the routes beside it")
                nodes[next].key = key
                nodes[index].placeholder = next
                index = next
            } else {
                let bytes = Array(segment.utf8)
                let known = nodes[index].children.first { $0.segment == bytes }?.node
                let next = known ?? newNode()
                if known == nil { nodes[index].children.append((bytes, next)) }
                index = next
            }
        }
        let routes = (nodes[index].place?.routes ?? []) + [route]
        precondition(
            Set(routes.map(\.method)).count == routes.count,
            "\(route.method) \(route.template) is there twice")
        nodes[index].place = Place(routes: routes, allowed: Self.allowed(routes))
    }

    private mutating func newNode() -> Int {
        nodes.append(Node())
        return nodes.count - 1
    }

    private static func allowed(_ routes: [BoundRoute]) -> String {
        let methods = routes.flatMap { route in
            route.method == .get ? ["GET", "HEAD"] : [route.method.rawValue]
        }
        return (methods + ["OPTIONS"]).joined(separator: ", ")
    }

    /// What is at a path, and the values of its placeholders, percent-decoded once.
    ///
    /// Segments that the routes name are compared byte by byte as they were sent: an encoded slash,
    /// a `;`, an empty segment or another case is another path. One slash at the end counts for
    /// nothing.
    func find(_ target: String) -> (place: Place, values: [String: String])? {
        var target = target
        return target.withUTF8 { bytes in find(Self.path(bytes)) }
    }

    /// The path of a request's target: without the query, and without the authority where a client
    /// sends it along (RFC 9112, section 3.2.2).
    private static func path(_ target: UnsafeBufferPointer<UInt8>) -> Slice<
        UnsafeBufferPointer<UInt8>
    > {
        let end = target.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        let path = target[..<end]
        for scheme in ["http://", "https://"] where path.starts(with: scheme.utf8) {
            let rest = path.dropFirst(scheme.utf8.count)
            return rest[(rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex)...]
        }
        return path
    }

    private func find(
        _ path: Bytes
    ) -> (place: Place, values: [String: String])? {
        guard path.first == UInt8(ascii: "/") else { return nil }
        var rest = path.dropFirst()
        if rest.last == UInt8(ascii: "/") { rest = rest.dropLast() }
        var values: [String: String] = [:]
        var index = 0
        var count = 0
        while !rest.isEmpty || count == 0 {
            let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            let segment = rest[..<end]
            // A path that ends with two slashes has an empty segment too.
            let isLast = end == rest.endIndex
            if isLast, segment.isEmpty, count == 0 { break }
            guard !segment.isEmpty, count < Self.maximumSegments else { return nil }
            let child = nodes[index].children.first { $0.segment.elementsEqual(segment) }
            if let child {
                index = child.node
            } else {
                guard let next = nodes[index].placeholder, let value = Self.value(segment) else {
                    return nil
                }
                values[nodes[next].key] = value
                index = next
            }
            count += 1
            if isLast { break }
            rest = rest[end...].dropFirst()
            if rest.isEmpty { return nil }
        }
        return nodes[index].place.map { ($0, values) }
    }

    /// `nil` for what cannot be a value: broken escapes, and control characters.
    private static func value(_ segment: Bytes) -> String? {
        guard let text = percentDecoded(segment, spacesArePlus: false) else { return nil }
        return text.utf8.contains { $0 < 0x20 || $0 == 0x7F } ? nil : text
    }
}
