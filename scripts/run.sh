#!/usr/bin/env bash
# Builds what browsers load and the program, and serves the sample company until it is interrupted.
#
#   scripts/run.sh [flags of `cairn serve`]
source "$(dirname "$0")/common.sh"

address=${CAIRN_LISTEN:-127.0.0.1:7777}

# Shows the pages once the server answers, where there is a screen; the server itself says its address.
open_browser() {
    local _
    for _ in {1..150}; do
        if (: <"/dev/tcp/${address%:*}/${address##*:}") 2>/dev/null; then
            xdg-open "http://$address" >/dev/null 2>&1 || say "No browser could be opened."
            return
        fi
        sleep 0.2
    done
}

scripts/setup.sh run
npm run --silent --prefix web build || fail "What browsers load was not built." "Run: rm -rf web/node_modules && make web"
say "Building the program; the first time takes some minutes …"
cargo build --release --locked --bin cairn || fail "The program was not built." "Read the first error above; make doctor shows what this machine has."
if [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]] && command -v xdg-open >/dev/null; then
    open_browser &
    opener=$!
    trap 'kill "$opener" 2>/dev/null || true' EXIT
fi
# A line for each request would hide the address; CAIRN_LOG_LEVEL=info shows them.
export CAIRN_LOG_LEVEL=${CAIRN_LOG_LEVEL:-warn}
say "Starting the sample company; Ctrl C ends it."
"${CARGO_TARGET_DIR:-target}/release/cairn" serve --demonstration "$@" ||
    fail "The server ended." "If its address is taken, choose another: make run CAIRN_LISTEN=127.0.0.1:7778"
