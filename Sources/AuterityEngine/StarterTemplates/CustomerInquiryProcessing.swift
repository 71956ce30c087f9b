extension StarterTemplate {
    static let customerInquiryProcessing = #"""
        {
          "name": "Customer Inquiry Processing",
          "category": "sales",
          "description": "Reads an inquiry, passes it to the department that it is for, raises an \#
        alert when it is urgent, and tells the customer that it was received.",
          "parameters": [
            {"name": "dealership_name", "description": "How the dealership signs its messages",
             "parameter_type": "string", "is_required": true, "min_length": 2, "max_length": 80},
            {"name": "sales_email", "description": "Where inquiries about buying go",
             "parameter_type": "email", "is_required": true},
            {"name": "service_email", "description": "Where inquiries about service go",
             "parameter_type": "email", "is_required": true},
            {"name": "parts_email", "description": "Where inquiries about parts go",
             "parameter_type": "email", "is_required": true},
            {"name": "front_desk_email", "description": "Where everything else goes, and what \#
        could not be understood",
             "parameter_type": "email", "is_required": true},
            {"name": "ai_model", "description": "The model that reads the inquiry, as \#
        provider/model, or auto",
             "parameter_type": "string", "default_value": "auto", "min_length": 1,
             "max_length": 100}
          ],
          "definition": {
            "nodes": [
              {"id": "start", "type": "start", "position": {"x": 0, "y": 200},
               "data": {
                 "label": "Inquiry received",
                 "input_schema": {
                   "type": "object",
                   "required": ["customer_name", "customer_email", "inquiry"],
                   "properties": {
                     "customer_name": {"type": "string", "title": "Customer's name",
                       "minLength": 1, "maxLength": 120},
                     "customer_email": {"type": "string", "format": "email",
                       "title": "Customer's email"},
                     "inquiry": {"type": "string", "title": "Inquiry", "minLength": 3,
                       "maxLength": 10000, "description": "What the customer wrote"},
                     "channel": {"type": "string", "title": "Channel", "default": "web",
                       "enum": ["web", "email", "phone", "chat", "walk-in"],
                       "description": "How it came in"}
                   }
                 }
               }},
              {"id": "classify", "type": "ai", "position": {"x": 260, "y": 200},
               "data": {
                 "label": "Understand the inquiry",
                 "model": "{{ai_model}}",
                 "system": "You sort the mail of a car dealership. Answer with JSON only.",
                 "prompt": "Which department is this inquiry for (sales, service, parts or other)\#
        , how urgent is it (low, normal or high), and what does the customer want, in one sentence\#
        ?\n\nFrom: {{ customer_name }}\nInquiry:\n{{ inquiry }}",
                 "temperature": 0,
                 "max_tokens": 300,
                 "max_cost": 0.05,
                 "response_schema": {
                   "type": "object",
                   "required": ["department", "urgency", "summary"],
                   "properties": {
                     "department": {"enum": ["sales", "service", "parts", "other"]},
                     "urgency": {"enum": ["low", "normal", "high"]},
                     "summary": {"type": "string"}
                   }
                 },
                 "timeout": 60,
                 "retry": {"max_attempts": 3, "initial_interval": 2, "max_interval": 30},
                 "on_error": "branch"
               }},
              {"id": "not_understood", "type": "log", "position": {"x": 520, "y": 440},
               "data": {
                 "label": "Note that it was not understood",
                 "level": "warning",
                 "message": "The inquiry could not be sorted: {{ steps.classify.error.message }}"
               }},
              {"id": "department", "type": "switch", "position": {"x": 520, "y": 200},
               "data": {
                 "label": "Which department?",
                 "expression": "steps.classify.output.response.department",
                 "cases": ["sales", "service", "parts"]
               }},
              {"id": "tell_sales", "type": "email", "position": {"x": 780, "y": 0},
               "data": {
                 "label": "Pass to sales",
                 "to": "{{sales_email}}",
                 "subject": "Inquiry of {{ customer_name }}",
                 "body": "{{ steps.classify.output.response.summary }}\n\nReply to: \#
        {{ customer_email }}\n\n{{ inquiry }}",
                 "timeout": 30, "retry": {"max_attempts": 4, "initial_interval": 5}
               }},
              {"id": "tell_service", "type": "email", "position": {"x": 780, "y": 130},
               "data": {
                 "label": "Pass to service",
                 "to": "{{service_email}}",
                 "subject": "Inquiry of {{ customer_name }}",
                 "body": "{{ steps.classify.output.response.summary }}\n\nReply to: \#
        {{ customer_email }}\n\n{{ inquiry }}",
                 "timeout": 30, "retry": {"max_attempts": 4, "initial_interval": 5}
               }},
              {"id": "tell_parts", "type": "email", "position": {"x": 780, "y": 260},
               "data": {
                 "label": "Pass to parts",
                 "to": "{{parts_email}}",
                 "subject": "Inquiry of {{ customer_name }}",
                 "body": "{{ steps.classify.output.response.summary }}\n\nReply to: \#
        {{ customer_email }}\n\n{{ inquiry }}",
                 "timeout": 30, "retry": {"max_attempts": 4, "initial_interval": 5}
               }},
              {"id": "tell_front_desk", "type": "email", "position": {"x": 780, "y": 390},
               "data": {
                 "label": "Pass to the front desk",
                 "to": "{{front_desk_email}}",
                 "subject": "Inquiry of {{ customer_name }}",
                 "body": "Please see who should answer this.\n\nReply to: {{ customer_email }}\n\n\#
        {{ inquiry }}",
                 "timeout": 30, "retry": {"max_attempts": 4, "initial_interval": 5}
               }},
              {"id": "passed_on", "type": "merge", "position": {"x": 1040, "y": 200},
               "data": {"label": "Passed on"}},
              {"id": "urgent", "type": "condition", "position": {"x": 1300, "y": 80},
               "data": {
                 "label": "Urgent?",
                 "expression": "steps.classify.status == 'completed' && \#
        steps.classify.output.response.urgency == 'high'"
               }},
              {"id": "alert", "type": "notify", "position": {"x": 1560, "y": 0},
               "data": {
                 "label": "Raise an alert",
                 "severity": "warning",
                 "message": "Urgent inquiry of {{ customer_name }}: \#
        {{ steps.classify.output.response.summary }}"
               }},
              {"id": "confirm", "type": "email", "position": {"x": 1300, "y": 320},
               "data": {
                 "label": "Tell the customer",
                 "to": "{{ customer_email }}",
                 "template": "inquiry_received",
                 "timeout": 30, "retry": {"max_attempts": 4, "initial_interval": 5}
               }},
              {"id": "done", "type": "end", "position": {"x": 1820, "y": 200},
               "data": {
                 "label": "Done",
                 "output": {
                   "department": "steps.classify.status == 'completed' ? \#
        steps.classify.output.response.department : 'other'",
                   "urgent": "steps.urgent.output.result",
                   "confirmation_id": "steps.confirm.output.email_id"
                 }
               }}
            ],
            "edges": [
              {"id": "e1", "source": "start", "target": "classify"},
              {"id": "e2", "source": "classify", "target": "department"},
              {"id": "e3", "source": "classify", "target": "not_understood",
               "source_handle": "error"},
              {"id": "e4", "source": "department", "target": "tell_sales",
               "source_handle": "sales"},
              {"id": "e5", "source": "department", "target": "tell_service",
               "source_handle": "service"},
              {"id": "e6", "source": "department", "target": "tell_parts",
               "source_handle": "parts"},
              {"id": "e7", "source": "department", "target": "tell_front_desk",
               "source_handle": "default"},
              {"id": "e8", "source": "not_understood", "target": "tell_front_desk"},
              {"id": "e9", "source": "tell_sales", "target": "passed_on"},
              {"id": "e10", "source": "tell_service", "target": "passed_on"},
              {"id": "e11", "source": "tell_parts", "target": "passed_on"},
              {"id": "e12", "source": "tell_front_desk", "target": "passed_on"},
              {"id": "e13", "source": "passed_on", "target": "urgent"},
              {"id": "e14", "source": "passed_on", "target": "confirm"},
              {"id": "e15", "source": "urgent", "target": "alert", "source_handle": "true"},
              {"id": "e16", "source": "urgent", "target": "done", "source_handle": "false"},
              {"id": "e17", "source": "alert", "target": "done"},
              {"id": "e18", "source": "confirm", "target": "done"}
            ]
          }
        }
        """#
}
