import AuterityAPI
import Testing

@testable import AuterityEngine

@Suite struct StarterTemplateTests {
    private static let messages = Set(StarterMessages.all.map(\.name))

    @Test func thereAreTheEightWithTheirCategories() throws {
        let found = try StarterTemplate.load().map { "\($0.name) [\($0.category)]" }
        #expect(
            found == [
                "Customer Inquiry Processing [sales]", "Service Appointment Scheduling [service]",
                "Parts Inquiry and Availability [parts]", "Sales Lead Qualification [sales]",
                "Lead Qualification & Follow-up [sales]", "Service Appointment Reminder [service]",
                "New Inventory Alert [inventory]", "Dynamic Price Optimization [marketing]",
            ])
    }

    @Test func theyValidateWithoutErrorOrWarning() throws {
        for template in try StarterTemplate.load() {
            #expect(TemplateDeclaration.faults(of: template.parameters).isEmpty)
            var values = TemplateDeclaration.sampleValues(for: template.parameters)
            for parameter in template.parameters where parameter.parameterType == .secret {
                values[parameter.name] = "a long secret"
            }
            let filled = try TemplateFilling(
                template.definition, parameters: template.parameters, values: values)
            let validation = DefinitionValidation(
                filled.definition,
                in: DefinitionSurroundings(
                    parameters: Set(filled.parameters.keys), messages: Self.messages,
                    secrets: Set(filled.secrets.map(\.name))))
            #expect(validation.errors.isEmpty, "\(template.name): \(validation.errors)")
            #expect(validation.warnings.isEmpty, "\(template.name): \(validation.warnings)")
        }
    }

    @Test func everyBlankAndEveryInputIsExplained() throws {
        for template in try StarterTemplate.load() {
            #expect(!template.description.isEmpty)
            for parameter in template.parameters {
                #expect(parameter.description.count > 10, "\(template.name) \(parameter.name)")
                #expect(parameter.isRequired || parameter.defaultValue != nil)
            }
            let start = template.definition["nodes"]?.arrayValue?
                .first { $0["type"] == "start" }
            let properties = try #require(
                start?["data"]?["input_schema"]?["properties"]?.objectValue, "\(template.name)")
            for (name, property) in properties.map({ ($0.key, $0.value) }) {
                #expect(property["title"]?.stringValue != nil, "\(template.name) \(name)")
            }
        }
    }

    @Test func everyParameterIsUsed() throws {
        let messages = StarterMessages.all.map { $0.subject + $0.text }.joined()
        for template in try StarterTemplate.load() {
            let text = template.definition.jsonText
            for parameter in template.parameters {
                let name = parameter.name
                let isUsed =
                    text.contains("{{\(name)}}") || text.contains("params.\(name)")
                    || text.contains("\"template\":") && messages.contains("params.\(name)")
                #expect(isUsed, "\(template.name) \(name)")
            }
        }
    }

    @Test func theMessagesReadAsTemplates() throws {
        #expect(Self.messages.contains("follow_up_template"))
        #expect(Self.messages.count == StarterMessages.all.count)
        for message in StarterMessages.all {
            _ = try TextTemplate(message.subject)
            _ = try TextTemplate(message.text)
        }
    }

    @Test(arguments: [["customer_email": "a@b.co"], ["customer_name": "Ann"]] as [JSONObject])
    func theFollowUpNeedsNothingOfTheInput(input: JSONObject) throws {
        let message = try #require(
            StarterMessages.all.first { $0.name == "follow_up_template" })
        let scope = NamedValues(["input": .object(input)])
        let text = try TextTemplate(message.text).renderText(in: scope)
        #expect(text.hasPrefix(input["customer_name"] == nil ? "Hello,\n" : "Hello Ann,\n"))
    }
}
