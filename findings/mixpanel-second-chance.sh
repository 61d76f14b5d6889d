#!/usr/bin/env bash
# Mixpanel: two rollout groups of 10 % of one flag never meet in a user, two of 50 % reach 60 %, and 0.5 % is 1 %.
#
# Product   mixpanel 5.4.1 (PyPI), local evaluation of feature flags; the definitions are handed to its HTTP client in
#           the process, no connection is made.
# What      A user is hashed for each rollout group of a flag with FNV-1a over user, flag, salt and, last, the number
#           of the group, modulo 100. The last letter only moves the result by a constant, so that the places of a
#           user in group 0 and group 1 are almost always the same few steps apart. Of 10 000 users the groups of 10 %
#           have none in common (100 by chance), those of 50 % have 8 in 10 in common. Shares are whole percents,
#           rounded up.
# Expected  The groups are tried in turn, each with a salt of its own, which has no other purpose than a new draw; a
#           product of the field for percentages is expected to have a tenth of a percent, or to refuse it.
# Rollout   "Half of the beta testers, and half of everybody" reaches 60 % of the testers and not 75 %. A group for a
#           holdback and one for a rollout, made independent by being two, are each other's shadow: at 10 % nobody is
#           ever in both. The first step of half a percent is twice as large as agreed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

python_with mixpanel==5.4.1

cat > reached.py <<'PY'
import httpx
from mixpanel.flags.local_feature_flags import LocalFeatureFlagsProvider
from mixpanel.flags.types import LocalFlagsConfig

USERS = 10_000

def flag(key, *shares):
    return {"id": key, "key": key, "name": key, "status": "enabled", "project_id": 1, "context": "distinct_id",
            "hash_salt": "a1b2c3", "experiment_id": None, "is_experiment_active": False,
            "ruleset": {"variants": [{"key": "new", "value": "new", "is_control": False, "split": 1.0}],
                        "rollout": [{"rollout_percentage": share} for share in shares]}}

def reached(*shares):
    definitions = {"flags": [flag("ship", *shares)]}
    provider = LocalFeatureFlagsProvider("none", LocalFlagsConfig(enable_polling=False), "5.4.1", lambda *_: None)
    provider._sync_client = httpx.Client(base_url="https://localhost", transport=httpx.MockTransport(
        lambda request: httpx.Response(200, json=definitions)))
    provider.start_polling_for_definitions()
    return {user for user in range(USERS)
            if provider.get_variant_value("ship", "old", {"distinct_id": f"user-{user}"}) == "new"}

for percent in (10, 50):
    first, second, either = reached(percent / 100), reached(0, percent / 100), reached(percent / 100, percent / 100)
    assert first | second == either
    print(f"{percent}:", len(first), len(second), len(first & second), len(either))
print("half:", len(reached(0.005)), len(reached(0.01)))
PY
venv/bin/python reached.py > reached.txt

echo "of 10 000 users, by the groups of the flag: in group 0, in group 1, in both, in one at least"
seen "groups of 10 % (by chance 1000 1000 100 1900)" "$(sed -n 's/^10: //p' reached.txt)" "988 989 0 1977"
seen "groups of 50 % (by chance 5000 5000 2500 7500)" "$(sed -n 's/^50: //p' reached.txt)" "4965 5000 3982 5983"
seen "one group of 0.5 %, one group of 1 %" "$(sed -n 's/^half: //p' reached.txt)" "87 87"
finish
