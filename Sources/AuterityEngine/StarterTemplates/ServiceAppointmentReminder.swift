extension StarterTemplate {
    static let serviceAppointmentReminder = #"""
        {
          "name": "Service Appointment Reminder",
          "category": "service",
          "description": "Reminds a customer some hours before the appointment, tells the service \#
        desk, and asks afterwards how it went.",
          "parameters": [
            {"name": "dealership_name", "description": "How the dealership signs its messages",
             "parameter_type": "string", "is_required": true, "min_length": 2, "max_length": 80},
            {"name": "phone", "description": "Where customers can call",
             "parameter_type": "phone", "is_required": true},
            {"name": "service_email", "description": "The service desk",
             "parameter_type": "email", "is_required": true},
            {"name": "hours_before", "description": "Hours before the appointment",
             "parameter_type": "integer", "default_value": 24, "minimum": 1, "maximum": 336},
            {"name": "ask_afterwards", "description": "Whether to ask the customer how it went",
             "parameter_type": "boolean", "default_value": true},
            {"name": "hours_after", "description": "Hours after the appointment to ask",
             "parameter_type": "integer", "default_value": 24, "minimum": 1, "maximum": 336}
          ],
          "definition": {
            "nodes": [
              {"id": "start", "type": "start", "position": {"x": 0, "y": 160},
               "data": {
                 "label": "Appointment made",
                 "input_schema": {
                   "type": "object",
                   "required": ["customer_name", "customer_email", "vehicle", "appointment_at"],
                   "properties": {
                     "customer_name": {"type": "string", "title": "Customer's name",
                       "minLength": 1, "maxLength": 120},
                     "customer_email": {"type": "string", "format": "email",
                       "title": "Customer's email"},
                     "vehicle": {"type": "string", "title": "Vehicle", "minLength": 2},
                     "appointment_at": {"type": "string", "format": "date-time",
                       "title": "Appointment", "description": "Such as 2026-01-31T09:00:00Z"}
                   }
                 }
               }},
              {"id": "wait_before", "type": "delay", "position": {"x": 260, "y": 160},
               "data": {
                 "label": "Until {{hours_before}} hours before",
                 "until": "timestamp(appointment_at) - duration(string(params.hours_before) + 'h')"
               }},
              {"id": "remind", "type": "email", "position": {"x": 520, "y": 60},
               "data": {
                 "label": "Remind the customer",
                 "to": "{{ customer_email }}",
                 "template": "appointment_reminder",
                 "timeout": 30, "retry": {"max_attempts": 5, "initial_interval": 10}
               }},
              {"id": "tell_desk", "type": "email", "position": {"x": 520, "y": 280},
               "data": {
                 "label": "Tell the service desk",
                 "to": "{{service_email}}",
                 "subject": "Appointment at {{ appointment_at }}: {{ customer_name }}",
                 "body": "{{ customer_name }} comes with {{ vehicle }} at {{ appointment_at }}.",
                 "timeout": 30, "retry": {"max_attempts": 3, "initial_interval": 10},
                 "on_error": "continue"
               }},
              {"id": "reminded", "type": "merge", "position": {"x": 780, "y": 160},
               "data": {"label": "Reminded"}},
              {"id": "ask", "type": "condition", "position": {"x": 1040, "y": 160},
               "data": {"label": "Ask afterwards?", "expression": "params.ask_afterwards"}},
              {"id": "wait_after", "type": "delay", "position": {"x": 1300, "y": 60},
               "data": {
                 "label": "Until {{hours_after}} hours after",
                 "until": "timestamp(appointment_at) + duration(string(params.hours_after) + 'h')"
               }},
              {"id": "ask_customer", "type": "email", "position": {"x": 1560, "y": 60},
               "data": {
                 "label": "Ask how it went",
                 "to": "{{ customer_email }}",
                 "subject": "How was your visit?",
                 "body": "Hello {{ customer_name }},\n\nwe hope that your {{ vehicle }} runs \#
        well. Was everything as you expected? Just reply to this message.\n\n\#
        With kind regards\n{{dealership_name}}",
                 "timeout": 30, "retry": {"max_attempts": 5, "initial_interval": 10}
               }},
              {"id": "done", "type": "end", "position": {"x": 1820, "y": 160},
               "data": {
                 "label": "Done",
                 "output": {
                   "reminded": true,
                   "reminder_id": "steps.remind.output.email_id",
                   "asked": "steps.ask.output.result"
                 }
               }}
            ],
            "edges": [
              {"id": "e1", "source": "start", "target": "wait_before"},
              {"id": "e2", "source": "wait_before", "target": "remind"},
              {"id": "e3", "source": "wait_before", "target": "tell_desk"},
              {"id": "e4", "source": "remind", "target": "reminded"},
              {"id": "e5", "source": "tell_desk", "target": "reminded"},
              {"id": "e6", "source": "reminded", "target": "ask"},
              {"id": "e7", "source": "ask", "target": "wait_after", "source_handle": "true"},
              {"id": "e8", "source": "ask", "target": "done", "source_handle": "false"},
              {"id": "e9", "source": "wait_after", "target": "ask_customer"},
              {"id": "e10", "source": "ask_customer", "target": "done"}
            ]
          }
        }
        """#
}
