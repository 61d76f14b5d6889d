#!/usr/bin/env bash
# ConfigCat: a client that calls itself "v1.2.0" is new enough in Node and not in Python; "false" is in another part
# of a split.
#
# Product   configcat-node 11.4.1 (npm) and configcat-client 10.0.1 (PyPI), one configuration. Node gets it from a
#           server on the loopback address that its own program starts and ends, Python reads the file.
# What      The condition "version at least 1.2.0" (semantic version): Node takes off a leading v, so that "v1.2.0"
#           and "v2.0.0" match; for Python they are no versions, the condition is skipped and the user gets the rest.
#           A percentage split by an attribute that is a boolean hashes "false" in Node and "False" in Python: of
#           three parts, all users with false are in the last in Node and in the middle one in Python.
# Expected  The semantic versioning page itself (semver.org, in its questions) says that "v1.2.3" is no semantic
#           version, and Python logs that the condition cannot be evaluated for that reason. Two SDKs of one product
#           agree.
# Rollout   git tags begin with v, and builds that report their tag are common. A floor for a release that needs the
#           new client opens the feature for them in one service and not in the other, and the dashboard, which shows
#           one condition, cannot tell which.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

python_with configcat-client==10.0.1
node_with configcat-node@11.4.1

# The form of ConfigCat's own files: comparator 9 is "at least" on semantic versions.
cat > configuration.json <<'JSON'
{"p": {"u": "", "r": 0, "s": "salt"}, "s": [], "f": {
  "floor": {"t": 1, "v": {"s": "old"}, "i": "i0",
    "r": [{"c": [{"u": {"a": "value", "c": 9, "s": "1.2.0"}}], "s": {"v": {"s": "new"}, "i": "i1"}}]},
  "split": {"t": 1, "v": {"s": "none"}, "i": "i2", "a": "value",
    "p": [{"p": 33, "v": {"s": "a"}, "i": "i3"}, {"p": 33, "v": {"s": "b"}, "i": "i4"},
      {"p": 34, "v": {"s": "c"}, "i": "i5"}]}}}
JSON
cat > cases.json <<'JSON'
[["floor", "1.2.0"], ["floor", "2.0.0"], ["floor", "1.1.9"], ["floor", "v1.2.0"], ["floor", "v2.0.0"],
 ["split", "berlin"], ["split", 42], ["split", true], ["split", false]]
JSON

cat > evaluate.py <<'PY'
import json, logging
import configcatclient
from configcatclient.configcatoptions import ConfigCatOptions
from configcatclient.localfiledatasource import LocalFileFlagOverrides
from configcatclient.overridedatasource import OverrideBehaviour
from configcatclient.user import User

logging.disable(logging.CRITICAL)
overrides = LocalFileFlagOverrides("configuration.json", OverrideBehaviour.LocalOnly)
client = configcatclient.get("localhost", ConfigCatOptions(flag_overrides=overrides))
for key, value in json.load(open("cases.json")):
    print(client.get_value(key, "error", User("somebody", custom={"value": value})))
client.close()
PY

cat > evaluate.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createConsoleLogger, getClient, LogLevel, PollingMode, User } from 'configcat-node';

const body = readFileSync('configuration.json');
const server = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1');
await new Promise((resolve) => server.on('listening', resolve));
const client = getClient('configcat-sdk-1/aaaaaaaaaaaaaaaaaaaaaa/aaaaaaaaaaaaaaaaaaaaaa', PollingMode.ManualPoll, {
  baseUrl: `http://127.0.0.1:${server.address().port}`, logger: createConsoleLogger(LogLevel.Off),
});
await client.forceRefreshAsync();
for (const [key, value] of JSON.parse(readFileSync('cases.json', 'utf8'))) {
  console.log(await client.getValueAsync(key, 'error', new User('somebody', undefined, undefined, { value })));
}
client.dispose();
server.closeAllConnections();
server.close();
JS

timeout 60 venv/bin/python evaluate.py > python.txt
timeout 60 node evaluate.mjs > node.txt
python3 -c 'import json
for key, value in json.load(open("cases.json")):
    print(key, json.dumps(value))' > names.txt

echo "flag and attribute: Node, Python:"
while IFS='|' read -r name now before; do
  seen "$name" "$now" "$before"
done < <(paste -d '|' names.txt <(paste -d ' ' node.txt python.txt) - <<'TXT'
new new
new new
old old
new old
new old
c c
a a
a a
c b
TXT
)
finish
