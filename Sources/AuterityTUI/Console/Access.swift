import AuterityAPI

/// What the user of this console may do.
struct Access: Hashable, Sendable {
    var permissions: Set<Permission>
    /// What the permissions come from; empty where nobody says so.
    var roles: Set<Role> = []
    var isReadOnly: Bool
    /// The profile that makes it read-only, where it is not the console itself.
    var readOnlyProfile: String?

    /// Whether a binding or a button is to be offered.
    func allows(_ permission: Permission?, changing: Bool) -> Bool {
        if changing && isReadOnly { return false }
        guard let permission else { return true }
        return permissions.contains(permission)
    }

    /// Why it is not offered, as a sentence; `nil` when it is.
    func refusal(_ permission: Permission?, changing: Bool) -> String? {
        if changing && isReadOnly {
            return readOnlyProfile.map {
                "The profile \($0) is read-only: nothing can be changed there."
            } ?? "The console is read-only; start it without --read-only to change things."
        }
        guard let permission, !permissions.contains(permission) else { return nil }
        return "This needs the permission \(permission.rawValue), \(Self.source(of: permission)); "
            + "\(mine)."
    }

    /// The roles that give a permission, the least of them first.
    private static func source(of permission: Permission) -> String {
        let roles = Role.allCases.filter { $0.permissions.contains(permission) }
            .sorted { $0.permissions.count < $1.permissions.count }.map(\.rawValue)
        guard let last = roles.last else { return "which no role has" }
        let names =
            roles.count == 1 ? last : roles.dropLast().joined(separator: ", ") + " or " + last
        return "which the role \(names) has"
    }

    private var mine: String {
        guard !roles.isEmpty else { return "ask an administrator for it" }
        let names = Role.allCases.filter(roles.contains).map(\.rawValue)
        return "you are \(names.joined(separator: " and "))"
    }
}
