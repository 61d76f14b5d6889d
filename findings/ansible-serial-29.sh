#!/usr/bin/env bash
# Ansible: `serial: 29%` of 100 hosts is 28 hosts, and `serial: 12.5%` is an error.
#
# Product   ansible-core 2.19.14 (PyPI), a play on 100 and on 50 local names; no host is contacted.
# What      The size of a batch is the percentage divided by 100 as a binary fraction, times the hosts, cut to a whole
#           number. 29/100 is a little less than 0.29, so that 29 % of 100 are 28; also 57 % are 56, 58 % of 50 are
#           28. 30 % are 30. A percentage with a decimal point is refused with "probably a bug".
# Expected  Ansible's guide "Controlling playbook execution: strategies and more" says that a percentage is applied to
#           the hosts of a play to give the hosts of a pass, and that the last pass has the rest. 29 % of 100 is a
#           whole number, nothing has to be rounded.
# Rollout   Seldom more than one host, and always too few, never too many. But a plan, a simulator or a change request
#           that says "29, then the rest" does not match the log of the run, and two batches that should hold 57 and
#           43 hold 56 and 44.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

python_with ansible-core==2.19.14

for hosts in 50 100; do
  seq -f 'host%g ansible_connection=local' "$hosts" > "hosts$hosts.ini"
done
cat > play.yml <<'YAML'
- hosts: all
  gather_facts: false
  serial: "{{ batch }}"
  tasks:
    - ansible.builtin.debug:
        msg: "batch of {{ ansible_play_batch | length }}"
      run_once: true
YAML

# batches HOSTS SERIAL: the sizes of the batches in their order.
batches() {
  ANSIBLE_LOCALHOST_WARNING=false venv/bin/ansible-playbook -i "hosts$1.ini" play.yml -e "batch=$2" 2>&1 \
    | sed -n 's/.*"batch of \([0-9]*\)".*/\1/p' | xargs
}

echo "batches:"
seen "30 % of 100" "$(batches 100 30%)" "30 30 30 10"
seen "29 % of 100" "$(batches 100 29%)" "28 28 28 16"
seen "57 % of 100" "$(batches 100 57%)" "56 44"
seen "58 % of 50" "$(batches 50 58%)" "28 22"
refusal=$(venv/bin/ansible-playbook -i hosts100.ini play.yml -e batch=12.5% 2>&1 \
  | grep -o -m 1 'invalid literal.*' || true)
seen "12.5 % of 100" "$refusal" "invalid literal for int() with base 10: '12.5'"
finish
