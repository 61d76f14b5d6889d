#!/usr/bin/env bash
# abforge: a sequential test "at 5 %" takes back one good release in six.
#
# Product   abforge 0.1.0 (PyPI) with numpy 2.2.6 and scipy 1.15.3; the draws have a fixed seed.
# What      SequentialTest looks up the share of alpha that its spending function has spent by now, and uses that
#           whole sum as the level of the single look, instead of what was added since the last look. Two equal
#           versions with 30 % conversions, looked at 20 times, 200 users a look and side: with the Pocock function 16
#           % of the experiments stop as significant, with the linear one 14 %, with O'Brien-Fleming 10 %; with one
#           look 5 %. Pocock's boundary, which is constant by its definition, falls from 2.66 to 1.96.
# Expected  The class says of itself that it allows peeking without inflating the false positives, and calls alpha the
#           total budget. In Lan and DeMets (1983, Biometrika 70) the boundaries are such that the crossings at all
#           looks together have the probability spent.
# Rollout   A canary that is judged each five minutes is looked at often. A gate that believes in 5 % rolls back good
#           releases three times as often, and those who tune by it look for a cause in their metrics.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

python_with numpy==2.2.6 scipy==1.15.3 abforge==0.1.0

cat > peek.py <<'PY'
import numpy
from abforge import SequentialTest

def stopped(spending, looks, experiments=400, users=200, conversion=0.3):
    draws = numpy.random.default_rng(42).binomial(users, conversion, (experiments, 2, looks)).cumsum(axis=2)
    test = SequentialTest(max_n=looks * users, alpha=0.05, spending=spending)
    def stops(control, treatment):
        return any(test.evaluate(control_conversions=int(control[look]), control_n=(look + 1) * users,
                                 treatment_conversions=int(treatment[look]), treatment_n=(look + 1) * users,
                                 futility_threshold=None).decision == "stop_significant" for look in range(looks))
    return sum(stops(control, treatment) for control, treatment in draws)

for spending in ("obrien_fleming", "pocock", "linear"):
    print(f"{spending}:", stopped(spending, 1), stopped(spending, 20))
test = SequentialTest(max_n=1000, alpha=0.05, spending="pocock")
bounds = [test.evaluate(control_conversions=30, control_n=look * 100, treatment_conversions=30, treatment_n=look * 100,
                        futility_threshold=None).upper_boundary for look in (1, 5, 10)]
print("bounds:", *(f"{bound:.2f}" for bound in bounds))
PY
venv/bin/python peek.py > peek.txt

echo "of 400 experiments without a difference, stopped as significant after 1 look, after at most 20:"
seen "O'Brien-Fleming (expected about 20 and 20)" "$(sed -n 's/^obrien_fleming: //p' peek.txt)" "18 38"
seen "Pocock" "$(sed -n 's/^pocock: //p' peek.txt)" "18 63"
seen "linear" "$(sed -n 's/^linear: //p' peek.txt)" "18 54"
seen "Pocock's boundary at looks 1, 5 and 10 of 10" "$(sed -n 's/^bounds: //p' peek.txt)" "2.66 2.16 1.96"
finish
