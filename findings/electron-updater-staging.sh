#!/usr/bin/env bash
# electron-updater: a staged rollout of 0.5 % reaches nobody, one of "10%" reaches 10 %, a word reaches everybody, and
# each release meets the same people first.
#
# Product   electron-updater 6.8.10 (npm), its own decision called without Electron, for 2000 fixed installations.
# What      `stagingPercentage` of an update file is read up to the first character that is no digit: 0.5 and 0.99 are
#           0 and reach no one, 1.9 is 1. What does not begin with a digit ("beta", "~5") is not a number and reaches
#           everyone, with a warning in the log of the user's machine. The share is compared with the last four bytes
#           of a random id that an installation keeps for life; the version has no part in it, so that those who get
#           the 5 % of one release are the 5 % of all.
# Expected  The documentation (electron.build, "Auto Update", "Staged Rollouts") introduces the field as the
#           percentage of users to roll out to and says neither that fractions are dropped, nor that an unreadable
#           value counts as 100, nor that the group is always the same. A value that cannot be read usually stops a
#           rollout.
# Rollout   A cautious first step of half a percent is a silent hold: nothing is learned and nothing breaks. A slip in
#           the file skips all stages. And since the same few see each new version first, they carry all the risk,
#           while what breaks for other machines is never seen at 5 %.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

node_with electron-updater@6.8.10

cat > reached.cjs <<'JS'
const { createHash } = require('node:crypto');
const { AppUpdater } = require('electron-updater/out/AppUpdater');

const app = { version: '1.0.0', name: 'shop', isPackaged: true, whenReady: async () => {}, onQuit() {} };
const quiet = { info() {}, warn() {}, error() {}, debug() {} };
const updater = new AppUpdater(null, app);
updater.logger = quiet;

const uuid = (number) => {
  const hex = createHash('sha256').update(`installation ${number}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

async function reached(version, stagingPercentage) {
  const numbers = [];
  for (let number = 0; number < 2000; number += 1) {
    updater.stagingUserIdPromise = { value: Promise.resolve(uuid(number)) };
    if (await updater.isUpdateAvailable({ version, stagingPercentage })) numbers.push(number);
  }
  return numbers;
}

(async () => {
  for (const percentage of [0, 0.5, 0.99, 1, 1.9, 5, '10%', 'beta', '~5', 100]) {
    console.log(`${percentage}:`, (await reached('2.0.0', percentage)).length);
  }
  const two = new Set(await reached('2.0.0', 5));
  const three = await reached('3.0.0', 5);
  console.log('again:', three.filter((number) => two.has(number)).length);
})();
JS
node reached.cjs > reached.txt

echo "of 2000 installations an update to 2.0.0 is offered to, by stagingPercentage:"
while read -r percentage before; do
  seen "$percentage" "$(sed -n "s/^$percentage: //p" reached.txt)" "$before"
done <<'TXT'
0 0
0.5 0
0.99 0
1 9
1.9 9
5 100
10% 216
beta 2000
~5 2000
100 2000
TXT
seen "in the 5 % of 2.0.0 and again in the 5 % of 3.0.0" "$(sed -n 's/^again: //p' reached.txt)" 100
finish
