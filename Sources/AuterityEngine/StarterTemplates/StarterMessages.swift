package import AuterityAPI

/// The named messages that a new store begins with. Their holes see the names of the execution
/// that sends them.
package enum StarterMessages {
    package static let all = [
        followUp, inquiryReceived, appointmentConfirmed, appointmentReminder, nurture,
    ]

    /// Takes nothing but the address from the input, so that every workflow can send it.
    private static let followUp = NamedMessage(
        name: "follow_up_template",
        subject: "Thank you for getting in touch",
        text: """
            Hello{{ has(input.customer_name) ? ' ' + string(input.customer_name) : '' }},

            thank you for your interest. We would like to know whether there is anything that
            we can still do for you: a test drive, an offer, or simply an answer to a question.

            Just reply to this message, and one of us will get back to you.

            With kind regards
            Your team
            """)

    private static let inquiryReceived = NamedMessage(
        name: "inquiry_received",
        subject: "We have received your inquiry",
        text: """
            Hello {{ customer_name }},

            thank you for writing to us. Your inquiry has reached the right people, and you will
            hear from us within one working day.

            This is what you wrote:

            {{ inquiry }}

            With kind regards
            {{ params.dealership_name }}
            """)

    private static let appointmentConfirmed = NamedMessage(
        name: "appointment_confirmed",
        subject: "Your service appointment at {{ params.dealership_name }}",
        text: """
            Hello {{ customer_name }},

            your appointment is booked:

            What:    {{ service_type }}
            Vehicle: {{ vehicle }}
            When:    {{ booking.body.starts_at }}
            Number:  {{ booking.body.confirmation }}

            Should it not suit you any more, please reply to this message.

            With kind regards
            {{ params.dealership_name }}
            """)

    private static let appointmentReminder = NamedMessage(
        name: "appointment_reminder",
        subject: "A reminder of your appointment at {{ params.dealership_name }}",
        text: """
            Hello {{ customer_name }},

            we look forward to seeing you and your {{ vehicle }} at {{ appointment_at }}.

            Please bring the vehicle's papers and, if you have one, the service booklet. Should
            something have come between, call us at {{ params.phone }}.

            With kind regards
            {{ params.dealership_name }}
            """)

    private static let nurture = NamedMessage(
        name: "nurture_template",
        subject: "Still thinking about {{ interest }}?",
        text: """
            Hello {{ customer_name }},

            a while ago you asked us about {{ interest }}. There is no hurry; but if you would
            like to see it, drive it or compare it, we are happy to make time for you.

            With kind regards
            {{ params.dealership_name }}
            """)
}
