extension StarterTemplate {
    static let dynamicPriceOptimization = #"""
        {
          "name": "Dynamic Price Optimization",
          "category": "marketing",
          "description": "Compares a vehicle's price with the market and proposes a new one. A \#
        small change is made at once; a change beyond the limit needs an approval.",
          "parameters": [
            {"name": "market_url", "description": "The address of the market data's API, without \#
        a slash at its end",
             "parameter_type": "url", "is_required": true, "pattern": "https?://.*[^/]"},
            {"name": "inventory_url", "description": "The address of the stock's API, without a \#
        slash at its end",
             "parameter_type": "url", "is_required": true, "pattern": "https?://.*[^/]"},
            {"name": "inventory_key", "description": "The key of the stock's API",
             "parameter_type": "secret", "is_required": true, "min_length": 8},
            {"name": "pricing_email", "description": "Who is told of the change",
             "parameter_type": "email", "is_required": true},
            {"name": "approval_percent", "description": "A change beyond this, up or down, needs \#
        an approval, in per cent",
             "parameter_type": "number", "default_value": 5, "minimum": 0, "maximum": 50},
            {"name": "minimum_margin", "description": "What must remain above the cost, in per \#
        cent",
             "parameter_type": "number", "default_value": 3, "minimum": 0, "maximum": 100},
            {"name": "ai_model", "description": "The model that proposes the price, as \#
        provider/model, or auto",
             "parameter_type": "string", "default_value": "auto", "min_length": 1,
             "max_length": 100}
          ],
          "definition": {
            "nodes": [
              {"id": "start", "type": "start", "position": {"x": 0, "y": 200},
               "data": {
                 "label": "Vehicle to price",
                 "input_schema": {
                   "type": "object",
                   "required": ["stock_number", "make", "model", "year", "current_price", "cost"],
                   "properties": {
                     "stock_number": {"type": "string", "title": "Stock number", "minLength": 1,
                       "pattern": "^[A-Za-z0-9._-]+$"},
                     "make": {"type": "string", "title": "Make", "minLength": 1},
                     "model": {"type": "string", "title": "Model", "minLength": 1},
                     "year": {"type": "integer", "title": "Year", "minimum": 1950,
                       "maximum": 2100},
                     "current_price": {"type": "number", "title": "Price now",
                       "exclusiveMinimum": 0},
                     "cost": {"type": "number", "title": "Cost", "minimum": 0},
                     "days_in_stock": {"type": "integer", "title": "Days in stock",
                       "minimum": 0, "default": 0}
                   }
                 }
               }},
              {"id": "fetch_market", "type": "http", "position": {"x": 260, "y": 200},
               "data": {
                 "label": "Ask the market",
                 "method": "GET",
                 "url": "{{market_url}}/listings",
                 "query": {"make": "{{ make }}", "model": "{{ model }}", "year": "{{ year }}"},
                 "timeout": 20,
                 "retry": {"max_attempts": 4, "initial_interval": 2, "max_interval": 60},
                 "output_key": "market"
               }},
              {"id": "propose", "type": "ai", "position": {"x": 520, "y": 200},
               "data": {
                 "label": "Propose a price",
                 "model": "{{ai_model}}",
                 "system": "You price used cars. Answer with JSON only.",
                 "prompt": "Propose a price for this vehicle and give the reason in one sentence.\#
        \n\nVehicle: {{ year }} {{ make }} {{ model }}\nPrice now: {{ current_price }}\n\#
        Days in stock: {{ has(input.days_in_stock) ? input.days_in_stock : 0 }}\n\#
        Market: {{ market.body }}",
                 "temperature": 0,
                 "max_tokens": 300,
                 "max_cost": 0.05,
                 "response_schema": {
                   "type": "object",
                   "required": ["price", "reason"],
                   "properties": {
                     "price": {"type": "number", "exclusiveMinimum": 0},
                     "reason": {"type": "string"}
                   }
                 },
                 "timeout": 60,
                 "retry": {"max_attempts": 4, "initial_interval": 2, "max_interval": 60},
                 "output_key": "proposal"
               }},
              {"id": "reckon", "type": "transform", "position": {"x": 780, "y": 200},
               "data": {
                 "label": "Reckon the change",
                 "set": {
                   "price": "math.greatest(double(proposal.response.price), \#
        double(cost) * (1.0 + double(params.minimum_margin) / 100.0))",
                   "percent": "(math.greatest(double(proposal.response.price), \#
        double(cost) * (1.0 + double(params.minimum_margin) / 100.0)) - double(current_price)) \#
        / double(current_price) * 100.0"
                 },
                 "output_key": "change"
               }},
              {"id": "is_large", "type": "condition", "position": {"x": 1040, "y": 200},
               "data": {
                 "label": "More than {{approval_percent}} %?",
                 "expression": "math.abs(change.percent) > double(params.approval_percent)"
               }},
              {"id": "approve", "type": "approval", "position": {"x": 1300, "y": 340},
               "data": {
                 "label": "Approve the price",
                 "message": "Change the price of {{ stock_number }} ({{ year }} {{ make }} \#
        {{ model }}) from {{ current_price }} to {{ change.price }}?\n\n\#
        {{ proposal.response.reason }}",
                 "approvers": ["admin", "super_admin"],
                 "timeout": 172800,
                 "on_error": "branch"
               }},
              {"id": "set_price", "type": "http", "position": {"x": 1560, "y": 100},
               "data": {
                 "label": "Set the price",
                 "method": "PUT",
                 "url": "{{inventory_url}}/vehicles/{{ stock_number }}/price",
                 "headers": {"Authorization": "Bearer {{inventory_key}}"},
                 "body": {"price": "{{ change.price }}",
                   "reason": "{{ proposal.response.reason }}"},
                 "expected_status": "200-299",
                 "timeout": 20,
                 "retry": {"max_attempts": 5, "initial_interval": 5, "max_interval": 120}
               }},
              {"id": "keep_price", "type": "log", "position": {"x": 1560, "y": 340},
               "data": {
                 "label": "Keep the price",
                 "level": "info",
                 "message": "The price of {{ stock_number }} stays {{ current_price }}: a change \#
        to {{ change.price }} was not approved"
               }},
              {"id": "tell", "type": "email", "position": {"x": 1820, "y": 200},
               "data": {
                 "label": "Tell the pricing team",
                 "to": "{{pricing_email}}",
                 "subject": "{{ stock_number }}: price \#
        {{ steps.set_price.status == 'completed' ? 'changed' : 'kept' }}",
                 "body": "{{ year }} {{ make }} {{ model }}\nBefore: {{ current_price }}\n\#
        Proposed: {{ change.price }} ({{ change.percent }} %)\n\n{{ proposal.response.reason }}",
                 "timeout": 30, "retry": {"max_attempts": 4, "initial_interval": 5},
                 "on_error": "continue"
               }},
              {"id": "done", "type": "end", "position": {"x": 2080, "y": 200},
               "data": {
                 "label": "Done",
                 "output": {
                   "changed": "steps.set_price.status == 'completed'",
                   "price": "steps.set_price.status == 'completed' ? change.price : \#
        double(current_price)",
                   "percent": "change.percent"
                 }
               }}
            ],
            "edges": [
              {"id": "e1", "source": "start", "target": "fetch_market"},
              {"id": "e2", "source": "fetch_market", "target": "propose"},
              {"id": "e3", "source": "propose", "target": "reckon"},
              {"id": "e4", "source": "reckon", "target": "is_large"},
              {"id": "e5", "source": "is_large", "target": "approve", "source_handle": "true"},
              {"id": "e6", "source": "is_large", "target": "set_price", "source_handle": "false"},
              {"id": "e7", "source": "approve", "target": "set_price",
               "source_handle": "approved"},
              {"id": "e8", "source": "approve", "target": "keep_price",
               "source_handle": "rejected"},
              {"id": "e9", "source": "approve", "target": "keep_price",
               "source_handle": "error"},
              {"id": "e10", "source": "set_price", "target": "tell"},
              {"id": "e11", "source": "keep_price", "target": "tell"},
              {"id": "e12", "source": "tell", "target": "done"}
            ]
          }
        }
        """#
}
