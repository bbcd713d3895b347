#!/usr/bin/env bash
# Measures how fast a page of Cairn is answered while slowhttptest holds connections in each of its modes.
#
#   bench/slow-clients.sh [connections] [seconds per mode]
#
# Serves the sample company with target/release/cairn (cargo build --release --bin cairn), attacks it and asks for its
# directory meanwhile. Prints one line per mode and fails when a request fails or the 99th percentile is not under
# 100 ms. The attack comes from 127.0.0.1 and the eight measured clients from 127.0.0.2, because the listener counts
# connections per address.
set -euo pipefail
# Each background job is a process group of its own, so that the attack ends with all its processes.
set -m

connections=${1:-1000}
seconds=${2:-15}
program=${CARGO_TARGET_DIR:-$(dirname "$0")/../target}/release/cairn
port=7791
url=http://127.0.0.1:$port/people

if ((connections > 4000 || seconds > 20)); then
    echo "At most 4000 connections and 20 seconds per mode." >&2
    exit 2
fi
if [[ ! -x $program ]]; then
    echo "$program is missing; build it with: cargo build --release --bin cairn" >&2
    exit 2
fi

measure() {
    python3 - "$url" "$1" "$2" <<'PYTHON'
import http.client, sys, threading, time, urllib.parse

url, mode, seconds = urllib.parse.urlsplit(sys.argv[1]), sys.argv[2], float(sys.argv[3])
target, end = url.path or "/", time.monotonic() + seconds
times, failures, held = [], [], []


def visit():
    began = time.perf_counter()
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=5, source_address=("127.0.0.2", 0))
    try:
        connection.request("GET", target)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            failures.append(str(answer.status))
    except OSError as error:
        failures.append(repr(error))
    except http.client.HTTPException as error:
        failures.append(repr(error))
    finally:
        connection.close()
    times.append((time.perf_counter() - began) * 1000)


def client():
    while time.monotonic() < end and len(times) < 50_000:
        visit()
        time.sleep(0.02)


def open_attackers():
    # The fields of a line are: number, local address, remote address, state; 01 is established.
    lines = [line.split()[1:4] for line in open("/proc/net/tcp")]
    return sum(1 for local, remote, state in lines[1:]
               if local.endswith(f":{url.port:04X}") and remote.startswith("0100007F:") and state == "01")


def watch():
    while time.monotonic() < end:
        held.append(open_attackers())
        time.sleep(0.5)


clients = [threading.Thread(target=client) for _ in range(8)] + [threading.Thread(target=watch)]
for one in clients:
    one.start()
for one in clients:
    one.join()
times.sort()
p50, p99 = times[len(times) // 2], times[min(len(times) - 1, len(times) * 99 // 100)]
print(f"{mode:<13} attackers held {max(held):>5}   {len(times):>6} requests {len(failures):>5} failed   "
      f"p50 {p50:>7.1f} ms   p99 {p99:>7.1f} ms   max {times[-1]:>7.1f} ms", flush=True)
if failures:
    print(f"              first failure: {failures[0]}", flush=True)
sys.exit(1 if failures or p99 >= 100 else 0)
PYTHON
}

result=0
attacker=
server=
end() {
    for group in $attacker $server; do
        kill -- "-$group" 2>/dev/null || true
    done
}
trap end EXIT
attack() {
    local mode=$1
    shift
    # The tool ends once the server has closed all that it opened, so it starts again until the time is over.
    while true; do
        timeout --foreground "$seconds" slowhttptest -c "$connections" -r 500 -l "$seconds" -p 3 -u "$url" "$@" || sleep 0.2
    done >/dev/null 2>&1 &
    attacker=$!
    sleep 2
    measure "$mode" $((seconds - 4)) || result=1
    kill -- "-$attacker"
    wait "$attacker" 2>/dev/null || true
    attacker=
}

ulimit -n "$(ulimit -H -n)"
"$program" serve --demonstration --listen "127.0.0.1:$port" --log-level error >/dev/null &
server=$!
for _ in {1..200}; do
    curl --silent --fail --output /dev/null "http://127.0.0.1:$port/readyz" && break
    sleep 0.1
done
measure "no attack" 5 || result=1
attack "slow headers" -H -i 1 -x 24
attack "slow body" -B -i 1 -x 10 -s 8192 -t POST
attack "range" -R -a 10 -b 3000 -t HEAD
attack "slow read" -X -w 10 -y 20 -n 5 -z 32 -k 3
exit $result
