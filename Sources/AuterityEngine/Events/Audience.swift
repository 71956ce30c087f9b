package import AuterityAPI

/// Who may be told of an event. It is held against the caller at the moment of telling, so that
/// a role that was taken away counts at once.
package enum Audience: Hashable, Sendable {
    /// The owner of the workflow and the starter of the execution.
    case execution(owner: UserID, starter: UserID)
    /// Who watches the system; where a workflow raised it, also who may see that workflow.
    case alert(workflowOwner: UserID?)
    /// Who may read figures. What they are told is made for each of them:
    /// see `Engine.event(_:for:)`.
    case figures

    package func admits(_ caller: Caller) -> Bool {
        switch self {
        case .execution(let owner, let starter):
            caller.may(.workflowRead)
                && (caller.may(.workflowReadAll) || caller.id == owner || caller.id == starter)
        case .alert(let owner):
            caller.may(.systemMonitor)
                || owner != nil && caller.may(.workflowRead)
                    && (caller.may(.workflowReadAll) || caller.id == owner)
        case .figures: caller.may(.metricsRead)
        }
    }
}

/// An event, and who may be told of it.
package struct AddressedEvent: Hashable, Sendable {
    package let event: Event
    package let audience: Audience

    package init(event: Event, audience: Audience) {
        self.event = event
        self.audience = audience
    }
}

/// What a reader of all events is handed.
package enum AddressedDelivery: Hashable, Sendable {
    case event(AddressedEvent)
    /// Events were lost to this reader: read everything afresh.
    case resynchronize
}
