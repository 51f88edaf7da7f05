#!/usr/bin/env bash
# Configures (once) and builds a CMake preset. usage: scripts/build.sh PRESET [use of setup.sh…]
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1
shift

# Asking dpkg about every package takes a second; the stamp says that this very list was installed.
stamp=build/setup-$(cat scripts/setup.sh scripts/fetch-onnxruntime.sh | cksum | cut -d' ' -f1)$(printf -- '-%s' "$@")
if [ ! -e "$stamp" ]; then
  scripts/setup.sh "$@"
  mkdir -p build
  touch "$stamp"
fi
[ -e "build/$preset/build.ninja" ] || cmake --preset "$preset" >"build/configure-$preset.log" || {
  cat "build/configure-$preset.log" >&2
  exit 1
}
cmake --build --preset "$preset"
