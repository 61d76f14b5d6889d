#!/usr/bin/env bash
# Installing Mixpanel's Python library next to the flagd provider turns every targeting rule of flagd off.
#
# Product   openfeature-provider-flagd 0.6.1 with openfeature-flagd-core 2.0.0 and openfeature-sdk 0.10.0, and
#           mixpanel 5.4.1 (all PyPI), each the newest for this Python on 2026-11-30.
# What      Both evaluate rules with a package whose module is called `json_logic`, but not with the same package:
#           flagd-core needs panzi-json-logic, mixpanel needs json-logic, and the files of one overwrite those of the
#           other. Whichever was installed last wins; pip says nothing, and `pip check` finds no broken requirement.
#           After mixpanel, each rule of flagd raises a TypeError, which OpenFeature turns into the default value of
#           the call. Installed the other way round, mixpanel's flags cannot be imported.
# Expected  Two packages that pip installs together work together. OpenFeature's specification wants a default value
#           on errors, so that an application survives; it does not expect all flags to be in error at once.
# Rollout   Adding a library for analytics in an unrelated change sends all users of all flags with rules to the
#           default that was written into the code: a canary of 10 % is at 0 % or 100 % at the next build of the
#           image, and which depends on the order in a requirements file. Flags without rules go on working and hide
#           it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

cat > flags.json <<'JSON'
{"flags": {
  "ship": {"state": "ENABLED", "variants": {"new": "new", "old": "old"}, "defaultVariant": "old",
    "targeting": {"fractional": [["new", 10], ["old", 90]]}},
  "plain": {"state": "ENABLED", "variants": {"new": "new", "old": "old"}, "defaultVariant": "new"}}}
JSON

cat > served.py <<'PY'
import collections, logging, os, sys

logging.disable(logging.CRITICAL)
from openfeature import api
from openfeature.contrib.provider.flagd import FlagdProvider
from openfeature.contrib.provider.flagd.config import ResolverType
from openfeature.evaluation_context import EvaluationContext

api.set_provider_and_wait(FlagdProvider(resolver_type=ResolverType.FILE, offline_flag_source_path="flags.json"))
client = api.get_client()
for flag in ("ship", "plain"):
    served = collections.Counter(client.get_string_value(flag, "code", EvaluationContext(f"user-{number}"))
                                 for number in range(1000))
    print(f"{flag}:", ", ".join(f"{count} {value}" for value, count in sorted(served.items())))
details = client.get_string_details("ship", "code", EvaluationContext("user-1"))
print("reason:", details.reason, details.error_message)
try:
    import mixpanel.flags.local_feature_flags
    print("mixpanel: ready")
except ImportError:
    print("mixpanel: not installed")
except AttributeError as error:
    print("mixpanel:", error)
sys.stdout.flush()
os._exit(0)
PY

# served WHAT: what is served of it with the packages that are installed now.
served() {
  venv/bin/python served.py 2> served.log | sed -n "s/^$1: //p"
}

python_with openfeature-sdk==0.10.0 openfeature-flagd-core==2.0.0 openfeature-provider-flagd==0.6.1
echo "flagd alone, 1000 users:"
seen "ship, 10 % new" "$(served ship)" "119 new, 881 old"
seen "plain, without a rule" "$(served plain)" "1000 new"

python_with mixpanel==5.4.1
echo "after mixpanel:"
seen "pip check" "$(venv/bin/python -m pip check --disable-pip-version-check)" "No broken requirements found."
seen "ship, 10 % new" "$(served ship)" "1000 code"
seen "reason" "$(served reason)" "ERROR jsonLogic() takes from 1 to 2 positional arguments but 3 were given"
seen "plain, without a rule" "$(served plain)" "1000 new"

venv/bin/python -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps panzi-json-logic==1.0.1
echo "after panzi-json-logic once more:"
seen "ship, 10 % new" "$(served ship)" "119 new, 881 old"
seen "mixpanel" "$(served mixpanel)" "module 'json_logic' has no attribute 'operations'"
finish
