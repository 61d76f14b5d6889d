#!/usr/bin/env bash
# Argo Rollouts: beside a pod without traffic, a pod with 90 % errors is or is not noticed, by the order of the series.
#
# Product   github.com/argoproj/argo-rollouts v1.10.1 (Go module), its own judge of a condition, utils/evaluate.
# What      A query of an error ratio by pod answers NaN for a pod that got no request (0 / 0). With the failureCondition
#           `max(result) > 0.05` the series [NaN, 0.9] are Successful and [0.9, NaN] Failed; `median(result) > 0.05` passes
#           [0.01, 0.9, NaN, 0.9, 0.01] and fails [NaN, 0.9, 0.9]; `mean(result) > 0.05` passes wherever the NaN stands.
#           The successCondition `max(result) < 0.05` takes the healthy [0.01, NaN] and fails the healthy [NaN, 0.01].
# Expected  The largest of some values is the same in any order. Prometheus does not promise an order of the series of an
#           answer, so that the same state of the same pods may pass now and fail at the next measurement.
# Rollout   At 1 % of the traffic some canary pods are idle now and then: whether a broken one beside them is noticed is a
#           matter of labels. `any(result, # > 0.05)` finds it in any order.
# Seen      2026-12-01.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

argo_conditions
while IFS='|' read -r kind condition values before; do
  seen "$kind $condition of [$values]" "$(./argo <<< "$kind;$condition;$values")" "$before"
done <<'TXT'
failure|max(result) > 0.05|NaN 0.9|Successful
failure|max(result) > 0.05|0.9 NaN|Failed
failure|median(result) > 0.05|0.01 0.9 NaN 0.9 0.01|Successful
failure|median(result) > 0.05|NaN 0.9 0.9|Failed
failure|mean(result) > 0.05|NaN 0.9|Successful
failure|mean(result) > 0.05|0.9 NaN|Successful
success|max(result) < 0.05|0.01 NaN|Successful
success|max(result) < 0.05|NaN 0.01|Failed
failure|any(result, # > 0.05)|NaN 0.9|Failed
failure|any(result, # > 0.05)|0.9 NaN|Failed
TXT
finish 2026-12-01
