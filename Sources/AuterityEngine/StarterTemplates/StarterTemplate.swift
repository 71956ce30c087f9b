package import AuterityAPI

/// A template that a new store begins with.
package struct StarterTemplate: Sendable {
    package let name: String
    package let description: String
    package let category: String
    package let parameters: [TemplateParameter]
    package let definition: JSONValue

    /// The JSON texts of all of them, in the order in which they are loaded.
    private static let sources = [
        customerInquiryProcessing, serviceAppointmentScheduling, partsInquiryAndAvailability,
        salesLeadQualification, leadQualificationAndFollowUp, serviceAppointmentReminder,
        newInventoryAlert, dynamicPriceOptimization,
    ]

    /// Reads all of them.
    package static func load() throws -> [StarterTemplate] {
        try sources.map { try StarterTemplate(parsing: $0) }
    }

    private init(parsing source: String) throws {
        let json = try JSONValue(parsing: source)
        let content = try json.decoded(as: Content.self)
        name = content.name
        description = content.description
        category = content.category
        parameters = content.parameters
        definition = content.definition
    }

    private struct Content: Decodable {
        let name: String
        let description: String
        let category: String
        let parameters: [TemplateParameter]
        let definition: JSONValue
    }
}
