#!/usr/bin/env bash
# LaunchDarkly: an account number that is a float in Python puts everybody into the first variation.
#
# Product   launchdarkly-server-sdk 9.20.0 (PyPI) and @launchdarkly/node-server-sdk 9.13.7 (npm), reading one flag
#           file.
# What      A percentage rollout by the attribute `account`, 10 % new, 90 % old. Node, and Python with integers, reach
#           the same 91 of 1000 accounts. Python with the same numbers as floats (42.0) reaches all 1000: a float is
#           not a value to split by, the bucket is 0, and bucket 0 belongs to the variation that is listed first.
#           There is no error and the reason of the evaluation is the ordinary FALLTHROUGH.
# Expected  JSON has one kind of number, so that 42 and 42.0 are the same account; flag data, contexts and events of
#           the product are JSON, and its own Node SDK treats the two as one. The Python SDK's reference for a context
#           allows any number as an attribute and says nothing of a difference.
# Rollout   One column with a missing value turns a whole pandas column of account numbers into floats. From then on a
#           job in Python has 100 % of the accounts on the new version (0 % if it is listed second), while the web
#           servers have 10 %. No percentage on the dashboard is wrong.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

python_with launchdarkly-server-sdk==9.20.0
node_with @launchdarkly/node-server-sdk@9.13.7

cat > flags.json <<'JSON'
{"flags": {"ship": {"key": "ship", "on": true, "version": 1, "salt": "salt", "variations": ["new", "old"],
  "offVariation": 1, "prerequisites": [], "targets": [], "rules": [],
  "fallthrough": {"rollout": {"contextKind": "user", "bucketBy": "account",
    "variations": [{"variation": 0, "weight": 10000}, {"variation": 1, "weight": 90000}]}}}}}
JSON

cat > split.py <<'PY'
import logging, sys
from ldclient import Context
from ldclient.client import LDClient
from ldclient.config import Config
from ldclient.integrations import Files

logging.disable(logging.CRITICAL)
kind = {"int": int, "float": float}[sys.argv[1]]
client = LDClient(Config("none", update_processor_class=Files.new_data_source(paths=["flags.json"]), send_events=False))
for number in range(1000):
    context = Context.builder("somebody").set("account", kind(number)).build()
    detail = client.variation_detail("ship", context, "none")
    print(detail.value, detail.reason["kind"])
client.close()
PY

cat > split.mjs <<'JS'
import ld from '@launchdarkly/node-server-sdk';

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const files = new ld.integrations.FileDataSourceFactory({ paths: ['flags.json'] });
const client = ld.init('none', { updateProcessor: files.getFactory(), sendEvents: false, logger });
await client.waitForInitialization({ timeout: 10 });
for (let number = 0; number < 1000; number += 1) {
  const detail = await client.variationDetail('ship', { kind: 'user', key: 'somebody', account: number }, 'none');
  console.log(detail.value, detail.reason.kind);
}
client.close();
JS

venv/bin/python split.py int > int.txt
venv/bin/python split.py float > float.txt
node split.mjs > node.txt

echo "1000 accounts, 10 % new, split by account number:"
seen "new in Node" "$(grep -c '^new' node.txt)" 91
seen "new in Python, integers" "$(grep -c '^new' int.txt)" 91
seen "accounts on which Node and Python with integers differ" "$(diff node.txt int.txt | grep -c '^<' || true)" 0
seen "new in Python, the same numbers as floats" "$(grep -c '^new' float.txt)" 1000
seen "reasons given for them" "$(cut -d ' ' -f 2 float.txt | sort -u | xargs)" FALLTHROUGH
finish
