extension StarterTemplate {
    static let newInventoryAlert = #"""
        {
          "name": "New Inventory Alert",
          "category": "inventory",
          "description": "Writes the announcement of a vehicle that has come in, lets a person \#
        look at it, and gives it to the campaign system for the customers who wait for such a one.",
          "parameters": [
            {"name": "dealership_name", "description": "How the dealership signs its messages",
             "parameter_type": "string", "is_required": true, "min_length": 2, "max_length": 80},
            {"name": "sales_email", "description": "The sales team",
             "parameter_type": "email", "is_required": true},
            {"name": "campaign_url", "description": "The address of the campaign system's API, \#
        without a slash at its end",
             "parameter_type": "url", "is_required": true, "pattern": "https?://.*[^/]"},
            {"name": "campaign_key", "description": "The key of the campaign system's API",
             "parameter_type": "secret", "is_required": true, "min_length": 8},
            {"name": "tone", "description": "How the announcement sounds",
             "parameter_type": "select", "default_value": "friendly",
             "options": ["friendly", "factual", "enthusiastic"]},
            {"name": "needs_review", "description": "Whether a person must approve the text \#
        before it goes out",
             "parameter_type": "boolean", "default_value": true},
            {"name": "channels", "description": "Where it is announced",
             "parameter_type": "array", "default_value": ["email"], "min_items": 1,
             "max_items": 5},
            {"name": "ai_model", "description": "The model that writes it, as provider/model, or \#
        auto",
             "parameter_type": "string", "default_value": "auto", "min_length": 1,
             "max_length": 100}
          ],
          "definition": {
            "nodes": [
              {"id": "start", "type": "start", "position": {"x": 0, "y": 160},
               "data": {
                 "label": "Vehicle came in",
                 "input_schema": {
                   "type": "object",
                   "required": ["make", "model", "year", "price", "stock_number"],
                   "properties": {
                     "make": {"type": "string", "title": "Make", "minLength": 1},
                     "model": {"type": "string", "title": "Model", "minLength": 1},
                     "year": {"type": "integer", "title": "Year", "minimum": 1950,
                       "maximum": 2100},
                     "price": {"type": "number", "title": "Price", "exclusiveMinimum": 0},
                     "stock_number": {"type": "string", "title": "Stock number", "minLength": 1},
                     "mileage": {"type": "integer", "title": "Mileage", "minimum": 0,
                       "default": 0},
                     "highlights": {"type": "string", "title": "Highlights", "default": "",
                       "maxLength": 2000}
                   }
                 }
               }},
              {"id": "write", "type": "ai", "position": {"x": 260, "y": 160},
               "data": {
                 "label": "Write the announcement",
                 "model": "{{ai_model}}",
                 "system": "You write for the customers of a car dealership. Say only what you \#
        are told; promise nothing. Answer with JSON only.",
                 "prompt": "Write a {{tone}} announcement of at most 80 words, with a subject \#
        line.\n\nVehicle: {{ year }} {{ make }} {{ model }}\nPrice: {{ price }}\nMileage: \#
        {{ has(input.mileage) ? input.mileage : 0 }}\nHighlights: \#
        {{ has(input.highlights) ? input.highlights : '' }}",
                 "temperature": 0.7,
                 "max_tokens": 400,
                 "max_cost": 0.05,
                 "response_schema": {
                   "type": "object",
                   "required": ["subject", "text"],
                   "properties": {
                     "subject": {"type": "string", "minLength": 1, "maxLength": 120},
                     "text": {"type": "string", "minLength": 1}
                   }
                 },
                 "timeout": 90,
                 "retry": {"max_attempts": 4, "initial_interval": 2, "max_interval": 60},
                 "output_key": "announcement"
               }},
              {"id": "review", "type": "condition", "position": {"x": 520, "y": 160},
               "data": {"label": "Look at it first?", "expression": "params.needs_review"}},
              {"id": "approve", "type": "approval", "position": {"x": 780, "y": 300},
               "data": {
                 "label": "Approve the text",
                 "message": "Announce {{ stock_number }} to customers?\n\n\#
        {{ announcement.response.subject }}\n\n{{ announcement.response.text }}",
                 "timeout": 259200,
                 "on_error": "branch"
               }},
              {"id": "announce", "type": "http", "position": {"x": 1040, "y": 60},
               "data": {
                 "label": "Start the campaign",
                 "method": "POST",
                 "url": "{{campaign_url}}/campaigns",
                 "headers": {"Authorization": "Bearer {{campaign_key}}"},
                 "body": {
                   "subject": "{{ announcement.response.subject }}",
                   "text": "{{ announcement.response.text }}",
                   "channels": "{{channels}}",
                   "audience": {"make": "{{ make }}", "model": "{{ model }}",
                     "maximum_price": "{{ price }}"}
                 },
                 "expected_status": "200-299",
                 "timeout": 30,
                 "retry": {"max_attempts": 5, "initial_interval": 5, "max_interval": 120},
                 "output_key": "campaign"
               }},
              {"id": "tell_sales", "type": "email", "position": {"x": 1300, "y": 60},
               "data": {
                 "label": "Tell the sales team",
                 "to": "{{sales_email}}",
                 "subject": "Announced: {{ year }} {{ make }} {{ model }}",
                 "body": "{{ stock_number }} was announced to customers who wait for such a \#
        vehicle.\n\n{{ announcement.response.text }}\n\n{{dealership_name}}",
                 "timeout": 30, "retry": {"max_attempts": 4, "initial_interval": 5},
                 "on_error": "continue"
               }},
              {"id": "held_back", "type": "log", "position": {"x": 1040, "y": 300},
               "data": {
                 "label": "Held back",
                 "level": "warning",
                 "message": "The announcement of {{ stock_number }} was not approved"
               }},
              {"id": "done", "type": "end", "position": {"x": 1560, "y": 160},
               "data": {
                 "label": "Done",
                 "output": {
                   "announced": "steps.announce.status == 'completed'",
                   "subject": "announcement.response.subject"
                 }
               }}
            ],
            "edges": [
              {"id": "e1", "source": "start", "target": "write"},
              {"id": "e2", "source": "write", "target": "review"},
              {"id": "e3", "source": "review", "target": "approve", "source_handle": "true"},
              {"id": "e4", "source": "review", "target": "announce", "source_handle": "false"},
              {"id": "e5", "source": "approve", "target": "announce",
               "source_handle": "approved"},
              {"id": "e6", "source": "approve", "target": "held_back",
               "source_handle": "rejected"},
              {"id": "e7", "source": "approve", "target": "held_back", "source_handle": "error"},
              {"id": "e8", "source": "announce", "target": "tell_sales"},
              {"id": "e9", "source": "tell_sales", "target": "done"},
              {"id": "e10", "source": "held_back", "target": "done"}
            ]
          }
        }
        """#
}
