#!/usr/bin/env bash
# Writes the table of docs/formats.md from what the program says. usage: scripts/update-format-table.sh [--check] CLI
# CLI: the built syncpoint-cli. With --check nothing is written; exit 1 when the table is not what the program says.
set -euo pipefail
check=no
if [ "${1-}" = --check ]; then
  check=yes
  shift
fi
cli=$(realpath "${1:?usage: scripts/update-format-table.sh [--check] CLI}")
cd "$(dirname "$0")/.."

page=docs/formats.md
written=$(mktemp)
trap 'rm -f "$written"' EXIT
sed '/^<!-- generated/q' "$page" >"$written"
"$cli" formats --markdown >>"$written"
if [ $check = no ]; then
  cat "$written" >"$page"
elif ! diff -u "$page" "$written"; then
  echo "$page is not current: run scripts/update-format-table.sh CLI" >&2
  exit 1
fi
