#!/bin/sh
# Saves pictures of the real window on the bundled example, light and dark, to docs/screenshots.
# Needs the Debian packages xvfb, xauth, xdotool and imagemagick. Usage: screenshots.sh [PROGRAM]
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
program=${1:-$root/build/release/bin/syncpoint}
out=${SYNCPOINT_SCREENSHOTS:-$root/docs/screenshots}
[ -x "$program" ] || { echo "screenshots: $program is not built" >&2; exit 1; }
for tool in xvfb-run xdotool import; do
    command -v "$tool" >/dev/null || { echo "screenshots: $tool is missing" >&2; exit 1; }
done

if [ -z "${SYNCPOINT_INSIDE_XVFB:-}" ]; then
    SYNCPOINT_INSIDE_XVFB=1 exec xvfb-run -a -s "-screen 0 1600x1000x24 -dpi 96" "$0" "$program"
fi

config=$(mktemp -d)
chmod 700 "$config"
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$config"' EXIT
export XDG_CONFIG_HOME=$config XDG_RUNTIME_DIR=$config
mkdir -p "$out" "$config/syncpoint"

# wait_for TITLE: the id of the visible window whose title holds TITLE, within a minute
wait_for() {
    for _ in $(seq 120); do
        window=$(xdotool search --onlyvisible --name "$1" 2>/dev/null | head -n 1 || true)
        [ -n "$window" ] && return 0
        sleep 0.5
    done
    echo "screenshots: no window called $1" >&2
    return 1
}

shoot() {
    sleep 2 # layout and thumbnails settle in the background
    import -window root -define png:compression-level=9 "$out/$1.png"
}

# run TITLE [ARGUMENT…]: starts the program and brings its window to the picture's size
run() {
    title=$1
    shift
    "$program" "$@" &
    pid=$!
    wait_for "$title"
    xdotool windowmove "$window" 0 0 windowsize "$window" 1600 1000 windowfocus "$window"
    sleep 1
}

# command_palette WORDS: runs the first action that the command palette finds
command_palette() {
    xdotool key --window "$window" ctrl+shift+p
    sleep 1
    xdotool type "$1"
    sleep 1
    xdotool key Return
    sleep 1
}

stop() {
    kill "$pid"
    wait "$pid" 2>/dev/null || true
    pid=
}

for theme in light dark; do
    printf '[General]\ntheme=%s\n' "$theme" >"$config/syncpoint/syncpoint.conf"
    run Syncpoint
    shoot "start-$theme"
    stop
    run 'int4.onnx' --example
    shoot "window-$theme"
    if [ "$theme" = light ]; then
        command_palette 'contact sheet of all'
        command_palette 'statistics, profile'
        shoot tensor-sheet
        command_palette 'contact sheet of all'
        command_palette 'statistics, profile'
        command_palette 'show source'
        shoot source
        command_palette 'show sync points'
        shoot sync-points
        command_palette 'show alerts'
        command_palette 'both sides next'
        shoot both-sides
        command_palette 'trace the inputs'
        shoot trace
    else
        command_palette 'show alerts'
        command_palette 'both sides next'
        shoot both-sides-dark
        command_palette 'show charts'
        shoot charts
        xdotool key --window "$window" ctrl+shift+p
        shoot commands
    fi
    stop
done
