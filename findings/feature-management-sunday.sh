#!/usr/bin/env bash
# Microsoft feature management: a weekly window that begins on a Sunday, or on a Monday in Tokyo, happens once.
#
# Product   @microsoft/feature-management 2.3.1 (npm) and FeatureManagement 2.2.0 (PyPI), one definition, frozen
#           clocks.
# What      A `Microsoft.TimeWindow` filter with a weekly recurrence. Starting on a Monday it recurs in both. Starting
#           on a Sunday it recurs in Python; in JavaScript the first window is open and all later ones are closed,
#           with the warning that Start is no valid first occurrence. The same happens with a Start on a Monday at
#           08:00 +09:00: JavaScript takes the day of the week in UTC, where it is still Sunday.
# Expected  The recurrence takes all seven days of the week, and Sunday is even its default first day of the week. The
#           feature management documentation (learn.microsoft.com, "Enable features on a schedule", recurring windows)
#           only asks that Start be a valid first occurrence, and a Sunday is one when DaysOfWeek has Sunday.
# Rollout   A change window "every Sunday 08:00 to 12:00" is tried out on its first Sunday, works, and never opens
#           again; the worker in Python next to it opens it every week. As a freeze it is the other way round: the
#           freeze of the second Sunday does not exist.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

python_with FeatureManagement==2.2.0 freezegun==1.5.5
node_with @microsoft/feature-management@2.3.1

cat > windows.json <<'JSON'
[{"name": "monday", "days": ["Monday"],
  "start": "Mon, 02 Nov 2026 08:00:00 GMT", "end": "Mon, 02 Nov 2026 12:00:00 GMT",
  "at": ["2026-11-02T09:00:00Z", "2026-11-09T09:00:00Z", "2026-11-16T09:00:00Z"]},
 {"name": "sunday", "days": ["Sunday"],
  "start": "Sun, 01 Nov 2026 08:00:00 GMT", "end": "Sun, 01 Nov 2026 12:00:00 GMT",
  "at": ["2026-11-01T09:00:00Z", "2026-11-08T09:00:00Z", "2026-11-15T09:00:00Z"]},
 {"name": "tokyo", "days": ["Monday"],
  "start": "Mon, 02 Nov 2026 08:00:00 +0900", "end": "Mon, 02 Nov 2026 12:00:00 +0900",
  "at": ["2026-11-02T00:00:00Z", "2026-11-09T00:00:00Z", "2026-11-16T00:00:00Z"]}]
JSON

cat > windows.py <<'PY'
import json
from featuremanagement import FeatureManager
from freezegun import freeze_time

for window in json.load(open("windows.json")):
    recurrence = {"Pattern": {"Type": "Weekly", "DaysOfWeek": window["days"]}, "Range": {"Type": "NoEnd"}}
    parameters = {"Start": window["start"], "End": window["end"], "Recurrence": recurrence}
    filters = [{"name": "Microsoft.TimeWindow", "parameters": parameters}]
    flag = {"id": "window", "enabled": True, "conditions": {"client_filters": filters}}
    states = []
    for moment in window["at"]:
        with freeze_time(moment):
            manager = FeatureManager({"feature_management": {"feature_flags": [flag]}})
            states.append("open" if manager.is_enabled("window") else "closed")
    print(window["name"], *states)
PY

cat > windows.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { mock } from 'node:test';
import { ConfigurationObjectFeatureFlagProvider, FeatureManager } from '@microsoft/feature-management';

for (const window of JSON.parse(readFileSync('windows.json', 'utf8'))) {
  const Recurrence = { Pattern: { Type: 'Weekly', DaysOfWeek: window.days }, Range: { Type: 'NoEnd' } };
  const parameters = { Start: window.start, End: window.end, Recurrence };
  const client_filters = [{ name: 'Microsoft.TimeWindow', parameters }];
  const flag = { id: 'window', enabled: true, conditions: { client_filters } };
  const states = [];
  for (const moment of window.at) {
    mock.timers.enable({ apis: ['Date'], now: new Date(moment).getTime() });
    const flags = { feature_management: { feature_flags: [flag] } };
    const manager = new FeatureManager(new ConfigurationObjectFeatureFlagProvider(flags));
    states.push((await manager.isEnabled('window')) ? 'open' : 'closed');
    mock.timers.reset();
  }
  console.log(window.name, ...states);
}
JS

venv/bin/python windows.py > python.txt
TZ=UTC node windows.mjs > javascript.txt 2> warnings.txt

echo "an hour into the first, second and third occurrence:"
for name in monday sunday tokyo; do
  seen "$name in Python" "$(sed -n "s/^$name //p" python.txt)" "open open open"
done
seen "monday in JavaScript" "$(sed -n 's/^monday //p' javascript.txt)" "open open open"
seen "sunday in JavaScript" "$(sed -n 's/^sunday //p' javascript.txt)" "open closed closed"
seen "tokyo in JavaScript" "$(sed -n 's/^tokyo //p' javascript.txt)" "open closed closed"
seen "warnings in JavaScript that Start is no first occurrence" \
  "$(grep -c 'not a valid first occurrence' warnings.txt)" 4
finish
