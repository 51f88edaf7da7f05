#!/usr/bin/env bash
# Runs the fuzzers of the loaders and prints what each did; exit 1 when one of them found something.
# usage: scripts/fuzz.sh [-j JOBS] [SECONDS [FILTER]]     60 s each; FILTER: a regular expression on names, such as '^(onnx|npy)$'
# Corpora grow in build/fuzz/corpus from run to run; findings and logs lie in build/fuzz/findings and build/fuzz/logs.
set -euo pipefail
cd "$(dirname "$0")/.."

jobs=1
if [ "${1:-}" = -j ]; then
  jobs=$2
  shift 2
fi
seconds=${1:-60}
filter=${2:-.}

scripts/build.sh fuzz fuzz >&2

export build=$PWD/build/fuzz seconds
mkdir -p "$build"/{corpus,findings,logs}
rm -rf "$build/seeds"
data=(tests/data)
for folder in ../shared/data /usr/share/libonnx-testdata; do
  [ ! -d "$folder" ] || data+=("$folder")
done
python3 tests/fuzz/make_seeds.py "$build/seeds" "${data[@]}"

# Every input becomes files: in memory, where there is such a folder.
scratch=$(mktemp -d "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")/syncpoint-fuzz-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export TMPDIR=$scratch
# What freed memory is kept for checks counts as used, see the limit below. That of time is long
# because the HDF5 library has its own in a child process, in processor time.
export ASAN_OPTIONS=quarantine_size_mb=64 UBSAN_OPTIONS=print_stacktrace=1

fuzz() { # NAME
  local name=$1 log=$build/logs/$1.log found=no status=0
  mkdir -p "$build/corpus/$name"
  "$build/bin/fuzz-$name" "$build/corpus/$name" "$build/seeds/$name" -dict="$build/seeds/$name.dict" \
    -max_total_time="$seconds" -rss_limit_mb=1024 -timeout=30 -max_len=200000 -print_final_stats=1 \
    -artifact_prefix="$build/findings/$name-" >"$log" 2>&1 || status=$?
  if [ $status -ne 0 ]; then
    found=$(sed -n "s|^artifact_prefix=.*Test unit written to .*/||p" "$log" | head -1)
    found=${found:-"exit code $status, see $log"}
  fi
  printf '%-22s %12s %9s %9s  %s\n' "$name" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
    "$(sed -n 's/^Done .* in \([0-9]*\) second.*/\1/p' "$log")" \
    "$(sed -n 's/^#.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)" "$found"
  [ $status -eq 0 ]
}
export -f fuzz

printf '%-22s %12s %9s %9s  %s\n' target executions seconds coverage finding
sed -n 's/^\([a-z][^ ]*\) .*/\1/p' tests/fuzz/targets.txt | grep -E -- "$filter" |
  xargs -P "$jobs" -I {} bash -c 'fuzz {} || exit 1' || exit 1
