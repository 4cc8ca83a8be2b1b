#!/usr/bin/env bash
# Everything a change must pass, in the order of what fails fastest. Arguments go to pytest, e.g. tests/core -k money.
source "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"
# As in CI: a test that misses one of the programs below fails instead of being skipped.
export CI=true QT_QPA_PLATFORM=offscreen
started=$SECONDS

step() {
  local name=$1 from=$SECONDS
  shift
  echo
  echo "== $name"
  "$@" || stop "== $name: failed after $((SECONDS - from)) s"
  echo "== $name: $((SECONDS - from)) s"
}

# shellcheck disable=SC2086 # lists of names
step "system packages" system_packages $window_packages $test_packages
step "environment" environment dev
export PATH="$top/.venv/bin:$PATH"

step "layout of the code (ruff format)" ruff format --check --quiet .
step "lint (ruff)" ruff check .
step "types (mypy)" mypy
step "import contracts (import-linter)" lint-imports --no-cache
# Two workers for two cores; a file's tests stay together, because they share what is dear to make (an office file, a window).
step "tests (pytest)" pytest -n 2 --dist loadfile --cov --cov-report=term "$@"
echo
echo "== all passed in $((SECONDS - started)) s"
