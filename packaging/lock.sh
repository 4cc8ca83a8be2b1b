#!/usr/bin/env bash
# Makes requirements.txt and requirements-dev.txt (exact versions with hashes, no index address) from the .in files.
# Run it after a change of a .in file; give --upgrade to take newer versions. Needs uv (python3 -m pip install uv).
set -euo pipefail
cd "$(dirname "$0")"
for part in requirements requirements-dev; do
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --custom-compile-command 'bash packaging/lock.sh' "$@" --output-file "$part.txt" "$part.in"
done
