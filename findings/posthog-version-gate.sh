#!/usr/bin/env bash
# PostHog: the gate "build greater than 900" lets "unknown" pass in Node and not in Python, and a number that is
# exactly 900 is never decided in Node.
#
# Product   posthog-node 5.70.0 (npm) and posthog 7.91.1 (PyPI), evaluating one definition locally; the definitions
#           come from a server on the loopback address that this script starts and ends.
# What      For the operators gt, gte, lt and lte Node reads a leading number ("10.2.1" is 10.2) and, where there is
#           none, compares as text: "unknown", "beta" and "true" are greater than "900", the empty text is less.
#           Python reads the whole value as a number and answers no when it is none, so that "10.2.1" fails `gt 9.5`
#           as well. An `exact` or `is_not` filter on a property that is a number is undecided in Node, whatever the
#           numbers, and decided in Python; with local evaluation only, undecided is undefined, which an `if` takes
#           for off.
# Expected  Both libraries say in their source that they mirror the flags service, so that they agree with it and with
#           each other on the same definition and person; numeric operators compare numbers.
# Rollout   A floor of build 900 for a risky release is no floor for clients that could not tell their build, in the
#           services written in Node only. A flag for plan number 1 is on in the worker and off in the web server.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

python_with posthog==7.91.1
node_with posthog-node@5.70.0

cat > cases.json <<'JSON'
[["gt", "900", 1000], ["gt", "900", "1000"], ["gt", "900", "unknown"], ["gt", "900", "beta-12"], ["gt", "900", true],
 ["lt", "900", ""], ["gt", "9.5", "10.2.1"], ["exact", "1", 1], ["exact", ["1", "2"], 3], ["is_not", "1", 3],
 ["exact", "1", "1"]]
JSON

cat > server.py <<'PY'
import http.server, json

cases = json.load(open("cases.json"))
flags = [{"id": number, "key": f"flag-{number}", "active": True, "filters": {"groups": [{"rollout_percentage": 100,
          "properties": [{"key": "property", "type": "person", "operator": operator, "value": value}]}]}}
         for number, (operator, value, _) in enumerate(cases)]
body = json.dumps({"flags": flags, "group_type_mapping": {}, "cohorts": {}}).encode()

class Definitions(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Definitions)
print(server.server_port, flush=True)
server.serve_forever()
PY

cat > gate.py <<'PY'
import json, logging, os, sys, warnings

warnings.simplefilter("ignore")
from posthog import Posthog

logging.disable(logging.CRITICAL)
client = Posthog("none", host=f"http://127.0.0.1:{sys.argv[1]}", secret_key="phx_none", sync_mode=True)
client.load_feature_flags()
for number, (_, _, value) in enumerate(json.load(open("cases.json"))):
    answer = client.get_feature_flag(f"flag-{number}", "somebody", person_properties={"property": value},
                                     only_evaluate_locally=True, send_feature_flag_events=False)
    print({True: "on", False: "off", None: "undecided"}[answer])
sys.stdout.flush()
os._exit(0)
PY

cat > gate.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { PostHog } from 'posthog-node';

console.warn = () => {};
const client = new PostHog('none', { host: `http://127.0.0.1:${process.argv[2]}`, personalApiKey: 'phx_none' });
await client.waitForLocalEvaluationReady(10_000);
for (const [number, [, , property]] of JSON.parse(readFileSync('cases.json', 'utf8')).entries()) {
  const answer = await client.getFeatureFlag(`flag-${number}`, 'somebody', {
    personProperties: { property }, onlyEvaluateLocally: true, sendFeatureFlagEvents: false,
  });
  console.log(answer === undefined ? 'undecided' : answer ? 'on' : 'off');
}
process.exit(0);
JS

python3 server.py > port.txt &
server=$!
trap 'kill "$server" 2> /dev/null; rm -rf "$work"' EXIT
until [ -s port.txt ]; do sleep 0.1; done
timeout 60 venv/bin/python gate.py "$(cat port.txt)" > python.txt 2> python.log
timeout 60 node gate.mjs "$(cat port.txt)" > node.txt 2> node.log
python3 -c 'import json
for operator, value, prop in json.load(open("cases.json")):
    print(json.dumps(prop), operator, json.dumps(value))' > names.txt

echo "the property, the filter: Node, Python:"
while IFS='|' read -r name now before; do
  seen "$name" "$now" "$before"
done < <(paste -d '|' names.txt <(paste -d ' ' node.txt python.txt) - <<'TXT'
on on
on on
on off
on off
on off
on off
on off
undecided on
undecided off
undecided on
on on
TXT
)
finish
