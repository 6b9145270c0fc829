#!/usr/bin/env bash
# Drives the browser in a real terminal: keys, mouse, resize, and what it leaves behind. Takes the binary.
set -euo pipefail
asdf="$(realpath "$1")"
cd "$(dirname "$0")/.."
socket="asdf-browse-$$"
tm() { tmux -L "$socket" -f /dev/null "$@"; }
trap 'tm kill-server 2>/dev/null || true' EXIT
file=test-data/made/roman_exposure.asdf

# Waits until the screen has a line that matches; shows the screen when that takes too long.
shows() {
    local _
    for _ in $(seq 200); do
        if tm capture-pane -p | grep -Eq -- "$1"; then return 0; fi
        sleep 0.05
    done
    echo "no line matches: $1"
    tm capture-pane -p
    return 1
}

tm new-session -d -x 100 -y 30 "env PS1='ready> ' bash --norc --noprofile"
shows 'ready>'
tm send-keys "'$asdf' browse $file" Enter
shows 'asdf_library'
echo "- it starts"

tm send-keys G l
shows '▸ meta'
tm send-keys / && tm send-keys -l 'exposure_time'
shows 'hits'
tm send-keys Enter
shows '/exposure_time 1/'
echo "- keys and search"

# SGR mouse: the left button on the second row of the tree, inside the frame.
tm send-keys -l $'\e[<0;20;3M'
tm send-keys -l $'\e[<0;20;3m'
shows '^ /( |$)|^ / .* 1/'
echo "- mouse"

tm resize-window -x 70 -y 20
shows '^┌ tree ─{50,}┐'
tm resize-window -x 18 -y 5
shows 'at least'
tm resize-window -x 100 -y 30
shows 'detail'
echo "- resize"

tm send-keys J Enter
shows 'float64 5×5'
tm send-keys C-z
shows 'Stopped'
tm send-keys 'fg' Enter
shows 'float64 5×5'
echo "- suspend and resume"

tm send-keys Escape
tm send-keys : && tm send-keys -l 'roman.data'
tm send-keys Enter 3
shows 'image /roman/data'
shows 'zscale[+]asinh'
tm send-keys x
tm send-keys -l $'\e[<0;40;10M'
tm send-keys -l $'\e[<0;40;10m'
shows 'x=[0-9]+ y=[0-9]+ [(]0-based[)] v=.* RA '
tm send-keys w
shows 'bounding box'
# The wheel, then the left button held while the mouse moves.
tm send-keys -l $'\e[<64;40;8M'
tm send-keys -l $'\e[<0;40;8M'
tm send-keys -l $'\e[<32;45;9M'
tm send-keys -l $'\e[<0;45;9m'
shows 'zoom [0-9]'
tm resize-window -x 60 -y 24
shows 'image /roman/data'
tm resize-window -x 100 -y 30
echo "- picture"

tm send-keys q
shows 'ready> *$'
tm send-keys 'stty -a | grep -o " icanon" ; echo "left with $?"' Enter
shows '^ ?icanon'
shows 'left with 0'
[ "$(tm display-message -p '#{alternate_on} #{mouse_any_flag}')" = "0 0" ]
echo "- the terminal is as it was"

# A signal gives the terminal back before it ends the process.
tm send-keys clear Enter
tm send-keys "'$asdf' browse $file; echo \"ended with \$?\"" Enter
shows 'asdf_library'
kill -TERM "$(pgrep -n -f "^$asdf browse $file")"
shows '^ended with 143'
[ "$(tm display-message -p '#{alternate_on} #{mouse_any_flag} #{cursor_flag}')" = "0 0 1" ]
echo "- a signal leaves the terminal as it was"
