#!/usr/bin/env bash
# Installs what building Syncpoint needs on Debian 12 and fetches ONNX Runtime where Debian has none.
# usage: scripts/setup.sh [tests] [bench] [fuzz] [screenshots]      each word adds the packages of that use
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
  g++ cmake ninja-build ccache pkg-config ca-certificates
  qt6-base-dev qt6-charts-dev qt6-svg-dev libqt6opengl6-dev libgl-dev libopengl-dev
  libqscintilla2-qt6-dev qt6-qpa-plugins fonts-dejavu-core
  libprotozero-dev libonnx-dev libprotobuf-dev protobuf-compiler
  libflatbuffers-dev flatbuffers-compiler libpugixml-dev
  libhdf5-dev libsqlite3-dev zlib1g-dev libzip-dev libpng-dev libturbojpeg0-dev libsndfile1-dev libssl-dev
  libhwy-dev libtbb-dev nlohmann-json3-dev libcli11-dev libfmt-dev
)
for use in "$@"; do
  case $use in
    tests)
      packages+=(libgtest-dev libgmock-dev libonnx-testdata)
      packages+=(python3-numpy python3-h5py python3-onnx python3-torch) # of the Python package's tests
      ;;
    bench) packages+=(libbenchmark-dev python3-h5py python3-torch) ;;
    fuzz) packages+=(clang-14 libclang-rt-14-dev) ;;
    screenshots) packages+=(xvfb xauth xdotool imagemagick x11-utils) ;;
    *) echo "setup.sh: unknown use '$use' (tests, bench, fuzz, screenshots)" >&2; exit 2 ;;
  esac
done

# The distribution's own ONNX Runtime is preferred; Debian 12 has none.
runtime_prefix=.deps/onnxruntime
have_system_runtime=no
if apt-cache policy libonnxruntime-dev 2>/dev/null | grep -q 'Candidate: [0-9]'; then
  packages+=(libonnxruntime-dev)
  have_system_runtime=yes
elif [ ! -e "$runtime_prefix/lib/libonnxruntime.so" ] && ! command -v npm >/dev/null; then
  packages+=(npm)
fi

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null; then
      as_root=(sudo)
    else
      echo "These packages are missing, and there is neither root nor sudo here. As root, run:" >&2
      echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
      exit 1
    fi
  fi
  echo "Installing: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

if [ "$have_system_runtime" = no ]; then
  scripts/fetch-onnxruntime.sh "$runtime_prefix"
fi
