#!/usr/bin/env bash
# Ends with 2 and three lines on standard error (what was expected, what was seen, what to try) unless the machine has
# the program. Usage: require-program.sh npm|python3|go
set -euo pipefail

refuse() {
  printf 'expected: %s\nseen:     %s\ntry:      %s\n' "$1" "$2" "$3" >&2
  exit 2
}

require() {
  local program=$1 expected=$2 remedy=$3
  command -v "$program" >/dev/null || refuse "$expected" "no $program on PATH" "$remedy"
}

case "${1:-}" in
  npm)
    expected='npm with Node.js 18 or later on PATH (Node.js 24 itself is one of the packages)'
    remedy='install Node.js from your package manager or from https://nodejs.org'
    require npm "$expected" "$remedy"
    require node "$expected" "$remedy"
    node -e 'process.exit(Number.parseInt(process.versions.node, 10) < 18 ? 1 : 0)' ||
      refuse "$expected" "Node.js $(node --version)" "$remedy"
    ;;
  python3)
    expected='python3 3.11 or later on PATH, with venv and pip'
    remedy='install python3 and python3-venv from your package manager, or Python from https://www.python.org'
    require python3 "$expected" "$remedy"
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
      refuse "$expected" "$(python3 --version 2>&1)" "$remedy"
    python3 -c 'import venv, ensurepip' 2>/dev/null ||
      refuse "$expected" "$(python3 --version 2>&1) without venv or pip" "$remedy"
    ;;
  go)
    require go 'go 1.21 or later on PATH' 'install Go from https://go.dev/dl'
    ;;
  *)
    refuse 'one of npm, python3, go' "${1:-nothing}" 'require-program.sh go'
    ;;
esac
