/// The list of all endpoints: server routes, permissions and documentation are made from it.
public enum Endpoints {
    public static let all: [any Endpoint.Type] = [
        CreateWorkflow.self, ListWorkflows.self, GetWorkflow.self, ReplaceWorkflow.self,
        UpdateWorkflow.self, DeleteWorkflow.self, DuplicateWorkflow.self,
        ListWorkflowVersions.self, GetWorkflowVersion.self, ValidateDefinition.self,
        ExecuteWorkflow.self, ListExecutions.self, GetExecution.self, ListJournal.self,
        CancelExecution.self, RetryExecution.self, ApproveExecution.self,
        ListTemplates.self, GetTemplate.self, CreateTemplate.self, ReplaceTemplate.self,
        DeleteTemplate.self, InstantiateTemplate.self, PreviewTemplate.self,
        ListLogs.self, ListExecutionLogs.self, CreateLogs.self,
        GetHealth.self, GetMetrics.self, GetMetricsHistory.self, ListAlerts.self,
        AcknowledgeAlert.self,
        Register.self, Login.self, RequestToken.self, GetCurrentUser.self, RefreshToken.self,
        Logout.self, ChangePassword.self, CreateCrossSystemToken.self,
        ListUsers.self, CreateUser.self, GetUser.self, UpdateUser.self, DeleteUser.self,
        ListRoles.self, ListAudit.self,
        ListMessages.self, GetMessage.self, PutMessage.self, DeleteMessage.self,
        ListSecrets.self, PutSecret.self, DeleteSecret.self,
        RemoveDemo.self,
    ]
}
