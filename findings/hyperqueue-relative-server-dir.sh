#!/usr/bin/env bash
# HyperQueue 0.27.0 (PyPI), 2026-11-30: `LocalCluster(server_dir=DIR)` cannot start a worker where DIR is relative.
#
# The server writes its access record to DIR/001/access.json and makes the link DIR/hq-current -> DIR/001. The target is
# written as it was given: a relative one is looked up from DIR, not from the current folder, so that the link leads
# nowhere. A worker of the same cluster then looks for DIR/access.json and fails:
#   RuntimeError: Cannot load access record from ".../DIR/access.json"
# With an absolute DIR, or without any, the same worker starts.
#
# One would expect a relative folder to be as good as an absolute one; an absolute link, or `hq-current -> 001`, would do.
#
# Exit code 0 while it is so; 1 once it is not.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
python3 -m venv venv
venv/bin/pip install -q hyperqueue==0.27.0
cat > cluster.py <<'PY'
import sys
from hyperqueue import LocalCluster
from hyperqueue.cluster import WorkerConfig

with LocalCluster(server_dir=sys.argv[1], worker_config=WorkerConfig(cores=1)):
    print("started")
PY
if ! timeout 60 venv/bin/python cluster.py "$T/absolute" > absolute.out 2>&1; then
  echo "it has changed: no worker starts beside an absolute folder either"
  exit 1
fi
if timeout 60 venv/bin/python cluster.py relative > relative.out 2>&1; then
  echo "it has changed: a worker starts beside a relative folder"
  exit 1
fi
grep -q 'Cannot load access record from ".*/relative/access.json"' relative.out
[ "$(readlink relative/hq-current)" = relative/001 ] && [ ! -e relative/hq-current ]
echo "as described: relative/hq-current -> relative/001 leads nowhere"
