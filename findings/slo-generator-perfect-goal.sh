#!/usr/bin/env bash
# slo-generator: the stricter goal is silent. A goal of 100 % never alerts, not in a total outage, and a burn rate is
# rounded before it is compared.
#
# Product   slo-generator 2.6.0 (PyPI, Google's), its own computation on counts that a backend written here hands it.
# What      One hour without a single good answer: with a goal of 0.999 the burn rate is 1000 and the step alerts,
#           with a goal of 1 the budget is 0, the burn rate is set to 0, no alert, and the message is that for "within
#           budget". A burn rate is rounded to one decimal before it is compared with the threshold: 14.44 is not
#           above 14.4, and 1.04 is no overspent budget for a threshold of 1. The share of good answers is rounded to
#           six digits, so that at 0.999999 one failure in 2.5 million is none and one in 1.5 million a burn rate of
#           1.
# Expected  The workbook that its documentation refers to (Google, "Implementing SLOs" and "Alerting on SLOs")
#           compares the burn rate itself. A goal without any budget is spent by the first error, which the report
#           knows: its gap is -1, its remaining minutes are -60.
# Rollout   Raising the goal of a payment service to 100 % "to be safe" switches off the alert that stops the rollout,
#           and the report stays green through an outage.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

python_with slo-generator==2.6.0

cat > counts.py <<'PY'
class CountsBackend:
    def __init__(self, client=None, **_):
        pass

    def good_bad(self, timestamp, window, slo):
        indicator = slo["spec"]["service_level_indicator"]
        return indicator["good"], indicator["bad"]
PY

cat > judge.py <<'PY'
import logging, sys
logging.disable(logging.CRITICAL)
from slo_generator.compute import compute

def judge(goal, threshold, good, bad):
    slo = {"apiVersion": "sre.google.com/v2", "kind": "ServiceLevelObjective",
           "metadata": {"name": "shop", "labels": {"service_name": "shop", "feature_name": "cart", "slo_name": "ok"}},
           "spec": {"description": "answers", "backend": "counts.CountsBackend", "method": "good_bad",
                    "exporters": [], "goal": goal, "error_budget_policy": "one",
                    "service_level_indicator": {"good": good, "bad": bad}}}
    step = {"name": "hour", "window": 3600, "burn_rate_threshold": threshold, "alert": True,
            "message_alert": "page", "message_ok": "within budget"}
    config = {"backends": {"counts.CountsBackend": {}}, "exporters": {},
              "error_budget_policies": {"one": {"steps": [step]}}}
    report, = compute(slo, config, timestamp=1793000000, do_export=False)
    print(report["error_budget_burn_rate"], "alert" if report["alert"] else "quiet",
          f'{report["error_budget_remaining_minutes"]:.3f}', report["consequence_message"], sep=", ")

for line in sys.stdin:
    goal, threshold, good, bad = map(float, line.split())
    judge(goal, threshold, int(good), int(bad))
PY

cat > cases.txt <<'TXT'
0.999 14.4 0 100000
1 14.4 0 100000
0.99 14.4 85560 14440
0.99 14.4 85500 14500
0.99 1 98960 1040
0.999999 1 2499999 1
0.999999 0.5 1499999 1
TXT
PYTHONPATH=. venv/bin/python judge.py < cases.txt > judged.txt
cat > before.txt <<'TXT'
1000.0, alert, -59.940, page
0, quiet, -60.000, within budget
14.4, quiet, -8.064, Missed for this measurement window, but not enough to alert
14.5, alert, -8.100, page
1.0, quiet, -0.024, within budget
0.0, quiet, 0.000, within budget
1.0, alert, 0.000, page
TXT

echo "goal, threshold, good, bad: burn rate, alert, minutes left of the budget, message"
while IFS='|' read -r name now before; do
  seen "$name" "$now" "$before"
done < <(paste -d '|' cases.txt judged.txt before.txt)
finish
