#!/bin/sh
# Saves pictures of the real window on the bundled example, light and dark, to docs/screenshots.
# Needs the Debian packages xvfb, xauth, xdotool, imagemagick and python3-onnx. Usage: screenshots.sh [PROGRAM]
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

# shoot NAME [AREA]: the whole window, or WIDTHxHEIGHT+LEFT+TOP of it, in 256 colours
shoot() {
    sleep 2 # layout and thumbnails settle in the background
    import -window root "$config/shot.png"
    convert "$config/shot.png" -crop "${2:-1600x1000+0+0}" +repage +dither -colors 256 \
        -define png:compression-level=9 "$out/$1.png"
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

# tensor_of POINT: the tensor of the first sync point that the search finds, alone in the window
tensor_of() {
    xdotool key --window "$window" ctrl+f
    sleep 0.5
    xdotool type "$1"
    sleep 1
    xdotool key Return
    sleep 1
    command_palette 'show tensor'
    xdotool key --window "$window" F11
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

# Tensors that show a fault at first sight, in a smaller window.
tensors=1200x700+0+0
example=$root/examples/promptseg
printf '[General]\ntheme=light\n' >"$config/syncpoint/syncpoint.conf"

# tensor_shot NAME CANDIDATE POINT [ACTION…]
tensor_shot() {
    run "$(basename "$2")" "$example/baseline.onnx" "$2" --inputs "$example/inputs.npz"
    sleep 3
    tensor_of "$3"
    xdotool windowsize "$window" 1200 700
    sleep 1
    name=$1
    shift 3
    for action; do
        command_palette "$action"
    done
    shoot "$name" "$tensors"
    stop
}

tensor_shot tensor-masks "$example/int8-badcal.onnx" masks
tensor_shot tensor-input "$example/int8-badcal.onnx" pixel_values 'colour picture'
tensor_shot tensor-attention "$example/int4.onnx" blocks.0/attention/Softmax
tensor_shot tensor-weight "$example/int4.onnx" patch_embed/Conv 'next weight' \
    'contact sheet of all'
tensor_shot tensor-sheet "$example/int4.onnx" decoder/Relu_1 'contact sheet of all'

/usr/bin/python3 - "$example/baseline.onnx" "$config/overflow.onnx" <<'EOF'
import sys
import numpy, onnx
from onnx import numpy_helper
model = onnx.load(sys.argv[1])
for weight in model.graph.initializer:
    if weight.name == "detector.decoder.up1.weight":  # one channel overflows
        values = numpy_helper.to_array(weight).copy()
        values[:, 5] = numpy.inf
        weight.CopyFrom(numpy_helper.from_array(values, weight.name))
onnx.save(model, sys.argv[2])
EOF
tensor_shot tensor-nan "$config/overflow.onnx" decoder/up1 'contact sheet of all'

# Variants side by side.
"$(dirname "$program")/syncpoint-cli" sweep "$example/baseline.onnx" "$example"/int*.onnx --inputs "$example/inputs.npz" \
    --repeat 20 --json "$config/sweep.json" >/dev/null
run Syncpoint "$config/sweep.json"
xdotool windowsize "$window" 1200 500
shoot sweep 1200x500+0+0
stop
