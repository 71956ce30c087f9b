import AuterityAPI
import AuterityEngine
import Testing
import WebSocketTransport

@testable import AuterityServer

/// A client's session, driven by hand.
@Suite struct StreamSessionTests {
    private static let wall = Timestamp(milliseconds: 1_754_649_000_000)

    private static func at(_ seconds: Double) -> StreamSession.Moment {
        StreamSession.Moment(
            uptime: 1000 + Int64(seconds * 1000), wall: wall.adding(seconds: seconds))
    }

    private static func caller(_ roles: Set<Role> = [.user], last: Int = 1) -> Caller {
        Caller(
            id: UserID("00000000-0000-7000-8000-00000000000\(last)") ?? .none, name: "a@b.example",
            roles: roles)
    }

    private static func login(
        _ roles: Set<Role> = [.user], last: Int = 1, seconds: Double = 1800
    ) -> AuthenticatedSession {
        AuthenticatedSession(
            caller: caller(roles, last: last), expiresAt: wall.adding(seconds: seconds))
    }

    private func open(
        start: StreamSession.Start = .now, roles: Set<Role> = [.user]
    ) -> StreamSession {
        var session = StreamSession(
            credentials: .token("t"), start: start, at: Self.at(0))
        #expect(session.begin(at: Self.at(0)) == [.authenticate(token: "t")])
        _ = session.authenticated(.success(Self.login(roles)), at: Self.at(0))
        return session
    }

    private func code(_ actions: [StreamSession.Action]) -> UInt16? {
        for case .close(let close) in actions { return close.code.rawValue }
        return nil
    }

    private func said(_ actions: [StreamSession.Action]) -> [String] {
        actions.compactMap { if case .say(let reply) = $0 { reply.json } else { nil } }
    }

    // MARK: - Tokens

    @Test func withoutATokenItClosesWith4401() {
        var session = StreamSession(credentials: .token(nil), start: .now, at: Self.at(0))
        #expect(code(session.begin(at: Self.at(0))) == 4401)
        #expect(session.isClosed)
    }

    @Test(
        arguments: [
            (APIError.Code.unauthorized, 4401), (.tokenExpired, 4401), (.tokenRevoked, 4401),
            (.forbidden, 4403), (.serviceUnavailable, 1013),
        ] as [(APIError.Code, UInt16)])
    func aRefusedTokenClosesWithItsCode(_ error: APIError.Code, _ expected: UInt16) {
        var session = StreamSession(credentials: .token("bad"), start: .now, at: Self.at(0))
        _ = session.begin(at: Self.at(0))
        let actions = session.authenticated(
            .failure(APIError(error, "no")), at: Self.at(0))
        #expect(code(actions) == expected)
    }

    @Test func withoutThePermissionItClosesWith4403() {
        var session = StreamSession(credentials: .token("t"), start: .now, at: Self.at(0))
        _ = session.begin(at: Self.at(0))
        let actions = session.authenticated(.success(Self.login([])), at: Self.at(0))
        #expect(code(actions) == 4403)
        #expect(!session.isTrusted)
    }

    @Test func onTheUnixSocketNoTokenIsNeeded() {
        var session = StreamSession(
            credentials: .local(Self.caller([.superAdmin])), start: .after(7), at: Self.at(0))
        #expect(session.begin(at: Self.at(0)) == [.open(after: 7)])
        #expect(session.accountsChanged(at: Self.at(1)).isEmpty)
        #expect(session.tick(at: Self.at(10)).isEmpty)
        #expect(
            said(session.receive(#"{"type":"auth","token":"x"}"#, at: Self.at(1))) == [
                #"{"type":"authenticated","expires_at":null}"#
            ])
    }

    @Test func theEndOfTheTokenClosesWith4401() {
        var session = open()
        session.receivePong(at: Self.at(1799))
        #expect(code(session.tick(at: Self.at(1799.9))) == nil)
        #expect(code(session.tick(at: Self.at(1800))) == 4401)
    }

