#!/usr/bin/env bash
# One cron line for the start of a freeze is no time, one time or two in the night the clocks change, by the library.
#
# Product   github.com/robfig/cron/v3 v3.0.1 (Go; the one inside Kubernetes CronJobs and Argo CD sync windows),
#           croniter 7.0.0 (PyPI) and cron-parser 5.10.6 (npm), each told the zone Europe/Berlin.
# What      "0 2 * * 0", each Sunday at 02:00. On 28 March 2027, when 02:00 does not exist: no time in Go, 03:00 in
#           Python and JavaScript. On 25 October 2026, when it exists twice: twice in Go and Python, once in
#           JavaScript. "30 2 * * *" in March: never, 03:00 and 03:30. "0 */2 * * *", every two hours, leaves a gap of
#           four hours in Go in March, and one of three in JavaScript in October; Python has 02:00 twice.
# Expected  robfig's documentation does warn that jobs in the skipped hour are not run, and is silent on the doubled
#           hour. The man page of Debian's cron runs a job of the skipped hour soon after and one of the doubled hour
#           once. Whoever moves a line from one scheduler to another expects the same times.
# Rollout   A freeze that "begins on Sunday at 02:00" does not begin in March, or begins again an hour later, after
#           somebody has lifted it; the page that shows the windows in JavaScript and the controller in Go disagree.
#           Of three tools on one line no two have the same nights.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

python_with croniter==7.0.0
node_with cron-parser@5.10.6
cat > go.mod <<'MOD'
module times
go 1.21
MOD
export GOFLAGS="-p=1 -mod=mod"
go get github.com/robfig/cron/v3@v3.0.1 2> go.log
echo "with github.com/robfig/cron/v3 v3.0.1 (Go module)"

# Each line: the expression, and the first and last instant of the day in Berlin.
cat > nights.txt <<'TXT'
0 2 * * 0|2027-03-27T23:00:00Z|2027-03-28T22:00:00Z
0 2 * * 0|2026-10-24T22:00:00Z|2026-10-25T23:00:00Z
30 2 * * *|2027-03-27T23:00:00Z|2027-03-28T22:00:00Z
30 2 * * *|2026-10-24T22:00:00Z|2026-10-25T23:00:00Z
0 */2 * * *|2027-03-27T23:00:00Z|2027-03-28T06:00:00Z
0 */2 * * *|2026-10-24T22:00:00Z|2026-10-25T05:00:00Z
TXT

cat > times.py <<'PY'
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo
from croniter import croniter

for line in open("nights.txt"):
    expression, first, last = line.strip().split("|")
    moment, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
    times, schedule = [], croniter(expression, (moment - timedelta(seconds=1)).astimezone(ZoneInfo("Europe/Berlin")))
    while (moment := schedule.get_next(datetime)) < end:
        times.append(moment.astimezone(timezone.utc).strftime("%H:%M"))
    print(" ".join(times) or "never")
PY

cat > times.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { CronExpressionParser } from 'cron-parser';

for (const line of readFileSync('nights.txt', 'utf8').trim().split('\n')) {
  const [expression, first, last] = line.split('|');
  const currentDate = new Date(new Date(first).getTime() - 1000);
  const schedule = CronExpressionParser.parse(expression, { currentDate, tz: 'Europe/Berlin' });
  const times = [];
  for (let moment = schedule.next().toDate(); moment < new Date(last); moment = schedule.next().toDate()) {
    times.push(moment.toISOString().slice(11, 16));
  }
  console.log(times.join(' ') || 'never');
}
JS

cat > times.go <<'GO'
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"time"
	_ "time/tzdata"

	"github.com/robfig/cron/v3"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func main() {
	berlin := must(time.LoadLocation("Europe/Berlin"))
	lines := bufio.NewScanner(must(os.Open("nights.txt")))
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "|")
		schedule := must(cron.ParseStandard(fields[0]))
		moment, end := must(time.Parse(time.RFC3339, fields[1])), must(time.Parse(time.RFC3339, fields[2]))
		var times []string
		for moment = schedule.Next(moment.Add(-time.Second).In(berlin)); moment.Before(end); moment = schedule.Next(moment) {
			times = append(times, moment.UTC().Format("15:04"))
		}
		if times == nil {
			times = []string{"never"}
		}
		fmt.Println(strings.Join(times, " "))
	}
}
GO

venv/bin/python times.py > python.txt
node times.mjs > javascript.txt
go run times.go > go.txt


# What Go, Python and JavaScript said, line by line of nights.txt.
cat > before.txt <<'TXT'
never|01:00|01:00
00:00 01:00|00:00 01:00|00:00
never|01:00|01:30
00:30 01:30|00:30 01:30|00:30
23:00 02:00 04:00|23:00 01:00 02:00 04:00|23:00 01:00 02:00 04:00
22:00 00:00 01:00 03:00|22:00 00:00 01:00 03:00|22:00 00:00 03:00
TXT

echo "times in UTC; the clocks of Berlin change at 01:00:"
while IFS='|' read -r night go python javascript before_go before_python before_javascript; do
  seen "$night, Go" "$go" "$before_go"
  seen "$night, Python" "$python" "$before_python"
  seen "$night, JavaScript" "$javascript" "$before_javascript"
done < <(sed 's/T.*//; s/|/ on the night of /' nights.txt | paste -d '|' - go.txt python.txt javascript.txt before.txt)
finish
