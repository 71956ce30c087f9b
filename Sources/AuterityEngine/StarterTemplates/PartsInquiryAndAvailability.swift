extension StarterTemplate {
    static let partsInquiryAndAvailability = #"""
        {
          "name": "Parts Inquiry and Availability",
          "category": "parts",
          "description": "Looks a part up in the stock and reserves it; what is not there is \#
        ordered from the supplier, above a limit only after a manager has approved.",
          "parameters": [
            {"name": "dealership_name", "description": "How the dealership signs its messages",
             "parameter_type": "string", "is_required": true, "min_length": 2, "max_length": 80},
            {"name": "inventory_url", "description": "The address of the stock's API, without a \#
        slash at its end",
             "parameter_type": "url", "is_required": true, "pattern": "https?://.*[^/]"},
            {"name": "inventory_key", "description": "The key of the stock's API",
             "parameter_type": "secret", "is_required": true, "min_length": 8},
            {"name": "parts_email", "description": "The parts desk",
             "parameter_type": "email", "is_required": true},
            {"name": "approval_limit", "description": "Orders above this sum need an approval",
             "parameter_type": "number", "default_value": 500, "minimum": 0,
             "maximum": 1000000},
            {"name": "approval_hours", "description": "Hours that an approval may take",
             "parameter_type": "integer", "default_value": 48, "minimum": 1, "maximum": 720}
          ],
          "definition": {
            "nodes": [
              {"id": "start", "type": "start", "position": {"x": 0, "y": 200},
               "data": {
                 "label": "Part asked for",
                 "input_schema": {
                   "type": "object",
                   "required": ["customer_name", "customer_email", "part_number", "quantity"],
                   "properties": {
                     "customer_name": {"type": "string", "title": "Customer's name",
                       "minLength": 1, "maxLength": 120},
                     "customer_email": {"type": "string", "format": "email",
                       "title": "Customer's email"},
                     "part_number": {"type": "string", "title": "Part number", "minLength": 2,
                       "maxLength": 60, "pattern": "^[A-Za-z0-9._-]+$"},
                     "quantity": {"type": "integer", "title": "Quantity", "minimum": 1,
                       "maximum": 500, "default": 1},
                     "vehicle": {"type": "string", "title": "Vehicle", "default": "",
                       "description": "What it is for, if that is known"}
                   }
                 }
               }},
              {"id": "look_up", "type": "http", "position": {"x": 260, "y": 200},
               "data": {
                 "label": "Look into the stock",
                 "method": "GET",
                 "url": "{{inventory_url}}/parts/{{ part_number }}",
                 "headers": {"Authorization": "Bearer {{inventory_key}}"},
                 "timeout": 20,
                 "retry": {"max_attempts": 4, "initial_interval": 2, "max_interval": 30},
                 "output_key": "part"
               }},
              {"id": "in_stock", "type": "condition", "position": {"x": 520, "y": 200},
               "data": {
                 "label": "Is enough there?",
                 "expression": "int(part.body.available) >= quantity"
               }},
              {"id": "reserve", "type": "http", "position": {"x": 780, "y": 60},
               "data": {
                 "label": "Reserve it",
                 "method": "POST",
                 "url": "{{inventory_url}}/reservations",
                 "headers": {"Authorization": "Bearer {{inventory_key}}"},
                 "body": {"part_number": "{{ part_number }}", "quantity": "{{ quantity }}",
                   "customer_email": "{{ customer_email }}"},
                 "expected_status": [200, 201],
                 "timeout": 20,
                 "retry": {"max_attempts": 4, "initial_interval": 2, "max_interval": 30}
               }},
              {"id": "tell_ready", "type": "email", "position": {"x": 1040, "y": 60},
               "data": {
                 "label": "Tell that it is ready",
                 "to": "{{ customer_email }}",
                 "subject": "Your part {{ part_number }} is ready",
                 "body": "Hello {{ customer_name }},\n\n{{ quantity }} × {{ part_number }} is \#
        reserved for you and can be collected.\n\nWith kind regards\n{{dealership_name}}",
                 "timeout": 30, "retry": {"max_attempts": 4, "initial_interval": 5}
               }},
              {"id": "price", "type": "transform", "position": {"x": 780, "y": 340},
               "data": {
                 "label": "Reckon the order",
                 "set": {
                   "missing": "quantity - int(part.body.available)",
                   "total": "double(part.body.price) * double(quantity - \#
        int(part.body.available))"
                 },
                 "output_key": "order"
               }},
              {"id": "over_limit", "type": "condition", "position": {"x": 1040, "y": 340},
               "data": {
                 "label": "Above the limit?",
                 "expression": "order.total > double(params.approval_limit)"
               }},
              {"id": "approve", "type": "approval", "position": {"x": 1300, "y": 460},
               "data": {
                 "label": "Approve the order",
                 "message": "Order {{ order.missing }} × {{ part_number }} for \#
        {{ order.total }}, for {{ customer_name }}?",
                 "approvers": ["admin", "super_admin"],
                 "timeout": "{{ params.approval_hours * 3600 }}",
                 "on_error": "branch"
               }},
              {"id": "order_part", "type": "http", "position": {"x": 1560, "y": 340},
               "data": {
                 "label": "Order from the supplier",
                 "method": "POST",
                 "url": "{{inventory_url}}/orders",
                 "headers": {"Authorization": "Bearer {{inventory_key}}"},
                 "body": {"part_number": "{{ part_number }}", "quantity": "{{ order.missing }}"},
                 "expected_status": [200, 201, 202],
                 "timeout": 30,
                 "retry": {"max_attempts": 4, "initial_interval": 5, "max_interval": 60}
               }},
              {"id": "tell_ordered", "type": "email", "position": {"x": 1820, "y": 340},
               "data": {
                 "label": "Tell that it is ordered",
                 "to": "{{ customer_email }}",
                 "subject": "Your part {{ part_number }} is ordered",
                 "body": "Hello {{ customer_name }},\n\n{{ part_number }} was not in stock and \#
        has been ordered for you. We will write again when it is here.\n\n\#
        With kind regards\n{{dealership_name}}",
                 "timeout": 30, "retry": {"max_attempts": 4, "initial_interval": 5}
               }},
              {"id": "tell_desk", "type": "email", "position": {"x": 1560, "y": 560},
               "data": {
                 "label": "Tell the parts desk",
                 "to": "{{parts_email}}",
                 "subject": "Not ordered: {{ part_number }} for {{ customer_name }}",
                 "body": "The order of {{ order.missing }} × {{ part_number }} \#
        ({{ order.total }}) was not approved. Please talk to {{ customer_name }}, \#
        {{ customer_email }}.",
                 "timeout": 30, "retry": {"max_attempts": 4, "initial_interval": 5}
               }},
              {"id": "done", "type": "end", "position": {"x": 2080, "y": 200},
               "data": {
                 "label": "Done",
                 "output": {
                   "outcome": "steps.tell_ready.status == 'completed' ? 'reserved' : \#
        steps.tell_ordered.status == 'completed' ? 'ordered' : 'declined'"
                 }
               }}
            ],
            "edges": [
              {"id": "e1", "source": "start", "target": "look_up"},
              {"id": "e2", "source": "look_up", "target": "in_stock"},
              {"id": "e3", "source": "in_stock", "target": "reserve", "source_handle": "true"},
              {"id": "e4", "source": "in_stock", "target": "price", "source_handle": "false"},
              {"id": "e5", "source": "reserve", "target": "tell_ready"},
              {"id": "e6", "source": "tell_ready", "target": "done"},
              {"id": "e7", "source": "price", "target": "over_limit"},
              {"id": "e8", "source": "over_limit", "target": "approve", "source_handle": "true"},
              {"id": "e9", "source": "over_limit", "target": "order_part",
               "source_handle": "false"},
              {"id": "e10", "source": "approve", "target": "order_part",
               "source_handle": "approved"},
              {"id": "e11", "source": "approve", "target": "tell_desk",
               "source_handle": "rejected"},
              {"id": "e12", "source": "approve", "target": "tell_desk",
               "source_handle": "error"},
              {"id": "e13", "source": "order_part", "target": "tell_ordered"},
              {"id": "e14", "source": "tell_ordered", "target": "done"},
              {"id": "e15", "source": "tell_desk", "target": "done"}
            ]
          }
        }
        """#
}
