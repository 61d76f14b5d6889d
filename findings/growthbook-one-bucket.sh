#!/usr/bin/env bash
# GrowthBook: a forced value for 0.1 % of the users reaches twice as many in JavaScript as in Python.
#
# Product   @growthbook/growthbook 1.8.0 (npm) and growthbook 4.0.0 (PyPI), one feature definition.
# What      A rule with `force` and `coverage` hashes a user (version 1) to thousandths, 0.000 to 0.999. JavaScript
#           takes those up to and with the coverage, Python those below it: at 0.1 % two buckets of 1000 against one,
#           at 1 % eleven against ten. All users of Python's group are in JavaScript's.
# Expected  GrowthBook's guide "Build your own SDK" has one definition of the check and one file of test cases for all
#           SDKs; a coverage of 0.001 is one user in a thousand. Python's source says that half-open is meant.
# Rollout   The smaller the step, the larger the surprise: the first, most careful stage has twice the exposure that
#           was agreed, and one user in a thousand has the feature in the browser and not on the server.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

python_with growthbook==4.0.0
node_with @growthbook/growthbook@1.8.0

cat > features.json <<'JSON'
{"tenth": {"defaultValue": "old", "rules": [
  {"force": "new", "coverage": 0.001, "hashAttribute": "id", "hashVersion": 1}]},
 "one": {"defaultValue": "old", "rules": [
  {"force": "new", "coverage": 0.01, "hashAttribute": "id", "hashVersion": 1}]}}
JSON

cat > reached.py <<'PY'
import json
from growthbook import GrowthBook

features = json.load(open("features.json"))
growthbook = GrowthBook(features=features)
for user in range(20_000):
    growthbook.set_attributes({"id": f"user-{user}"})
    for feature in features:
        if growthbook.get_feature_value(feature, "none") == "new":
            print(feature, user)
PY

cat > reached.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { GrowthBook } from '@growthbook/growthbook';

const features = JSON.parse(readFileSync('features.json', 'utf8'));
const growthbook = new GrowthBook({ features });
for (let user = 0; user < 20_000; user += 1) {
  await growthbook.setAttributes({ id: `user-${user}` });
  for (const feature of Object.keys(features)) {
    if (growthbook.getFeatureValue(feature, 'none') === 'new') console.log(feature, user);
  }
}
JS

venv/bin/python reached.py | sort > python.txt
node reached.mjs | sort > javascript.txt

echo "of 20 000 users reached in JavaScript, in Python, in both:"
for feature in tenth one; do
  case $feature in tenth) share="0.1 %" before="45 20 20" ;; one) share="1 %" before="220 198 198" ;; esac
  both=$(comm -12 javascript.txt python.txt | grep -c "^$feature")
  seen "coverage $share" "$(grep -c "^$feature" javascript.txt) $(grep -c "^$feature" python.txt) $both" "$before"
done
finish
