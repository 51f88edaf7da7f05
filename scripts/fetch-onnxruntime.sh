#!/usr/bin/env bash
# Puts ONNX Runtime's C/C++ headers and its Linux library under a prefix, on a Debian that does not package it yet (12).
# Headers come from the next Debian release's libonnxruntime-dev (any API version up to the library's is served by the
# library: its C ABI is stable), the library from the onnxruntime-node package. Nothing is installed system-wide.
# Checked on Debian 12: headers 1.21.0 (API 21) with library 1.30.0; OrtGetApiBase()->GetApi(21) is served.
#
# usage: fetch-onnxruntime.sh [PREFIX]      default: .deps/onnxruntime in this repository
# Does nothing when the prefix already holds what it would put there.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
prefix=${1:-$root/.deps/onnxruntime}
library_version=1.30.0
archive_sha256=6e3390d6b783e7be946fad629292799da28d0b42f84856e50d2c1b0383291e75

fail() {
    echo "fetch-onnxruntime: $*" >&2
    exit 1
}

case $(uname -m) in
x86_64) arch=x64 library_sha256=ffb75a925ba05e47b235bb66e3e3911714a80b328a9c9425539feb204aa32a23 ;;
aarch64) arch=arm64 library_sha256=1f549d46250b005580b597f4164984aaf75b3bcb9f3aeb07c7f8a8fe60b23c76 ;;
*) fail "there is no ONNX Runtime library for $(uname -m); build with the preset 'minimal' instead" ;;
esac

if [[ -f $prefix/include/onnxruntime/onnxruntime_cxx_api.h && -f $prefix/lib/libonnxruntime.so ]] &&
    echo "$library_sha256  $prefix/lib/libonnxruntime.so" | sha256sum --check --quiet >/dev/null 2>&1; then
    echo "ONNX Runtime $library_version is already in $prefix"
    exit 0
fi

for tool in npm apt-get dpkg sha256sum; do
    command -v "$tool" >/dev/null || fail "'$tool' is needed to fetch ONNX Runtime (on Debian: apt-get install npm)"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The mirror is whatever this machine's apt already uses.
mirror=$(awk '/^URIs:/{print $2; exit}' /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
[[ -n $mirror ]] || mirror=$(awk '/^deb /{for (i = 2; i <= NF; i++) if ($i ~ /:\//) {print $i; exit}}' \
    /etc/apt/sources.list 2>/dev/null || true)
[[ -n $mirror ]] || fail "apt has no Debian mirror to take the headers from"
mkdir -p "$work/lists/partial"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$work/next.list"
apt_next=(apt-get -qq -o "Dir::Etc::SourceList=$work/next.list" -o Dir::Etc::SourceParts=-
    -o "Dir::State::Lists=$work/lists" -o APT::Sandbox::User=root)
offline="is there a network? Without it, build with the preset 'minimal', which does everything but run models"
# apt reports an unreachable mirror as a warning and still exits with 0; the download then has nothing to take.
"${apt_next[@]}" update || fail "cannot read the package lists of $mirror; $offline"
(cd "$work" && "${apt_next[@]}" download libonnxruntime-dev) ||
    fail "cannot download libonnxruntime-dev from $mirror; $offline"
(cd "$work" && dpkg -x libonnxruntime-dev_*.deb headers)

(cd "$work" && npm pack --silent "onnxruntime-node@$library_version" >/dev/null) ||
    fail "npm cannot download onnxruntime-node $library_version; $offline"
archive=$work/onnxruntime-node-$library_version.tgz
echo "$archive_sha256  $archive" | sha256sum --check --quiet >/dev/null 2>&1 ||
    fail "the downloaded onnxruntime-node $library_version does not have the expected checksum; nothing was installed"
library=package/bin/napi-v6/linux/$arch/libonnxruntime.so.1
tar -xzf "$archive" -C "$work" "$library"

# The library goes in last: an interrupted copy is then noticed and fetched again.
mkdir -p "$prefix/include" "$prefix/lib"
rm -rf "$prefix/include/onnxruntime" "$prefix"/lib/libonnxruntime.*
cp -r "$work/headers/usr/include/onnxruntime" "$prefix/include/"
cp "$work/$library" "$prefix/lib/libonnxruntime.so.1"
ln -s libonnxruntime.so.1 "$prefix/lib/libonnxruntime.so"
echo "ONNX Runtime $library_version in $prefix"
