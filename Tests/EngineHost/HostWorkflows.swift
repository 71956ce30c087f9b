/// What the killed process runs: a chain of pure steps, one with delays, one with an approval, and
/// one that starts executions of the first two.
enum HostWorkflows {
    static let all: [(name: String, definition: String)] = [
        ("Chain", chain), ("Delays", delays), ("Approval", approval),
    ]

    static func family(chain: String, delays: String) -> String {
        """
        {"nodes": [
          {"id": "start", "type": "start", "data": {}},
          {"id": "one", "type": "workflow", "data": {"workflow_id": "\(chain)",
            "input": {"number": "{{input.number}}"}}},
          {"id": "each", "type": "map", "data": {"workflow": "\(delays)", "max_parallel": 2,
            "items": "[1, 2, 3]", "input": {"number": "{{item}}"}}},
          {"id": "end", "type": "end", "data": {"output": {
            "a": "steps.one.output.a", "count": "size(steps.each.output.results)"}}}],
         "edges": [
          {"id": "1", "source": "start", "target": "one"},
          {"id": "2", "source": "one", "target": "each"},
          {"id": "3", "source": "each", "target": "end"}]}
        """
    }

    private static let chain = """
        {"nodes": [
          {"id": "start", "type": "start", "data": {}},
          {"id": "a", "type": "transform", "data": {"set": {"a": "input.number + 1"}}},
          {"id": "b", "type": "condition", "data": {"expression": "steps.a.output.a % 2 == 0"}},
          {"id": "even", "type": "log", "data": {"message": "{{steps.a.output.a}} is even"}},
          {"id": "odd", "type": "log", "data": {"message": "{{steps.a.output.a}} is odd"}},
          {"id": "end", "type": "end", "data": {"output": {"a": "steps.a.output.a"}}}],
         "edges": [
          {"id": "1", "source": "start", "target": "a"},
          {"id": "2", "source": "a", "target": "b"},
          {"id": "3", "source": "b", "target": "even", "source_handle": "true"},
          {"id": "4", "source": "b", "target": "odd", "source_handle": "false"},
          {"id": "5", "source": "even", "target": "end"},
          {"id": "6", "source": "odd", "target": "end"}]}
        """

    private static let delays = """
        {"nodes": [
          {"id": "start", "type": "start", "data": {}},
          {"id": "first", "type": "delay", "data": {"seconds": 0.3}},
          {"id": "second", "type": "delay", "data": {"seconds": 0.5}},
          {"id": "third", "type": "transform", "data": {"set": {"n": "input.number"}}},
          {"id": "end", "type": "end", "data": {}}],
         "edges": [
          {"id": "1", "source": "start", "target": "first"},
          {"id": "2", "source": "first", "target": "second"},
          {"id": "3", "source": "second", "target": "third"},
          {"id": "4", "source": "third", "target": "end"}]}
        """

    private static let approval = """
        {"nodes": [
          {"id": "start", "type": "start", "data": {}},
          {"id": "approve", "type": "approval", "data": {"message": "Number {{input.number}}?"}},
          {"id": "wait", "type": "delay", "data": {"seconds": 0.2}},
          {"id": "end", "type": "end", "data": {}}],
         "edges": [
          {"id": "1", "source": "start", "target": "approve"},
          {"id": "2", "source": "approve", "target": "wait", "source_handle": "approved"},
          {"id": "3", "source": "wait", "target": "end"}]}
        """
}
