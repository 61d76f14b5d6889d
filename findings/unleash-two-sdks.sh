#!/usr/bin/env bash
# Unleash: one definition of a gradual rollout reaches half of the users in Node and nobody in Python, or another
# half.
#
# Product   unleash-client 6.12.1 (npm) and UnleashClient 6.9.1 (PyPI, engine Yggdrasil), started from one file.
# What      The rollout of a flexibleRollout is a text. "50" is half of the users and the same people in both. "50.0"
#           and "33.5" are 50 % and 33 % in Node and nobody in Python; "99.9" is 99 % and nobody. Without a groupId
#           Node hashes the user alone and Python the name of the flag and the user: two halves with every fourth user
#           in common. A field that is empty counts as the number 0 in Node and as no number in Python.
# Expected  The SDKs are tested against one suite, @unleash/client-specification on npm, so that they agree; it has
#           whole numbers only and always a groupId. A number with a fraction is a number, or else an error.
# Rollout   The console writes whole numbers and a groupId, a Terraform module or a script that computes 100 * 1 / 2
#           writes 50.0. From then on the feature is off in every Python service at every stage, up to and with 99.9
#           %, and the jump from nobody to everybody comes with the last step.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

python_with UnleashClient==6.9.1
node_with unleash-client@6.12.1

cat > make.py <<'PY'
import json

def flag(name, parameters, constraints=()):
    strategy = {"name": "flexibleRollout", "parameters": parameters, "constraints": list(constraints)}
    return {"name": name, "type": "release", "enabled": True, "stale": False, "variants": [], "strategies": [strategy]}

flags = [flag(f"rollout {share}", {"rollout": share, "stickiness": "userId", "groupId": "ship"})
         for share in ("50", "50.0", "33.5", "99.9", "100")]
flags.append(flag("no group", {"rollout": "50", "stickiness": "userId"}))
at_most = {"contextName": "seats", "operator": "NUM_LTE", "value": "10", "inverted": False}
flags.append(flag("at most 10 seats", {"rollout": "100", "stickiness": "userId", "groupId": "ship"}, [at_most]))
json.dump({"version": 2, "features": flags, "segments": []}, open("flags.json", "w"))
PY
python3 make.py

cat > reached.py <<'PY'
import json, logging, os, sys
from UnleashClient import UnleashClient
from UnleashClient.cache import FileCache

logging.disable(logging.CRITICAL)
definition = json.load(open("flags.json"))
cache = FileCache("shop", directory="cache")
cache.bootstrap_from_dict(definition)
client = UnleashClient("http://127.0.0.1:9/api", "shop", cache=cache, disable_metrics=True, disable_registration=True)
client.initialize_client(fetch_toggles=False)
for flag in definition["features"]:
    for number in range(1000):
        context = {"userId": f"user-{number}", "properties": {"seats": ""}}
        print(flag["name"], number, "on" if client.is_enabled(flag["name"], context) else "off", sep="|")
sys.stdout.flush()
os._exit(0)
PY

cat > reached.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { InMemStorageProvider, Unleash } from 'unleash-client';

const { features } = JSON.parse(readFileSync('flags.json', 'utf8'));
const client = new Unleash({
  url: 'http://127.0.0.1:9/api', appName: 'shop', disableMetrics: true, refreshInterval: 0, disableAutoStart: true,
  bootstrap: { data: features }, storageProvider: new InMemStorageProvider(),
});
client.on('error', () => {});
client.on('warn', () => {});
const ready = new Promise((resolve) => client.on('ready', resolve));
client.start();
await ready;
for (const { name } of features) {
  for (let number = 0; number < 1000; number += 1) {
    const context = { userId: `user-${number}`, properties: { seats: '' } };
    console.log(`${name}|${number}|${client.isEnabled(name, context) ? 'on' : 'off'}`);
  }
}
process.exit(0);
JS

mkdir cache
venv/bin/python reached.py > python.txt 2> python.log
node reached.mjs > node.txt 2> node.log

# reached NAME: users reached in Node, in Python, in both.
reached() {
  local node python
  node=$(grep "^$1|.*|on$" node.txt | sort || true)
  python=$(grep "^$1|.*|on$" python.txt | sort || true)
  echo "$(grep -c . <<< "$node") $(grep -c . <<< "$python")" \
    "$(comm -12 <(echo "$node") <(echo "$python") | grep -c .)" || true
}

echo "of 1000 users: reached in Node, in Python, in both:"
while IFS='|' read -r name before; do
  seen "$name" "$(reached "$name")" "$before"
done <<'TXT'
rollout 50|518 518 518
rollout 50.0|518 0 0
rollout 33.5|359 0 0
rollout 99.9|996 0 0
rollout 100|1000 1000 1000
no group|492 473 237
at most 10 seats|1000 0 0
TXT
finish
