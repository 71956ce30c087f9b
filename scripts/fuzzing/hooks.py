"""Counts how each operation was answered, for fuzz.py to see that none was only ever refused."""

import json
import os
import threading

import schemathesis

LOCK = threading.Lock()


@schemathesis.hook
def after_call(context, case, response):
    # Other methods than the operation's are tried too; what they answer is not its success.
    if response.request.method != case.operation.method.upper():
        return
    name = case.operation.definition.raw.get("operationId", case.operation.label)
    line = json.dumps({"operation": name, "status": response.status_code})
    with LOCK, open(os.environ["FUZZ_COUNTS"], "a") as file:
        file.write(line + "\n")
