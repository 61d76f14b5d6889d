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
  if [ "$changed" = 0 ]; then echo "as recorded on 2026-11-30"; else echo "the behaviour has changed"; fi
  exit "$changed"
}
