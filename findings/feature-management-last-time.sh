#!/usr/bin/env bash
# Microsoft feature management: the last of a counted series of windows is cut off after seven days.
#
# Product   @microsoft/feature-management 2.3.1 (npm) and FeatureManagement 2.2.0 (PyPI), one definition, frozen
#           clocks.
# What      A window of ten days, every second Monday, two times: 2 to 12 November and 16 to 26 November. In Python
#           the second one lasts ten days. In JavaScript it closes on the 23rd, after seven: in the week that the
#           pattern leaves out, the number of occurrences so far is taken one too high, and the limit of two is
#           passed. With three days a week in the pattern the same slip counts one too few.
# Expected  Range "Numbered" ends a series after that many occurrences, and each lasts from Start to End (the
#           documentation, learn.microsoft.com, "Enable features on a schedule"). The first occurrence lasts its ten
#           days.
# Rollout   A second exposure that is meant to equal the first is 30 % shorter, in one of two services. Comparing the
#           two exposures, or the two services, finds a difference that no release made.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

python_with FeatureManagement==2.2.0 freezegun==1.5.5
node_with @microsoft/feature-management@2.3.1

cat > flag.json <<'JSON'
{"id": "window", "enabled": true, "conditions": {"client_filters": [{"name": "Microsoft.TimeWindow", "parameters": {
  "Start": "Mon, 02 Nov 2026 00:00:00 GMT", "End": "Thu, 12 Nov 2026 00:00:00 GMT",
  "Recurrence": {"Pattern": {"Type": "Weekly", "Interval": 2, "DaysOfWeek": ["Monday"], "FirstDayOfWeek": "Monday"},
    "Range": {"Type": "Numbered", "NumberOfOccurrences": 2}}}}]}}
JSON

cat > days.py <<'PY'
import json
from datetime import datetime, timedelta, timezone
from featuremanagement import FeatureManager
from freezegun import freeze_time

flag = json.load(open("flag.json"))
for day in range(1, 60):
    noon = datetime(2026, 11, 1, 12, tzinfo=timezone.utc) + timedelta(days=day)
    with freeze_time(noon):
        if FeatureManager({"feature_management": {"feature_flags": [flag]}}).is_enabled("window"):
            print(noon.strftime("%m-%d"))
PY

cat > days.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { mock } from 'node:test';
import { ConfigurationObjectFeatureFlagProvider, FeatureManager } from '@microsoft/feature-management';

const flags = { feature_management: { feature_flags: [JSON.parse(readFileSync('flag.json', 'utf8'))] } };
for (let day = 1; day < 60; day += 1) {
  const now = Date.UTC(2026, 10, 1 + day, 12);
  mock.timers.enable({ apis: ['Date'], now });
  const manager = new FeatureManager(new ConfigurationObjectFeatureFlagProvider(flags));
  if (await manager.isEnabled('window')) console.log(new Date(now).toISOString().slice(5, 10));
  mock.timers.reset();
}
JS

venv/bin/python days.py > python.txt
TZ=UTC node days.mjs > javascript.txt

first=$(seq -f '11-%02g' 2 11)
echo "days on which the window is open at noon:"
seen "Python" "$(xargs < python.txt)" "$(echo "$first" | xargs) $(seq -f '11-%02g' 16 25 | xargs)"
seen "JavaScript" "$(xargs < javascript.txt)" "$(echo "$first" | xargs) $(seq -f '11-%02g' 16 22 | xargs)"
finish