    @Test func anotherTokenRenewsInTime() {
        var session = open()
        let ask = session.receive(#"{"type":"auth","token":"next"}"#, at: Self.at(1000))
        #expect(ask == [.authenticate(token: "next")])
        let answer = session.authenticated(
            .success(Self.login(seconds: 3600)), at: Self.at(1000))
        #expect(
            said(answer) == [#"{"type":"authenticated","expires_at":"2025-08-08T11:30:00Z"}"#])
        #expect(code(session.tick(at: Self.at(1800))) == nil)
        #expect(code(session.tick(at: Self.at(3600))) == 4401)
    }

    @Test func anotherAccountsTokenDoesNotRenew() {
        var session = open()
        _ = session.receive(#"{"type":"auth","token":"other"}"#, at: Self.at(1))
        #expect(
            code(session.authenticated(.success(Self.login(last: 2)), at: Self.at(1))) == 4401)
    }

    @Test func aBadTokenInARenewalClosesWith4401() {
        var session = open()
        _ = session.receive(#"{"type":"auth","token":"bad"}"#, at: Self.at(1))
        let refused = session.authenticated(
            .failure(APIError(.unauthorized, "no")), at: Self.at(1))
        #expect(code(refused) == 4401)
    }

    @Test func whenAccountsChangeNothingIsToldUntilTheTokenIsKnownToBeGood() {
        var session = open()
        #expect(session.isTrusted)
        #expect(session.accountsChanged(at: Self.at(1)) == [.authenticate(token: "t")])
        #expect(!session.isTrusted)
        // A further change during the check asks for one more.
        #expect(session.accountsChanged(at: Self.at(1)).isEmpty)
        let again = session.authenticated(.success(Self.login([.viewer])), at: Self.at(1))
        // Whoever shows what the account may do learns of its other role.
        #expect(again.last == .authenticate(token: "t"))
        #expect(said(again).first?.contains("authenticated") == true)
        #expect(!session.isTrusted)
        #expect(session.reader?.caller.roles == [.viewer])
        let same = session.authenticated(.success(Self.login([.viewer])), at: Self.at(1))
        #expect(same.isEmpty)
        _ = session.accountsChanged(at: Self.at(2))
        #expect(
            code(
                session.authenticated(.failure(APIError(.tokenRevoked, "no")), at: Self.at(2)))
                == 4401)
    }

    @Test func aTokenThatCannotBeCheckedInTimeCloses() {
        var session = StreamSession(credentials: .token("t"), start: .now, at: Self.at(0))
        _ = session.begin(at: Self.at(0))
        #expect(session.tick(at: Self.at(9)).isEmpty)
        #expect(code(session.tick(at: Self.at(10))) == 1013)
    }

    // MARK: - Messages

    @Test func messagesBeforeTheTokenIsKnownWait() {
        var session = StreamSession(credentials: .token("t"), start: .now, at: Self.at(0))
        _ = session.begin(at: Self.at(0))
        #expect(session.receive(#"{"type":"ping"}"#, at: Self.at(0)).isEmpty)
        #expect(
            session.receive(#"{"type":"resume","last_event_id":5}"#, at: Self.at(0)).isEmpty)
        let actions = session.authenticated(.success(Self.login()), at: Self.at(0))
        #expect(actions == [.open(after: nil), .answerPing, .open(after: 5)])
    }

    @Test func whereToGoOnIsTakenFromTheAddress() {
        var session = StreamSession(credentials: .token("t"), start: .after(41), at: Self.at(0))
        _ = session.begin(at: Self.at(0))
        #expect(
            session.authenticated(.success(Self.login()), at: Self.at(0)) == [.open(after: 41)])
    }

    @Test func aMalformedPlaceToGoOnIsAnError() {
        var session = StreamSession(credentials: .token("t"), start: .malformed, at: Self.at(0))
        _ = session.begin(at: Self.at(0))
        let actions = session.authenticated(.success(Self.login()), at: Self.at(0))
        #expect(said(actions).first?.contains(#""type":"error""#) == true)
        #expect(actions.last == .open(after: nil))
    }

    @Test func subscribingNarrowsAndUnsubscribingTakesAway() {
        var session = open()
        #expect(session.filter.topics == .all)
        let narrowed = session.receive(
            #"{"type":"subscribe","topics":["executions","errors"]}"#, at: Self.at(1))
        #expect(
            said(narrowed) == [
                #"{"type":"subscribed","topics":["executions","errors"],"execution_id":null}"#
            ])
        _ = session.receive(#"{"type":"unsubscribe","topics":["errors"]}"#, at: Self.at(1))
        #expect(session.filter.topics == .executions)
        let id = "0198a7d2-3f10-7000-8000-0000000000aa"
        _ = session.receive(
            #"{"type":"subscribe","execution_id":"\#(id)"}"#, at: Self.at(1))
        #expect(session.filter.execution == ExecutionID(id))
        #expect(session.filter.topics == .executions)
        _ = session.receive(
            #"{"type":"unsubscribe","execution_id":"\#(id)"}"#, at: Self.at(1))
        #expect(session.filter.execution == nil)
    }

    @Test(arguments: [
        "", "no json", "[]", "7", #"{"type":7}"#, #"{"type":"dance"}"#, #"{"type":"subscribe"}"#,
        #"{"type":"subscribe","topics":[]}"#, #"{"type":"subscribe","topics":["all"]}"#,
        #"{"type":"subscribe","topics":"executions"}"#,
        #"{"type":"subscribe","execution_id":"7"}"#, #"{"type":"resume"}"#,
        #"{"type":"resume","last_event_id":-1}"#, #"{"type":"resume","last_event_id":"7"}"#,
        #"{"type":"resume","last_event_id":1.5}"#, #"{"type":"auth"}"#,
        #"{"type":"auth","token":""}"#, String(repeating: "[", count: 1000),
    ])
    func nonsenseIsAnsweredWithAnError(_ text: String) throws {
        var session = open()
        let answer = try #require(said(session.receive(text, at: Self.at(1))).first)
        let json = try JSONValue(parsing: answer)
        #expect(json["type"] == "error")
        #expect(json.objectValue?.keys == ["type", "code", "message"])
        #expect(!session.isClosed)
    }

    @Test func fiveTimesNonsenseInARowCloses() {
        var session = open()
        for _ in 0..<4 { #expect(code(session.receive("?", at: Self.at(1))) == nil) }
        _ = session.receive(#"{"type":"ping"}"#, at: Self.at(1))
        for _ in 0..<4 { #expect(code(session.receive("?", at: Self.at(1))) == nil) }
        let last = session.receive("?", at: Self.at(1))
        #expect(code(last) == 1008)
        #expect(said(last).count == 1)
    }

    @Test func binaryMessagesCloseWith1003() {
        var session = open()
        #expect(code(session.receiveBinary()) == 1003)
    }

    @Test func tooManyMessagesClose() {
        var session = open()
        for _ in 0..<60 {
            #expect(session.receive(#"{"type":"ping"}"#, at: Self.at(0)) == [.answerPing])
        }
        var later = session
        #expect(code(session.receive(#"{"type":"ping"}"#, at: Self.at(0))) == 1008)
        for _ in 0..<20 {
            #expect(later.receive(#"{"type":"ping"}"#, at: Self.at(1)) == [.answerPing])
        }
        #expect(code(later.receive(#"{"type":"ping"}"#, at: Self.at(1))) == 1008)
    }

    // MARK: - Time

    @Test func whoDoesNotAnswerAPingIsClosed() {
        var session = open()
        #expect(session.tick(at: Self.at(19.9)).isEmpty)
        #expect(session.tick(at: Self.at(20)) == [.ping])
        #expect(session.tick(at: Self.at(21)).isEmpty)
        session.pingSent(at: Self.at(22))
        #expect(session.tick(at: Self.at(41.9)).isEmpty)
        #expect(code(session.tick(at: Self.at(42))) == 1008)
    }

    @Test func whoAnswersIsPingedAgain() {
        var session = open()
        #expect(session.tick(at: Self.at(20)) == [.ping])
        session.pingSent(at: Self.at(20))
        session.receivePong(at: Self.at(30))
        #expect(session.tick(at: Self.at(49)).isEmpty)
        #expect(session.tick(at: Self.at(50)) == [.ping])
    }

    @Test func aReaderThatTakesNothingIsCutAfterAMinute() {
        var session = open()
        session.changeWritability(false, at: Self.at(1))
        session.changeWritability(false, at: Self.at(30))
        _ = session.tick(at: Self.at(20))
        #expect(session.tick(at: Self.at(60)).isEmpty)
        #expect(session.tick(at: Self.at(61)) == [.cut])
    }

    @Test func aSlowReaderThatGoesOnIsNotCut() {
        var session = open()
        session.changeWritability(false, at: Self.at(1))
        session.changeWritability(true, at: Self.at(60))
        session.changeWritability(false, at: Self.at(60))
        _ = session.tick(at: Self.at(60))
        #expect(session.tick(at: Self.at(100)).isEmpty)
    }

    @Test func aStopClosesWith1001Once() {
        var session = open()
        #expect(code(session.stop()) == 1001)
        #expect(session.stop().isEmpty)
        #expect(session.receive("?", at: Self.at(1)).isEmpty)
        #expect(session.tick(at: Self.at(5000)).isEmpty)
    }
}
