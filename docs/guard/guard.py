"""Reads a question as a line of JSON and answers with one, for as long as there are questions."""

import json
import sys

LIMIT, FAR_BEYOND, ENOUGH = 0.03, 0.08, 500

for line in sys.stdin:
    question = json.loads(line)
    errors = next(gate for gate in question["gates"] if gate["id"] == "errors")
    value, samples = errors["value"], errors["samples"]
    if value is None or samples < ENOUGH:
        decision = "hold"
    elif value > FAR_BEYOND:
        decision = "rollback"
    else:
        decision = "hold" if value > LIMIT else "promote"
    print(json.dumps({"decision": decision}), flush=True)
