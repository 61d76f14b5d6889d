#!/usr/bin/env bash
# Argo Rollouts: a query that finds nothing is an error, or a pass, by the function around it.
#
# Product   github.com/argoproj/argo-rollouts v1.10.1 (Go module), its own judge of a condition, utils/evaluate.
# What      The provider answers with no series: a misspelt label, a canary that is not scraped yet. Conditions that mean
#           the same on any data part ways: `result[0] < 0.05`, `max(result) < 0.05` and `first(result) < 0.05` end in
#           Error, "no data returned from the metric provider". `mean(result) < 0.05`, `median(result) < 0.05`,
#           `sum(result) < 0.05` and `all(result, # < 0.05)` are Successful: of nothing, each is 0 or true. From above,
#           `mean(result) > 0.95`, the same nothing is Failed. As a failureCondition, `mean(result) > 0.05` passes it.
# Expected  The error's own words say what a release engineer wants to hear, and say it for three of seven. The
#           documentation recommends `default`, `isNil` and `len(result)` for missing data, in examples with `result[0]`.
# Rollout   An analysis of error rates averaged over pods passes at every measurement when its query matches nothing; one of
#           success rates fails at the first. Written with `len(result) > 0 && ...`, both fail.
# Seen      2026-12-01.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

argo_conditions
echo "no series, under"
while IFS='|' read -r kind condition before; do
  seen "$kind ${condition}" "$(./argo <<< "$kind;$condition;")" "$before"
done <<'TXT'
success|result[0] < 0.05|Error
success|max(result) < 0.05|Error
success|first(result) < 0.05|Error
success|mean(result) < 0.05|Successful
success|median(result) < 0.05|Successful
success|sum(result) < 0.05|Successful
success|all(result, # < 0.05)|Successful
success|mean(result) > 0.95|Failed
failure|mean(result) > 0.05|Successful
success|len(result) > 0 && mean(result) < 0.05|Failed
TXT
finish 2026-12-01
