#!/usr/bin/env bash
# Runs a command beside a PostgreSQL server of its own and stops the server afterwards, however the command ends:
#
#   scripts/postgres.sh cargo test --workspace
#
# The server lives in a temporary folder, answers at a socket in it and nowhere else, and is named to the command by the
# variable TEST_POSTGRES.
source "$(dirname "$0")/common.sh"

(($# > 0)) || fail "No command was given." "Use it as in: scripts/postgres.sh cargo test --workspace"
programs=$(postgres_folder) || fail "PostgreSQL's server is missing." "Run scripts/setup.sh test, or install Debian's package postgresql."

# The path of a socket has at most 107 bytes, so the folder is not below a long TMPDIR.
folder=$(mktemp -d /tmp/cairn-postgres.XXXXXX)
as_owner=()
if ((EUID == 0)); then
    # PostgreSQL refuses to run as root.
    owner=postgres
    id "$owner" >/dev/null 2>&1 || owner=nobody
    chown "$owner" "$folder"
    as_owner=(runuser -u "$owner" --)
fi

stop() {
    "${as_owner[@]}" "$programs/pg_ctl" stop -D "$folder/data" -m immediate >/dev/null 2>&1 || true
    # Hundreds of databases are a hundred thousand files; nobody has to wait until they are gone.
    (rm -rf "$folder" >/dev/null 2>&1 &)
}
trap stop EXIT

# Whoever can enter the folder, which only its owner and root can, is trusted.
(cd "$folder" && "${as_owner[@]}" "$programs/initdb" -D data -U cairn -A trust -E UTF8 --locale=C --no-sync >init.log 2>&1) ||
    fail "PostgreSQL did not make its files: $(tail -n 3 "$folder/init.log")" "See that /tmp has room and may be written to."

# Nothing here has to survive a crash of the machine, so nothing waits for the disk.
settings=(
    "listen_addresses = ''"
    "unix_socket_directories = '$folder'"
    "max_connections = 200"
    "fsync = off"
    "full_page_writes = off"
)
printf '%s\n' "${settings[@]}" | "${as_owner[@]}" tee -a "$folder/data/postgresql.conf" >/dev/null
(cd "$folder" && "${as_owner[@]}" "$programs/pg_ctl" start -D data -l "$folder/server.log" -w -t 60 >/dev/null) ||
    fail "PostgreSQL did not start: $(tail -n 3 "$folder/server.log")" "See whether another program limits shared memory or processes."

export TEST_POSTGRES="postgres://cairn@${folder//\//%2F}/postgres"
"$@"
