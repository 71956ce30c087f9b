import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite(.timeLimit(.minutes(30)))
struct UserTests {
    private func code(_ body: () async throws -> Void) async -> APIError.Code? {
        await refusal(body)?.code
    }

    @Test func aDeactivationCountsAtOnce() async throws {
        let test = try await TestEngine.open()
        let user = try await test.account("ann@example.com")
        let grant = try await test.logIn("ann@example.com")
        _ = try await test.caller(grant.accessToken)
        let revision = test.engine.accountsRevision
        _ = try await test.send(DeleteUser(userID: user.id))
        #expect(test.engine.accountsRevision > revision)
        #expect(await code { _ = try await test.caller(grant.accessToken) } == .tokenRevoked)
        #expect(
            await code {
                _ = try await test.send(
                    RefreshToken(refreshToken: grant.refreshToken), as: .anonymous())
            } == .tokenRevoked)
        let gone = try await test.send(GetUser(userID: user.id))
        #expect(!gone.isActive)
        // Twice is no mistake, and the email stays taken.
        _ = try await test.send(DeleteUser(userID: user.id))
        #expect(
            await code { try await test.account("ANN@example.com") } == .emailAlreadyRegistered)
        // Back again, with none of the old sessions.
        _ = try await test.send(UpdateUser(userID: user.id, isActive: true))
        #expect(await code { _ = try await test.caller(grant.accessToken) } == .tokenRevoked)
        _ = try await test.logIn("ann@example.com")
        await test.engine.close()
    }

    @Test func aChangeOfRolesCountsAtOnce() async throws {
        let test = try await TestEngine.open()
        let user = try await test.account("ann@example.com")
        let token = try await test.logIn("ann@example.com").accessToken
        #expect(try await test.caller(token).roles == [.user])
        let revision = test.engine.accountsRevision
        let changed = try await test.send(
            UpdateUser(userID: user.id, roles: [.viewer, .operator, .viewer]))
        #expect(changed.roles == [.operator, .viewer])
        #expect(test.engine.accountsRevision > revision)
        let caller = try await test.caller(token)
        #expect(caller.roles == [.operator, .viewer])
        #expect(!caller.may(.workflowCreate) && caller.may(.systemMonitor))
        await test.engine.close()
    }

    @Test func anUpdateChangesWhatIsGiven() async throws {
        let test = try await TestEngine.open()
        let user = try await test.send(
            CreateUser(
                email: "ann@example.com", password: TestEngine.password, firstName: "Ann",
                lastName: "Lee", company: "Example"))
        let changed = try await test.send(UpdateUser(userID: user.id, lastName: "Li"))
        #expect(changed.firstName == "Ann" && changed.lastName == "Li")
        #expect(changed.company == "Example" && changed.roles == [.user])
        #expect(try await test.send(GetUser(userID: user.id)) == changed)
        #expect(
            await code { _ = try await test.send(GetUser(userID: fixedID(77))) } == .notFound)
        #expect(
            await code { _ = try await test.send(UpdateUser(userID: fixedID(77))) } == .notFound)
        #expect(
            await code { _ = try await test.send(DeleteUser(userID: fixedID(77))) } == .notFound)
        let long = String(repeating: "x", count: 256)
        let faults = await refusal {
            _ = try await test.send(UpdateUser(userID: user.id, firstName: long, company: long))
        }
        #expect(faults?.details.map(\.field) == ["first_name", "company"])
        await test.engine.close()
    }

    @Test func nobodyGrantsWhatTheyLack() async throws {
        let test = try await TestEngine.open()
        try await test.account("admin@example.com", [.admin])
        let root = try await test.account("root@example.com", [.superAdmin])
        let user = try await test.account("ann@example.com")
        let admin = try await test.session("admin@example.com")
        func create(_ roles: [Role]) async -> APIError.Code? {
            await code {
                _ = try await test.send(
                    CreateUser(
                        email: "new@example.com", password: TestEngine.password, roles: roles),
                    as: admin)
            }
        }
        func update(_ id: UserID, _ change: (inout UpdateUser) -> Void) async -> APIError.Code? {
            var call = UpdateUser(userID: id)
            change(&call)
            return await code { _ = try await test.send(call, as: admin) }
        }
        #expect(await create([.superAdmin]) == .forbidden)
        #expect(await create([.user, .superAdmin]) == .forbidden)
        #expect(await create([.admin, .operator]) == nil)
        #expect(await update(user.id) { $0.roles = [.superAdmin] } == .forbidden)
        #expect(await update(user.id) { $0.roles = [.admin] } == nil)
        // Nor does anybody change an account that may do more than they.
        #expect(await update(root.id) { $0.firstName = "X" } == .forbidden)
        #expect(await update(root.id) { $0.roles = [.user] } == .forbidden)
        #expect(await update(root.id) { $0.isActive = false } == .forbidden)
        #expect(await update(admin.id) { $0.roles = [.superAdmin] } == .forbidden)
        #expect(
            await code { _ = try await test.send(DeleteUser(userID: user.id), as: admin) }
                == .forbidden)
        #expect(try await test.send(GetUser(userID: root.id)).isActive)
        await test.engine.close()
    }

    @Test func theLastAdministratorStays() async throws {
        let test = try await TestEngine.open()
        let first = try await test.account("root@example.com", [.superAdmin, .user])
        func lower(_ id: UserID) async -> APIError.Code? {
            await code { _ = try await test.send(UpdateUser(userID: id, roles: [.admin])) }
        }
        #expect(await lower(first.id) == .conflict)
        #expect(
            await code { _ = try await test.send(DeleteUser(userID: first.id)) } == .conflict)
        #expect(
            await code {
                _ = try await test.send(UpdateUser(userID: first.id, isActive: false))
            } == .conflict)
        _ = try await test.send(UpdateUser(userID: first.id, roles: [.superAdmin]))
        let second = try await test.account("other@example.com", [.superAdmin])
        _ = try await test.send(DeleteUser(userID: second.id))
        // One that is not active does not count.
        #expect(await lower(first.id) == .conflict)
        _ = try await test.send(UpdateUser(userID: second.id, isActive: true))
        #expect(await lower(first.id) == nil)
        #expect(await lower(second.id) == .conflict)
        await test.engine.close()
    }

    @Test func listsFilterSortAndPage() async throws {
        let test = try await TestEngine.open()
        // Users of the operating system have no account.
        _ = try await test.workflow(WorkflowHandlerTests.minimal)
        for (number, name) in ["dora", "Carl", "bea", "Ann", "emil"].enumerated() {
            test.clock.advance(seconds: 1)
            let user = try await test.send(
                CreateUser(
                    email: "\(name)@example.com", password: TestEngine.password,
                    firstName: "First\(number)", company: number < 2 ? "50%" : "Other"))
            if name == "bea" { _ = try await test.send(DeleteUser(userID: user.id)) }
        }
        func names(_ page: Page<User>) -> String {
            page.items.map { String($0.email.prefix { $0 != "@" }) }.joined(separator: " ")
        }
        let all = try await test.send(ListUsers())
        #expect(names(all) == "emil Ann bea Carl dora" && all.total == 5)
        #expect(names(try await test.send(ListUsers(sort: "email"))) == "Ann bea Carl dora emil")
        #expect(names(try await test.send(ListUsers(sort: "created_at"))).hasPrefix("dora Carl"))
        #expect(names(try await test.send(ListUsers(isActive: false))) == "bea")
        #expect(names(try await test.send(ListUsers(search: "50%"))) == "Carl dora")
        #expect(names(try await test.send(ListUsers(search: "FIRST3"))) == "Ann")
        #expect(
            await code { _ = try await test.send(ListUsers(sort: "password_hash")) }
                == .validationError)
        var cursor: String? = ""
        var walked: [String] = []
        while let next = cursor {
            let page = try await test.send(
                ListUsers(pageSize: 2, cursor: next, sort: "-email"))
            walked.append(names(page))
            cursor = page.nextCursor
        }
        #expect(walked == ["emil dora", "Carl bea", "Ann"])
        await test.engine.close()
    }

    @Test func rolesAreListedAsTheContractHasThem() async throws {
        let test = try await TestEngine.open()
        let roles = try await test.send(ListRoles())
        #expect(roles.items.map(\.name) == Role.allCases && roles.total == 5)
        #expect(roles.items.first?.permissions == Permission.allCases)
        let rows = try await test.engine.core.session.store.read { connection in
            try connection.all(
                """
                SELECT roles.name, permissions.name FROM roles
                    JOIN permissions ON permissions.role_id = roles.id
                """
            ) { "\($0.text(0)) \($0.text(1))" }
        }
        let wanted = Role.allCases.flatMap { role in
            role.permissions.map { "\(role.rawValue) \($0.rawValue)" }
        }
        #expect(rows.sorted() == wanted.sorted())
        for role in Role.allCases {
            let user = try await test.account("\(role.rawValue)@example.com", [role])
            #expect(try await test.send(GetUser(userID: user.id)).roles == [role])
        }
        await test.engine.close()
    }

    @Test func whoHasNoAccountIsSomebodyToo() async throws {
        let test = try await TestEngine.open()
        let me = try await test.send(GetCurrentUser())
        #expect(me.email == TestEngine.admin.name && me.id == TestEngine.admin.id)
        #expect(me.roles == [.superAdmin] && me.permissions == Permission.allCases)
        #expect(await code { _ = try await test.send(Logout()) } == .badRequest)
        #expect(
            await code {
                _ = try await test.send(
                    ChangePassword(currentPassword: "x", newPassword: TestEngine.password))
            } == .badRequest)
        #expect(
            await code { _ = try await test.send(GetCurrentUser(), as: .anonymous()) }
                == .unauthorized)
        await test.engine.close()
    }

    // MARK: - The first administrator

    private static let first = AccountSettings.FirstAdministrator(
        email: "root@example.com", password: TestEngine.password)

    @Test func theFirstAdministratorIsMadeOnce() async throws {
        let test = try await TestEngine.open { $0.accounts.firstAdministrator = Self.first }
        #expect(await test.engine.hasAdministrator())
        #expect(try await test.session("root@example.com").roles == [.superAdmin])
        await test.engine.close()
        var other = Self.first
        other.email = "other@example.com"
        let again = try await TestEngine.open(in: test.directory, seed: 2) {
            $0.accounts.firstAdministrator = other
        }
        #expect(try await again.send(ListUsers()).items.map(\.email) == ["root@example.com"])
        await again.engine.close()
    }

    @Test func withoutAnAdministratorItSaysSo() async throws {
        let test = try await TestEngine.open()
        try await test.account("ann@example.com")
        #expect(await !test.engine.hasAdministrator())
        try await test.account("root@example.com", [.superAdmin])
        #expect(await test.engine.hasAdministrator())
        await test.engine.close()
    }

    @Test func whoRegisteredFirstIsNoAdministratorByThat() async throws {
        let test = try await TestEngine.open()
        try await test.account("Root@example.com")
        await test.engine.close()
        let error = await #expect(throws: EngineError.self) {
            _ = try await TestEngine.open(in: test.directory, seed: 2) {
                $0.accounts.firstAdministrator = Self.first
            }
        }
        #expect(error?.reason == .configuration)
        #expect(error?.message.contains("has an account already") == true)
    }

    @Test func anUnfitFirstAdministratorIsNamed() async throws {
        var first = Self.first
        first.password = "short"
        let error = await #expect(throws: EngineError.self) {
            _ = try await TestEngine.open { $0.accounts.firstAdministrator = first }
        }
        #expect(error?.message.contains("AUTERITY_ADMIN_PASSWORD must have 8 to 72") == true)
    }
}
