extension StarterTemplate {
    static let salesLeadQualification = #"""
        {
          "name": "Sales Lead Qualification",
          "category": "sales",
          "description": "Rates a lead as hot, warm or cold, and hands it to the right people. \#
        Without an answer of the AI the budget and the time frame decide.",
          "parameters": [
            {"name": "dealership_name", "description": "How the dealership signs its messages",
             "parameter_type": "string", "is_required": true, "min_length": 2, "max_length": 80},
            {"name": "sales_email", "description": "The sales team, for hot and warm leads",
             "parameter_type": "email", "is_required": true},
            {"name": "minimum_budget", "description": "What a lead must be ready to spend to \#
        count as hot",
             "parameter_type": "number", "default_value": 20000, "minimum": 0,
             "maximum": 10000000},
            {"name": "ai_model", "description": "The model that rates the lead, as \#
        provider/model, or auto",
             "parameter_type": "string", "default_value": "auto", "min_length": 1,
             "max_length": 100}
          ],
          "definition": {
            "nodes": [
              {"id": "start", "type": "start", "position": {"x": 0, "y": 200},
               "data": {
                 "label": "Lead for {{dealership_name}}",
                 "input_schema": {
                   "type": "object",
                   "required": ["customer_name", "customer_email", "interest", "budget"],
                   "properties": {
                     "customer_name": {"type": "string", "title": "Customer's name",
                       "minLength": 1, "maxLength": 120},
                     "customer_email": {"type": "string", "format": "email",
                       "title": "Customer's email"},
                     "interest": {"type": "string", "title": "Interested in", "minLength": 2,
                       "maxLength": 2000, "description": "The vehicle, or what they wrote"},
                     "budget": {"type": "number", "title": "Budget", "minimum": 0},
                     "timeframe": {"type": "string", "title": "Wants to buy", "default": "unknown",
                       "enum": ["now", "this month", "this quarter", "later", "unknown"]}
                   }
                 }
               }},
              {"id": "rate", "type": "ai", "position": {"x": 260, "y": 200},
               "data": {
                 "label": "Rate the lead",
                 "model": "{{ai_model}}",
                 "system": "You qualify leads of a car dealership. Answer with JSON only.",
                 "prompt": "Rate this lead as hot (wants to buy soon and can), warm (interested) \#
        or cold, and give the reason in one sentence.\n\nInterested in: {{ interest }}\n\#
        Budget: {{ budget }}\nTime frame: {{ has(input.timeframe) ? input.timeframe : 'unknown' }}",
                 "temperature": 0,
                 "max_tokens": 200,
                 "max_cost": 0.05,
                 "response_schema": {
                   "type": "object",
                   "required": ["rating", "reason"],
                   "properties": {
                     "rating": {"enum": ["hot", "warm", "cold"]},
                     "reason": {"type": "string"}
                   }
                 },
                 "timeout": 60,
                 "retry": {"max_attempts": 3, "initial_interval": 2, "max_interval": 30},
                 "on_error": "branch"
               }},
              {"id": "by_rule", "type": "transform", "position": {"x": 520, "y": 360},
               "data": {
                 "label": "Rate by rule",
                 "set": {
                   "rating": "double(budget) >= double(params.minimum_budget) ? \#
        (has(input.timeframe) && input.timeframe in ['now', 'this month'] ? 'hot' : 'warm') : \#
        'cold'",
                   "reason": "'rated by budget and time frame, since the AI gave no answer'"
                 }
               }},
              {"id": "rated", "type": "transform", "position": {"x": 780, "y": 200},
               "data": {
                 "label": "Rating",
                 "set": {
                   "rating": "steps.rate.status == 'completed' ? \#
        steps.rate.output.response.rating : steps.by_rule.output.rating",
                   "reason": "steps.rate.status == 'completed' ? \#
        steps.rate.output.response.reason : steps.by_rule.output.reason"
                 },
                 "output_key": "lead"
               }},
              {"id": "which", "type": "switch", "position": {"x": 1040, "y": 200},
               "data": {
                 "label": "How good is it?",
                 "expression": "lead.rating",
                 "cases": ["hot", "warm"]
               }},
              {"id": "alert", "type": "notify", "position": {"x": 1300, "y": 0},
               "data": {
                 "label": "Call at once",
                 "severity": "warning",
                 "message": "Hot lead: {{ customer_name }}, {{ interest }} ({{ lead.reason }})"
               }},
              {"id": "tell_sales", "type": "email", "position": {"x": 1300, "y": 160},
               "data": {
                 "label": "Hand to sales",
                 "to": "{{sales_email}}",
                 "subject": "{{ lead.rating.upperAscii() }} lead: {{ customer_name }}",
                 "body": "{{ lead.reason }}\n\nName: {{ customer_name }}\nEmail: \#
        {{ customer_email }}\nInterested in: {{ interest }}\nBudget: {{ budget }}",
                 "timeout": 30, "retry": {"max_attempts": 4, "initial_interval": 5}
               }},
              {"id": "keep", "type": "log", "position": {"x": 1300, "y": 320},
               "data": {
                 "label": "Keep for later",
                 "level": "info",
                 "message": "Cold lead {{ customer_email }}: {{ lead.reason }}"
               }},
              {"id": "done", "type": "end", "position": {"x": 1560, "y": 200},
               "data": {
                 "label": "Qualified",
                 "output": {"rating": "lead.rating", "reason": "lead.reason"}
               }}
            ],
            "edges": [
              {"id": "e1", "source": "start", "target": "rate"},
              {"id": "e2", "source": "rate", "target": "rated"},
              {"id": "e3", "source": "rate", "target": "by_rule", "source_handle": "error"},
              {"id": "e4", "source": "by_rule", "target": "rated"},
              {"id": "e5", "source": "rated", "target": "which"},
              {"id": "e6", "source": "which", "target": "alert", "source_handle": "hot"},
              {"id": "e7", "source": "which", "target": "tell_sales", "source_handle": "hot"},
              {"id": "e8", "source": "which", "target": "tell_sales", "source_handle": "warm"},
              {"id": "e9", "source": "which", "target": "keep", "source_handle": "default"},
              {"id": "e10", "source": "alert", "target": "done"},
              {"id": "e11", "source": "tell_sales", "target": "done"},
              {"id": "e12", "source": "keep", "target": "done"}
            ]
          }
        }
        """#
}
