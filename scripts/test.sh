#!/usr/bin/env bash
# Runs the checks one after the other, says how long each took, and goes on after one that fails.
#
#   scripts/test.sh all       everything, as it has to pass before a change is merged
#   scripts/test.sh fast      format, lints, and the Rust tests on SQLite
source "$(dirname "$0")/common.sh"

logs=$root/target/checks
names=()
outcomes=()
seconds=()
unsteady=()
passed=0
failed=0
# More failures than this have one cause, which running them again only hides.
few=5

# What only a later build of the same folder would use takes more room than all the rest.
if [[ ${CI:-} ]]; then
    export CARGO_INCREMENTAL=0
fi

main() {
    mkdir -p "$logs"
    case ${1:-all} in
    all) all ;;
    fast) fast ;;
    *) fail "There is no set of checks named $1." "Use all or fast." ;;
    esac
    summary
}

all() {
    required set-up scripts/setup.sh test
    required web-build npm run --prefix web build
    check web-types npm run --prefix web check
    check web-unit npm test --prefix web
    check web-contrast npm run --prefix web contrast
    check shell shellcheck -x -P SCRIPTDIR .ci/run scripts/setup.sh scripts/run.sh scripts/test.sh scripts/postgres.sh scripts/deny.sh
    check format cargo fmt --all --check
    check dependencies scripts/deny.sh
    check lints cargo clippy --locked --workspace --all-targets -- -D warnings
    required build cargo test --locked --workspace --no-run
    check rust scripts/postgres.sh cargo test --locked --workspace --no-fail-fast
    again '^test \K\S+(?= \.\.\. FAILED$)' scripts/postgres.sh cargo test --locked --workspace --no-fail-fast -- --exact
    export CHROMIUM
    CHROMIUM=$(chromium_program)
    check gallery npm run --prefix web gallery
    check browser npm run --prefix web browser
    again '^test at \Ktests/browser/[^:]+' npm run --prefix web browser-files --
}

fast() {
    required set-up scripts/setup.sh run
    [[ -e web/dist/manifest.json ]] || required web-build npm run --prefix web build
    check format cargo fmt --all --check
    check lints cargo clippy --locked --workspace --all-targets -- -D warnings
    check rust env -u TEST_POSTGRES cargo test --locked --workspace
}

# A check without which the later ones would fail for a reason that is not theirs.
required() {
    check "$@"
    if [[ ${outcomes[-1]} != passed ]]; then
        summary
    fi
}

# check NAME COMMAND…
check() {
    local name=$1 start=$SECONDS outcome=passed
    shift
    printf '\n--- %s: %s\n' "$name" "$*"
    # A check gets no terminal to ask questions at, and its words go to the screen and to a file.
    "$@" </dev/null 2>&1 | tee "$logs/$name.log" || outcome=failed
    names+=("$name")
    outcomes+=("$outcome")
    seconds+=($((SECONDS - start)))
    count "$logs/$name.log" "$outcome"
}

# again PATTERN COMMAND…: what the last check names as failed runs once more by itself. If all of it passes then, it is
# named as unsteady, to be mended, and stops nobody.
again() {
    local pattern=$1 name=${names[-1]} log found failures start=$SECONDS
    shift
    [[ ${outcomes[-1]} == failed ]] || return 0
    log=$logs/$name.log
    failures=$(sum '[0-9]+ failed;|^(ℹ|#) fail [0-9]+' "$log")
    mapfile -t found < <(grep -oP "$pattern" "$log")
    ((failures > 0 && failures <= few && ${#found[@]} == failures)) || return 0
    mapfile -t found < <(printf '%s\n' "${found[@]}" | sort -u)
    printf '\n--- %s, once more: %s\n' "$name" "${found[*]}"
    "$@" "${found[@]}" </dev/null 2>&1 | tee "$logs/$name-again.log" || return 0
    (($(sum '[0-9]+ passed;|^(ℹ|#) pass [0-9]+' "$logs/$name-again.log") >= ${#found[@]})) || return 0
    outcomes[-1]=passed
    seconds[-1]=$((seconds[-1] + SECONDS - start))
    unsteady+=("${found[@]}")
    passed=$((passed + failures))
    failed=$((failed - failures))
}

# Adds what the runner of the tests says of itself, cargo's or node's; a check without tests counts as one.
count() {
    local yes no
    yes=$(sum '[0-9]+ passed;|^(ℹ|#) pass [0-9]+' "$1")
    no=$(sum '[0-9]+ failed;|^(ℹ|#) fail [0-9]+' "$1")
    if ((yes + no == 0)) || [[ $2 == failed && $no == 0 ]]; then
        [[ $2 == passed ]] && yes=$((yes + 1)) || no=$((no + 1))
    fi
    passed=$((passed + yes))
    failed=$((failed + no))
}

# sum PATTERN FILE: of the numbers in what matches.
sum() {
    { grep -oE "$1" "$2" || true; } | { grep -oE '[0-9]+' || true; } | awk '{ sum += $1 } END { print sum + 0 }'
}

summary() {
    local index
    printf '\n'
    for index in "${!names[@]}"; do
        printf '%-14s%-8s%5d s\n' "${names[index]}" "${outcomes[index]}" "${seconds[index]}"
    done
    for index in "${!names[@]}"; do
        [[ ${outcomes[index]} == passed ]] || say "Next: read target/checks/${names[index]}.log"
    done
    ((${#unsteady[@]} == 0)) || say "Passed only when run once more, and to be mended: ${unsteady[*]}"
    say "$passed passed, $failed failed"
    ((failed == 0))
    exit
}

main "$@"
