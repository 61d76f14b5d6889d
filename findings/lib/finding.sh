# Shared by the findings; sourced, never run. Gives a temporary folder `$work` that is removed on exit,
# `python_with`, `node_with` and `cargo_with` to fill it with pinned packages, and `seen` and `finish` to compare what a
# tool does today with what it did when the finding was written.

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
changed=0
export NODE_NO_WARNINGS=1

# Installs pinned packages from PyPI, in the order given, and leaves the interpreter at $work/venv/bin/python.
python_with() {
  [ -d venv ] || python3 -m venv venv
  local package
  for package in "$@"; do
    venv/bin/python -m pip install --quiet --no-compile --disable-pip-version-check "$package"
    echo "with $package (PyPI)"
  done
}

# Installs pinned packages from npm; programs in $work find them.
node_with() {
  [ -f package.json ] || echo '{"private": true}' > package.json
  npm install --silent --no-audit --no-fund --no-progress --ignore-scripts "$@"
  printf 'with %s (npm)\n' "$@"
}

# cargo_with NAME VERSION: a program in $work/src/main.rs with one pinned crate; `./target/debug/finding` runs it.
cargo_with() {
  printf '[package]\nname = "finding"\nversion = "0.0.0"\nedition = "2021"\n\n[dependencies]\n%s = "=%s"\n' "$1" "$2" > Cargo.toml
  cargo build --quiet
  printf 'with %s %s (crates.io)\n' "$1" "$2"
}

# seen WHAT NOW THEN: prints what is seen now; remembers whether it differs from what was seen then.
seen() {
  if [ "$2" = "$3" ]; then
    printf '  %s: %s\n' "$1" "$2"
  else
    printf '  %s: %s   CHANGED, it was: %s\n' "$1" "$2" "$3"
    changed=1
  fi
}

# Ends the script: 0 while the tool behaves as recorded, 1 once it does not.
finish() {
  if [ "$changed" = 0 ]; then echo "as recorded on ${1:-2026-11-30}"; else echo "the behaviour has changed"; fi
  exit "$changed"
}

# argo_conditions: `./argo` decides as Argo Rollouts 1.10.1 does, with its package utils/evaluate. A line of its input is
# success or failure, a condition, and the values of the series that were found, with a semicolon in between; the answer
# is the phase of the measurement.
argo_conditions() {
  printf 'module finding\n\ngo 1.24\n' > go.mod
  cat > main.go <<'GO'
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/argoproj/argo-rollouts/utils/evaluate"
	log "github.com/sirupsen/logrus"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		parts := strings.Split(lines.Text(), ";")
		metric := v1alpha1.Metric{Name: "errors"}
		if parts[0] == "success" {
			metric.SuccessCondition = parts[1]
		} else {
			metric.FailureCondition = parts[1]
		}
		found := []float64{}
		for _, word := range strings.Fields(parts[2]) {
			value, err := strconv.ParseFloat(word, 64)
			if err != nil {
				panic(err)
			}
			found = append(found, value)
		}
		phase, _ := evaluate.EvaluateResult(found, metric, *log.NewEntry(log.StandardLogger()))
		fmt.Println(phase)
	}
}
GO
  export GOFLAGS="-p=1 -mod=mod -buildvcs=false"
  go get github.com/argoproj/argo-rollouts@v1.10.1 > go.log 2>&1 && go mod tidy >> go.log 2>&1 && go build -o argo . >> go.log 2>&1 \
    || { echo "needs Go 1.26: $(tail -n 1 go.log)"; exit 2; }
  echo "with github.com/argoproj/argo-rollouts v1.10.1 (Go module)"
}
