import AuterityAPI

extension Accounts {
    /// Makes the account that the settings name, where no account is a `super_admin`.
    func makeFirstAdministrator(
        _ writer: Writer, _ store: any Store, at now: Timestamp, ids: IDSource
    ) async throws {
        guard let wanted = settings.firstAdministrator else { return }
        let isDone = try await store.read { try AccountRecords.hasAdministrator(in: $0) }
        if isDone { return }
        var faults = Faults()
        faults.email(wanted.email, at: "AUTERITY_ADMIN_EMAIL")
        faults.password(wanted.password, at: "AUTERITY_ADMIN_PASSWORD")
        if let fault = faults.list.first {
            throw EngineError(
                .configuration,
                "The first administrator could not be made: \(fault.field) \(fault.message).")
        }
        let hash = try await passwords.hash(wanted.password)
        let user = User(
            id: ids.next(at: now), email: wanted.email, firstName: "", lastName: "", company: "",
            isActive: true, createdAt: now, roles: [.superAdmin])
        do {
            try await writer.perform { context in
                try AccountRecords.insert(user, passwordHash: hash, in: context)
            }
        } catch is APIError {
            // Whoever registered it first must not become an administrator by that.
            throw EngineError(
                .configuration,
                "The first administrator could not be made: \(wanted.email) has an account "
                    + "already, with other roles. Set another AUTERITY_ADMIN_EMAIL, or make an "
                    + "administrator with `auterity user create`.")
        }
    }
}
