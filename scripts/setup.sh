#!/usr/bin/env bash
# Finds out what is missing on this machine, and installs it where that can be done.
#
#   scripts/setup.sh run      what `make run` needs: Rust, a C compiler, Node.js, and the packages of web/
#   scripts/setup.sh test     as well what `make test` needs: PostgreSQL's server, Chromium, mail servers, shellcheck
#   scripts/setup.sh report   installs nothing; says what is here and what is not
source "$(dirname "$0")/common.sh"

purpose=${1:-run}
missing_packages=()
useful_packages=()
missing_by_hand=()

main() {
    case $purpose in run | test | report) ;; *) fail "There is no purpose $purpose." "Use run, test or report." ;; esac
    look_for_all
    if [[ $purpose == report ]]; then
        report
    else
        ((${#missing_by_hand[@]} == 0)) || fail "Something is missing that this script does not install." "${missing_by_hand[0]}"
        ((${#missing_packages[@]} == 0)) || install_packages
        ((${#useful_packages[@]} == 0)) || install_useful_packages
        install_web_packages
    fi
}

look_for_all() {
    missing_packages=()
    useful_packages=()
    missing_by_hand=()
    look_for_rust
    look_for "a C compiler" "gcc libc6-dev" "$(version_of cc)"
    look_for "git" git "$(version_of git)"
    look_for_node
    if [[ $purpose != run ]]; then
        look_for "PostgreSQL's server" postgresql "$(version_of "$(postgres_folder || true)/postgres")"
        look_for "Chromium" chromium "$(version_of "$(chromium_program || true)")"
        look_for_useful "Dovecot" dovecot-imapd "$(version_of dovecot)"
        look_for_useful "aiosmtpd" "python3 python3-aiosmtpd" "$(version_of_aiosmtpd)"
        look_for_useful "OpenSSL" openssl "$(openssl version 2>/dev/null || true)"
        look_for "shellcheck" shellcheck "$(shellcheck --version 2>/dev/null | sed -n 's/^version: //p' || true)"
    fi
}

# look_for WHAT PACKAGES VERSION: without a version it is missing.
look_for() {
    if [[ -n $3 ]]; then
        note "$1" "$3"
    else
        note "$1" "missing: apt-get install $2"
        read -ra packages <<<"$2"
        missing_packages+=("${packages[@]}")
    fi
}

# The same for what only some tests need, which are skipped by name without it.
look_for_useful() {
    if [[ -n $3 ]]; then
        note "$1" "$3"
    else
        note "$1" "missing, some tests are skipped: apt-get install $2"
        read -ra packages <<<"$2"
        useful_packages+=("${packages[@]}")
    fi
}

look_for_rust() {
    local needed found
    needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    found=$(rustc --version 2>/dev/null | cut -d ' ' -f 2 || true)
    if [[ -z $found ]] || ! command -v cargo >/dev/null; then
        by_hand Rust missing "Install Rust $needed or newer as https://rustup.rs says, then open a new terminal and try again."
    elif ! at_least "$needed" "$found"; then
        by_hand Rust "$found, older than $needed" "Run: rustup update stable (if Rust came another way, see https://rustup.rs), then try again."
    elif [[ $purpose != run ]] && ! { cargo fmt --version && cargo clippy --version; } >/dev/null 2>&1; then
        by_hand Rust "$found, without rustfmt or clippy" "Run: rustup component add rustfmt clippy, then try again."
    else
        note Rust "$found"
    fi
}

look_for_node() {
    local found
    found=$(node --version 2>/dev/null || true)
    found=${found#v}
    if [[ -z $found ]] && at_least 20 "$(debian_version_of nodejs)"; then
        look_for Node.js "nodejs npm" ""
    elif [[ -z $found ]] || ! at_least 20 "$found"; then
        by_hand Node.js "${found:-missing}, 20 or newer is needed" "Install Node.js 20 or newer from https://nodejs.org/en/download, then try again."
    elif ! command -v npm >/dev/null; then
        look_for npm npm ""
    else
        note Node.js "$found"
    fi
}

install_packages() {
    local -a apt=(apt-get)
    ((EUID == 0)) || apt=(sudo apt-get)
    if ! command -v apt-get >/dev/null; then
        fail "These are missing, and there is no apt-get: ${missing_packages[*]}." "Install them under the names they have here, then try again."
    elif ((EUID != 0)) && ! command -v sudo >/dev/null; then
        fail "Only root installs packages." "As root: apt-get update && apt-get install ${missing_packages[*]}"
    fi
    say "Installing Debian's packages ${missing_packages[*]} …"
    "${apt[@]}" update -q >/dev/null || fail "The lists of packages were not fetched." "Check the network, then try again."
    DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -q -y --no-install-recommends "${missing_packages[@]}" ||
        fail "A package was not installed." "Read what apt-get says above, then run: ${apt[*]} install ${missing_packages[*]}"
    look_for_all >/dev/null
    ((${#missing_packages[@]} == 0)) ||
        fail "Still missing after the installation: ${missing_packages[*]}." "Install them by hand, then try again."
}

install_useful_packages() {
    local -a apt=(apt-get)
    ((EUID == 0)) || apt=(sudo -n apt-get)
    say "Installing Debian's packages ${useful_packages[*]} …"
    if ! "${apt[@]}" update -q >/dev/null ||
        ! DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -q -y --no-install-recommends "${useful_packages[@]}"; then
        say "They were not installed. The tests that need them say so and are skipped."
    fi
}

install_web_packages() {
    # npm notes in this file what it installed; the lock decides what that has to be.
    if [[ web/node_modules/.package-lock.json -nt web/package-lock.json ]]; then
        return
    fi
    say "Installing the packages of web/ as its lock file names them …"
    npm ci --prefix web --no-progress --loglevel=error || fail "npm did not install the packages of web/." "Read what npm says above; then try again."
}

report() {
    if ((${#missing_packages[@]} + ${#missing_by_hand[@]} == 0)); then
        say "Nothing is missing. Next: make run"
    elif ((${#missing_packages[@]} > 0)); then
        say "Next: make run and make test install what apt-get can; or as root: apt-get install ${missing_packages[*]}"
    fi
    ((${#missing_by_hand[@]} == 0)) || printf 'Next: %s\n' "${missing_by_hand[@]}"
}

note() {
    [[ $purpose != report ]] || printf '%-22s%s\n' "$1" "$2"
}

by_hand() {
    note "$1" "$2"
    missing_by_hand+=("$3")
}

# at_least NEEDED FOUND
at_least() {
    [[ -n $2 && $(printf '%s\n' "$1" "$2" | sort --version-sort | head -n 1) == "$1" ]]
}

# The first line that a program prints of its version, or nothing where there is no such program.
version_of() {
    command -v "${1:-}" >/dev/null || return 0
    "$1" --version 2>/dev/null | head -n 1 || true
}

# Debian's modules are for the Python in /usr/bin, which may not be the first one of the path.
version_of_aiosmtpd() {
    local python
    for python in python3 /usr/bin/python3; do
        "$python" -c 'import aiosmtpd; print(aiosmtpd.__version__)' 2>/dev/null && return
    done
    true
}

debian_version_of() {
    apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: \([0-9.]*\).*/\1/p'
}

main
