extension StarterTemplate {
    static let leadQualificationAndFollowUp = #"""
        {
          "name": "Lead Qualification & Follow-up",
          "category": "sales",
          "description": "Scores a lead from 0 to 100. A good one is followed up at once and \#
        shown to the sales team, any other gets a friendly message after some days; either way \#
        the CRM learns of it.",
          "parameters": [
            {"name": "dealership_name", "description": "How the dealership signs its messages",
             "parameter_type": "string", "is_required": true, "min_length": 2, "max_length": 80},
            {"name": "sales_email", "description": "The sales team",
             "parameter_type": "email", "is_required": true},
            {"name": "crm_url", "description": "The address of the CRM's API, without a slash at \#
        its end",
             "parameter_type": "url", "is_required": true, "pattern": "https?://.*[^/]"},
            {"name": "crm_key", "description": "The key of the CRM's API",
             "parameter_type": "secret", "is_required": true, "min_length": 8},
            {"name": "score_threshold", "description": "Leads with a score above this are good",
             "parameter_type": "integer", "default_value": 70, "minimum": 0, "maximum": 100},
            {"name": "nurture_days", "description": "Days until the others are written to",
             "parameter_type": "integer", "default_value": 3, "minimum": 0, "maximum": 90},
            {"name": "ai_model", "description": "The model that scores the lead, as \#
        provider/model, or auto",
             "parameter_type": "string", "default_value": "auto", "min_length": 1,
             "max_length": 100}
          ],
          "definition": {
            "nodes": [
              {"id": "start", "type": "start", "position": {"x": 0, "y": 200},
               "data": {
                 "label": "New lead",
                 "input_schema": {
                   "type": "object",
                   "required": ["customer_name", "customer_email", "interest"],
                   "properties": {
                     "customer_name": {"type": "string", "title": "Customer's name",
                       "minLength": 1, "maxLength": 120},
                     "customer_email": {"type": "string", "format": "email",
                       "title": "Customer's email"},
                     "interest": {"type": "string", "title": "Interested in", "minLength": 2,
                       "maxLength": 2000},
                     "budget": {"type": "number", "title": "Budget", "minimum": 0, "default": 0},
                     "source": {"type": "string", "title": "Where it came from",
                       "default": "web", "maxLength": 60}
                   }
                 }
               }},
              {"id": "score_lead", "type": "ai", "position": {"x": 260, "y": 200},
               "data": {
                 "label": "Score the lead",
                 "model": "{{ai_model}}",
                 "system": "You qualify leads of a car dealership. Answer with JSON only.",
                 "prompt": "How likely is it that this lead buys within three months, from 0 to \#
        100? Give the reason in one sentence.\n\nInterested in: {{ interest }}\nBudget: \#
        {{ has(input.budget) ? input.budget : 0 }}\nSource: \#
        {{ has(input.source) ? input.source : 'unknown' }}",
                 "temperature": 0,
                 "max_tokens": 200,
                 "max_cost": 0.05,
                 "response_schema": {
                   "type": "object",
                   "required": ["score", "reason"],
                   "properties": {
                     "score": {"type": "integer", "minimum": 0, "maximum": 100},
                     "reason": {"type": "string"}
                   }
                 },
                 "timeout": 60,
                 "retry": {"max_attempts": 4, "initial_interval": 2, "max_interval": 60},
                 "output_key": "assessment"
               }},
              {"id": "is_good", "type": "condition", "position": {"x": 520, "y": 200},
               "data": {
                 "label": "Score over {{score_threshold}}?",
                 "expression": "assessment.response.score > params.score_threshold"
               }},
              {"id": "follow_up", "type": "email", "position": {"x": 780, "y": 60},
               "data": {
                 "label": "Follow up at once",
                 "to": "{{ customer_email }}",
                 "template": "follow_up_template",
                 "timeout": 30, "retry": {"max_attempts": 4, "initial_interval": 5}
               }},
              {"id": "tell_sales", "type": "email", "position": {"x": 1040, "y": 60},
               "data": {
                 "label": "Show it to sales",
                 "to": "{{sales_email}}",
                 "subject": "Good lead ({{ assessment.response.score }}): {{ customer_name }}",
                 "body": "{{ assessment.response.reason }}\n\nEmail: {{ customer_email }}\n\#
        Interested in: {{ interest }}",
                 "timeout": 30, "retry": {"max_attempts": 4, "initial_interval": 5}
               }},
              {"id": "wait", "type": "delay", "position": {"x": 780, "y": 340},
               "data": {
                 "label": "Wait {{nurture_days}} days",
                 "seconds": "{{ params.nurture_days * 86400 }}"
               }},
              {"id": "nurture", "type": "email", "position": {"x": 1040, "y": 340},
               "data": {
                 "label": "Write a friendly message",
                 "to": "{{ customer_email }}",
                 "template": "nurture_template",
                 "timeout": 30, "retry": {"max_attempts": 4, "initial_interval": 5}
               }},
              {"id": "update_crm", "type": "http", "position": {"x": 1300, "y": 200},
               "data": {
                 "label": "Update the CRM",
                 "method": "POST",
                 "url": "{{crm_url}}/leads",
                 "headers": {"Authorization": "Bearer {{crm_key}}"},
                 "body": {
                   "name": "{{ customer_name }}",
                   "email": "{{ customer_email }}",
                   "interest": "{{ interest }}",
                   "score": "{{ assessment.response.score }}",
                   "reason": "{{ assessment.response.reason }}",
                   "stage": "{{ steps.is_good.output.result ? 'qualified' : 'nurture' }}"
                 },
                 "expected_status": "200-299",
                 "timeout": 20,
                 "retry": {"max_attempts": 5, "initial_interval": 5, "max_interval": 300}
               }},
              {"id": "done", "type": "end", "position": {"x": 1560, "y": 200},
               "data": {
                 "label": "Done",
                 "output": {
                   "score": "assessment.response.score",
                   "qualified": "steps.is_good.output.result",
                   "crm_status": "steps.update_crm.output.status"
                 }
               }}
            ],
            "edges": [
              {"id": "e1", "source": "start", "target": "score_lead"},
              {"id": "e2", "source": "score_lead", "target": "is_good"},
              {"id": "e3", "source": "is_good", "target": "follow_up", "source_handle": "true"},
              {"id": "e4", "source": "is_good", "target": "wait", "source_handle": "false"},
              {"id": "e5", "source": "follow_up", "target": "tell_sales"},
              {"id": "e6", "source": "tell_sales", "target": "update_crm"},
              {"id": "e7", "source": "wait", "target": "nurture"},
              {"id": "e8", "source": "nurture", "target": "update_crm"},
              {"id": "e9", "source": "update_crm", "target": "done"}
            ]
          }
        }
        """#
}
