#!/usr/bin/env bash
# Microsoft feature management: after the clocks change, a daily window depends on the zone of the server.
#
# Product   @microsoft/feature-management 2.3.1 (npm); FeatureManagement 2.2.0 (PyPI) beside it. Frozen clocks.
# What      A daily window from 08:00 to 09:00 GMT, written as GMT. JavaScript finds the occurrences by adding days in
#           the local time of the process, and counts them in days of 24 hours. On a server in UTC the window is open
#           from 08:00 to 09:00. On one in Berlin, begun in summer: after the change in October it is open from 08:00
#           to 10:00, two hours for one. Begun in winter: after the change in March it never opens again. Python keeps
#           08:00 to 09:00 GMT whatever the zone of the server.
# Expected  Start and End name an instant with its zone, so that the same definition means the same hours on every
#           server. The documentation (learn.microsoft.com, "Enable features on a schedule") defines an occurrence as
#           the window from Start to End repeated by the pattern, and does not mention the server's zone.
# Rollout   A nightly hour in which a migration may run is gone from March to October on developers' machines and on
#           every server that is not in UTC, with no error and no warning; a freeze is an hour longer or is not there.
#           Tests in CI, where the zone is UTC, see none of it.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

python_with FeatureManagement==2.2.0 freezegun==1.5.5
node_with @microsoft/feature-management@2.3.1

# Each line: the first day of the window, and a day after the clocks of Berlin have changed.
cat > seasons.txt <<'TXT'
summer Thu, 22 Oct 2026|2026-10-26
winter Mon, 22 Mar 2027|2027-03-29
TXT

cat > minutes.py <<'PY'
from datetime import datetime, timedelta, timezone
from featuremanagement import FeatureManager
from freezegun import freeze_time

for line in open("seasons.txt"):
    name, rest = line.strip().split(" ", 1)
    first, day = rest.split("|")
    recurrence = {"Pattern": {"Type": "Daily", "Interval": 1}, "Range": {"Type": "NoEnd"}}
    parameters = {"Start": f"{first} 08:00:00 GMT", "End": f"{first} 09:00:00 GMT", "Recurrence": recurrence}
    filters = [{"name": "Microsoft.TimeWindow", "parameters": parameters}]
    flag = {"id": "window", "enabled": True, "conditions": {"client_filters": filters}}
    opened = []
    for minute in range(15, 24 * 60, 30):
        moment = datetime.fromisoformat(day).replace(tzinfo=timezone.utc) + timedelta(minutes=minute)
        with freeze_time(moment):
            manager = FeatureManager({"feature_management": {"feature_flags": [flag]}})
            if manager.is_enabled("window"):
                opened.append(moment.strftime("%H:%M"))
    print(name, *(opened or ["never"]))
PY

cat > minutes.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { mock } from 'node:test';
import { ConfigurationObjectFeatureFlagProvider, FeatureManager } from '@microsoft/feature-management';

for (const line of readFileSync('seasons.txt', 'utf8').trim().split('\n')) {
  const [, name, first, day] = line.match(/^(\w+) (.*)\|(.*)$/);
  const Recurrence = { Pattern: { Type: 'Daily', Interval: 1 }, Range: { Type: 'NoEnd' } };
  const parameters = { Start: `${first} 08:00:00 GMT`, End: `${first} 09:00:00 GMT`, Recurrence };
  const client_filters = [{ name: 'Microsoft.TimeWindow', parameters }];
  const flag = { id: 'window', enabled: true, conditions: { client_filters } };
  const opened = [];
  for (let minute = 15; minute < 24 * 60; minute += 30) {
    const now = new Date(`${day}T00:00:00Z`).getTime() + minute * 60_000;
    mock.timers.enable({ apis: ['Date'], now });
    const flags = { feature_management: { feature_flags: [flag] } };
    const manager = new FeatureManager(new ConfigurationObjectFeatureFlagProvider(flags));
    if (await manager.isEnabled('window')) opened.push(new Date(now).toISOString().slice(11, 16));
    mock.timers.reset();
  }
  console.log(name, ...(opened.length ? opened : ['never']));
}
JS

echo "asked each half hour of the day after the change, times in GMT, where the window is open:"
for season in summer winter; do
  for zone in UTC Europe/Berlin; do
    seen "begun in $season, Python, server in $zone" \
      "$(TZ=$zone venv/bin/python minutes.py | sed -n "s/^$season //p")" "08:15 08:45"
  done
  seen "begun in $season, JavaScript, server in UTC" \
    "$(TZ=UTC node minutes.mjs | sed -n "s/^$season //p")" "08:15 08:45"
done
seen "begun in summer, JavaScript, server in Berlin" \
  "$(TZ=Europe/Berlin node minutes.mjs | sed -n 's/^summer //p')" "08:15 08:45 09:15 09:45"
seen "begun in winter, JavaScript, server in Berlin" \
  "$(TZ=Europe/Berlin node minutes.mjs | sed -n 's/^winter //p')" never
finish
