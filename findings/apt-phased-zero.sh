#!/usr/bin/env bash
# apt: a phased update that is stopped at 0 % still goes to one machine in 101.
#
# Product   apt 2.6.1 (Debian 12); the script takes the apt of its machine, on an archive of 4000 packages made here.
# What      apt draws a whole number from 0 to 100, both included, from the source package, its version and the id of
#           the machine, and holds an update back when the number is larger than Phased-Update-Percentage. These are
#           101 numbers: 0 passes on 1/101 = 0.99 % of the machines, 1 on 1.98 %, 50 on 50.5 %, and 99 on all but
#           1/101.
# Expected  apt_preferences(5), "Phased Updates", does say that the number is in the range [0, 100] and that a larger
#           one holds back. But Ubuntu's description of stable release updates stops a bad update by setting the field
#           to 0, so that package managers do not install it, and an integer percentage from 0 to 100 has 0 for
#           nobody.
# Rollout   "Stopped" is not zero exposure: of a million machines about 9900 go on to install the bad version, by
#           unattended upgrades as well, until the version leaves the archive. The first stage is twice its name at 1
#           %.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib/finding.sh"

command -v apt-get > /dev/null || { echo "needs apt, as on Debian or Ubuntu"; exit 2; }
echo "with $(apt-get --version | head -n 1)"

mkdir -p archive lists/partial cache/archives/partial etc/preferences.d etc/apt.conf.d
echo "deb [trusted=yes] file:$work/archive ./" > etc/sources.list
cat > archive.py <<'PY'
packages, status = open("archive/Packages", "w"), open("status", "w")
for percentage in (0, 1, 50, 99):
    for number in range(1000):
        name = f"shop-{percentage}-{number:03}"
        common = f"Package: {name}\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\nDescription: none\n"
        digest = f"{number:064x}"
        packages.write(f"{common}Version: 2\nFilename: ./{name}.deb\nSize: 1\nSHA256: {digest}\n"
                       f"Phased-Update-Percentage: {percentage}\n\n")
        status.write(f"{common}Version: 1\nStatus: install ok installed\n\n")
PY
python3 archive.py

apt() {
  apt-get -o Dir::Etc="$work/etc" -o Dir::Etc::sourcelist="$work/etc/sources.list" -o Dir::Etc::sourceparts=- \
    -o Dir::State::lists="$work/lists" -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache" \
    -o APT::Sandbox::User=root -o APT::Machine-ID=0123456789abcdef0123456789abcdef "$@"
}
apt update > /dev/null 2>&1
apt --simulate upgrade > upgrade.txt 2> /dev/null

echo "of 1000 packages each, one machine installs:"
seen "at   0 %" "$(grep -c '^Inst shop-0-' upgrade.txt)" 13
seen "at   1 %" "$(grep -c '^Inst shop-1-' upgrade.txt)" 20
seen "at  50 %" "$(grep -c '^Inst shop-50-' upgrade.txt)" 497
seen "at  99 %" "$(grep -c '^Inst shop-99-' upgrade.txt)" 992
finish
