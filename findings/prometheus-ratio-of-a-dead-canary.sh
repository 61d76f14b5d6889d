#!/usr/bin/env bash
# Prometheus: after a canary is gone, its error ratio rises, and an alert can begin to fire minutes later.
#
# Product   promtool 2.42.0 (Debian 12, package prometheus), a recorded ratio over five minutes, its own unit test.
# What      A canary answers for six minutes, the last of them with half of its answers as errors, and is then taken
#           away: no more samples. The ratio of errors in five minutes is 11 % when the last sample arrives. It does
#           not fall and does not end: without one new request it is 18 % two minutes later, 35 % after three and a
#           half, 50 % after four, since the window leaves the good minutes behind and holds the bad one only. Then it
#           is gone.
# Expected  The documentation of rate() says that it extrapolates to the ends of the window and leaves the impression
#           of a value that fades out. Numerator and denominator fade alike, so that their ratio does not.
# Rollout   A gate "above 30 % for the last look" passes while the canary lives and fires three and a half minutes
#           after it was stopped: a second rollback, or a page, for a version that no longer runs. Who retries at once
#           is judged by the samples of the version before. (Seen as well with Prometheus 3.16 from its Go module.)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

apt-get download prometheus=2.42.0+ds-5+deb12u1 > /dev/null 2> apt.log \
  || { echo "needs Debian 12: $(tail -n 1 apt.log)"; exit 2; }
dpkg-deb --extract prometheus_*.deb prometheus
echo "with $(prometheus/usr/bin/promtool --version 2>&1 | head -n 1) (Debian)"

cat > rules.yml <<'YAML'
groups:
  - name: canary
    rules:
      - record: canary:errors:ratio_rate5m
        expr: |
          sum(rate(requests_total{version="canary", code="500"}[5m]))
            / sum(rate(requests_total{version="canary"}[5m]))
YAML

# value MOMENT: the ratio at that moment, as the unit test reports it against an empty expectation.
value() {
  cat > test.yml <<YAML
evaluation_interval: 30s
rule_files: [rules.yml]
tests:
  - interval: 15s
    input_series:
      - series: 'requests_total{version="canary", code="200"}'
        values: '0+90x20 1850+50x3 _x60'
      - series: 'requests_total{version="canary", code="500"}'
        values: '0+0x20 50+50x3 _x60'
    promql_expr_test:
      - {expr: 'canary:errors:ratio_rate5m', eval_time: $1, exp_samples: []}
YAML
  local got
  got=$(prometheus/usr/bin/promtool test rules test.yml 2>&1 | sed -n 's/.*got: *{.*} \(.*\)/\1/p')
  python3 -c 'import sys; print(f"{float(sys.argv[1]):.1%}" if sys.argv[1] else "gone")' "$got"
}

echo "the ratio, the last sample is that of 6m:"
while read -r moment before; do
  seen "$moment" "$(value "$moment")" "$before"
done <<'TXT'
6m 10.9%
8m 17.9%
9m30s 34.5%
10m 50.0%
10m30s 50.0%
11m30s gone
TXT
finish
