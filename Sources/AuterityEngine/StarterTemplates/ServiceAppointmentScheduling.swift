extension StarterTemplate {
    static let serviceAppointmentScheduling = #"""
        {
          "name": "Service Appointment Scheduling",
          "category": "service",
          "description": "Asks the workshop's calendar for a free time on the wished day, books \#
        it and confirms it; when there is none, the service desk takes over.",
          "parameters": [
            {"name": "dealership_name", "description": "How the dealership signs its messages",
             "parameter_type": "string", "is_required": true, "min_length": 2, "max_length": 80},
            {"name": "scheduler_url", "description": "The address of the calendar's API, without \#
        a slash at its end",
             "parameter_type": "url", "is_required": true, "pattern": "https?://.*[^/]"},
            {"name": "scheduler_key", "description": "The key of the calendar's API",
             "parameter_type": "secret", "is_required": true, "min_length": 8},
            {"name": "service_email", "description": "The service desk",
             "parameter_type": "email", "is_required": true}
          ],
          "definition": {
            "nodes": [
              {"id": "start", "type": "start", "position": {"x": 0, "y": 160},
               "data": {
                 "label": "Appointment wished",
                 "input_schema": {
                   "type": "object",
                   "required": ["customer_name", "customer_email", "vehicle", "service_type",
                     "preferred_date"],
                   "properties": {
                     "customer_name": {"type": "string", "title": "Customer's name",
                       "minLength": 1, "maxLength": 120},
                     "customer_email": {"type": "string", "format": "email",
                       "title": "Customer's email"},
                     "vehicle": {"type": "string", "title": "Vehicle", "minLength": 2,
                       "description": "Make, model and licence plate"},
                     "service_type": {"type": "string", "title": "Service",
                       "enum": ["inspection", "oil change", "tyres", "brakes", "repair", "recall"]},
                     "preferred_date": {"type": "string", "format": "date",
                       "title": "Wished day"},
                     "notes": {"type": "string", "title": "Notes", "maxLength": 2000,
                       "default": ""}
                   }
                 }
               }},
              {"id": "find_slots", "type": "http", "position": {"x": 260, "y": 160},
               "data": {
                 "label": "Look for free times",
                 "method": "GET",
                 "url": "{{scheduler_url}}/slots",
                 "query": {"date": "{{ preferred_date }}", "service": "{{ service_type }}"},
                 "headers": {"Authorization": "Bearer {{scheduler_key}}"},
                 "timeout": 20,
                 "retry": {"max_attempts": 4, "initial_interval": 2, "max_interval": 30},
                 "output_key": "calendar"
               }},
              {"id": "is_free", "type": "condition", "position": {"x": 520, "y": 160},
               "data": {
                 "label": "Is a time free?",
                 "expression": "has(calendar.body.slots) && size(calendar.body.slots) > 0"
               }},
              {"id": "book", "type": "http", "position": {"x": 780, "y": 60},
               "data": {
                 "label": "Book the first one",
                 "method": "POST",
                 "url": "{{scheduler_url}}/appointments",
                 "headers": {"Authorization": "Bearer {{scheduler_key}}"},
                 "body": {
                   "starts_at": "{{ calendar.body.slots[0] }}",
                   "service": "{{ service_type }}",
                   "vehicle": "{{ vehicle }}",
                   "customer": {"name": "{{ customer_name }}", "email": "{{ customer_email }}"},
                   "notes": "{{ has(input.notes) ? input.notes : '' }}"
                 },
                 "expected_status": [200, 201],
                 "timeout": 20,
                 "retry": {"max_attempts": 4, "initial_interval": 2, "max_interval": 30},
                 "on_error": "branch",
                 "output_key": "booking"
               }},
              {"id": "confirm", "type": "email", "position": {"x": 1040, "y": 0},
               "data": {
                 "label": "Confirm to the customer",
                 "to": "{{ customer_email }}",
                 "template": "appointment_confirmed",
                 "timeout": 30, "retry": {"max_attempts": 4, "initial_interval": 5}
               }},
              {"id": "hand_over", "type": "email", "position": {"x": 1040, "y": 260},
               "data": {
                 "label": "Hand over to the service desk",
                 "to": "{{service_email}}",
                 "subject": "Please find a time for {{ customer_name }}",
                 "body": "No time could be booked by itself on {{ preferred_date }}.\n\n\#
        Customer: {{ customer_name }}, {{ customer_email }}\nVehicle: {{ vehicle }}\n\#
        Service: {{ service_type }}\nNotes: {{ has(input.notes) ? input.notes : '' }}",
                 "timeout": 30, "retry": {"max_attempts": 4, "initial_interval": 5}
               }},
              {"id": "alert", "type": "notify", "position": {"x": 1300, "y": 260},
               "data": {
                 "label": "Tell the operators",
                 "severity": "info",
                 "message": "{{ customer_name }} waits for an appointment \#
        ({{ service_type }}, {{ preferred_date }})"
               }},
              {"id": "booked", "type": "end", "position": {"x": 1300, "y": 0},
               "data": {
                 "label": "Booked",
                 "output": {
                   "booked": true,
                   "starts_at": "booking.body.starts_at",
                   "confirmation": "booking.body.confirmation"
                 }
               }},
              {"id": "handed_over", "type": "end", "position": {"x": 1560, "y": 260},
               "data": {"label": "Handed over", "output": {"booked": false}}}
            ],
            "edges": [
              {"id": "e1", "source": "start", "target": "find_slots"},
              {"id": "e2", "source": "find_slots", "target": "is_free"},
              {"id": "e3", "source": "is_free", "target": "book", "source_handle": "true"},
              {"id": "e4", "source": "is_free", "target": "hand_over", "source_handle": "false"},
              {"id": "e5", "source": "book", "target": "confirm"},
              {"id": "e6", "source": "book", "target": "hand_over", "source_handle": "error"},
              {"id": "e7", "source": "confirm", "target": "booked"},
              {"id": "e8", "source": "hand_over", "target": "alert"},
              {"id": "e9", "source": "alert", "target": "handed_over"}
            ]
          }
        }
        """#
}
