# shellcheck shell=bash
# What the other scripts share; they source it. It leaves them in the root of the repository.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# rustup puts its programs here; a shell that was open before does not know them yet.
if ! command -v cargo >/dev/null && [[ -x ${CARGO_HOME:-$HOME/.cargo}/bin/cargo ]]; then
    PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
fi

say() {
    printf '%s\n' "$*"
}

# fail WHAT NEXT: both are sentences.
fail() {
    printf '\nThis failed: %s\nNext: %s\n' "$1" "$2" >&2
    exit 1
}

# The folder with PostgreSQL's server programs, the newest first; Debian does not put them on the path.
postgres_folder() {
    local found
    found=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort --version-sort --reverse | head -n 1)
    [[ -x $found ]] || found=$(command -v postgres || true)
    [[ -n $found ]] && dirname "$(readlink -f "$found")"
}

# The browser that the tests drive: CHROMIUM names another.
chromium_program() {
    local name
    for name in "${CHROMIUM:-chromium}" chromium-browser google-chrome; do
        command -v "$name" && return
    done
    return 1
}
