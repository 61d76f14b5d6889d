#!/usr/bin/env bash
# The same flagd file splits the same users differently in Python and in JavaScript.
#
# Product   openfeature-flagd-core 2.0.0 (PyPI, what openfeature-provider-flagd 0.6.1 evaluates in-process with) and
#           @openfeature/flagd-core 4.0.1 (npm); each is the newest on 2026-11-30.
# What      `fractional` without a bucketing expression splits on the flag key and the targeting key. JavaScript
#           hashes the two texts put together; Python 2.0.0 hashes a CBOR array of the two. Both give 10 % of the
#           users the new version, but not the same users: of 1009 and 1030 users, 102 are in both groups, which is
#           what two independent draws share.
# Expected  flagd's fractional operation specification (docs/reference/specifications/custom-operations in
#           open-feature/flagd) asks for MurmurHash3 of flag key and targeting key put together, so that every
#           in-process provider answers alike. Its maintainers want another hash, and write in
#           open-feature/java-sdk-contrib pull request 1831 that it has to come out everywhere at about the same time;
#           on this day it has not.
# Rollout   "10 %" reaches 19 % of the users as soon as one service is Python and another is JavaScript, a user gets
#           the new page from the old backend, and upgrading the Python package alone reshuffles who is in a canary
#           that is under way: at 10 % nine in ten exposed users are swapped for others.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

python_with openfeature-flagd-core==2.0.0
node_with @openfeature/flagd-core@4.0.1

cat > flags.json <<'JSON'
{"flags": {"ship": {"state": "ENABLED", "variants": {"new": "new", "old": "old"}, "defaultVariant": "old",
  "targeting": {"fractional": [["new", 10], ["old", 90]]}}}}
JSON

cat > split.py <<'PY'
from openfeature.contrib.tools.flagd.core import FlagdCore
from openfeature.evaluation_context import EvaluationContext

core = FlagdCore()
core.set_flags(open("flags.json").read())
for number in range(10_000):
    user = EvaluationContext(f"user-{number}", {})
    print(core.resolve_string_value("ship", "none", user).variant)
PY

cat > split.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { FlagdCore } from '@openfeature/flagd-core';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const core = new FlagdCore();
core.setConfigurations(readFileSync('flags.json', 'utf8'));
for (let number = 0; number < 10_000; number += 1) {
  const user = { targetingKey: `user-${number}` };
  console.log(core.resolveStringEvaluation('ship', 'none', user, quiet).variant);
}
JS

venv/bin/python split.py > python.txt
node split.mjs > javascript.txt
paste -d ' ' python.txt javascript.txt > both.txt

echo "10 000 users, one file, 10 % new:"
seen "new in Python" "$(grep -c '^new' both.txt)" 1030
seen "new in JavaScript" "$(grep -c 'new$' both.txt)" 1009
seen "new in both" "$(grep -c '^new new$' both.txt)" 102
seen "new in one of them at least" "$(grep -c 'new' both.txt)" 1937
finish
