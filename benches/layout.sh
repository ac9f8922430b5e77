#!/usr/bin/env bash
# Puts our layout beside Graphviz dot and elkjs on generated models: crossings by one counter, milliseconds side by side.
#
#   benches/layout.sh [SIZES]          for example: benches/layout.sh "30 100"
#
# Needs node with npm, python3 with venv, and Graphviz (installed by apt-get where it is missing and that is allowed).
# SANDTABLE_YARDSTICKS is the folder with the generator, the drivers and the counter; WORK keeps what was generated.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
sizes=${1:-30 100 500 1000}
yardsticks=$(cd "${SANDTABLE_YARDSTICKS:-../shared/tools/perf}" && pwd)
work=${WORK:-$(mktemp -d)}
mkdir -p "$work"
work=$(cd "$work" && pwd)

command -v dot >/dev/null || apt-get install -y -qq graphviz >&2
[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
"$work/venv/bin/python" -c 'import numpy' 2>/dev/null ||
  "$work/venv/bin/pip" install -q "$(grep '^numpy' "$yardsticks/requirements.txt")" >&2
cp "$yardsticks/package.json" "$work"
[ -d "$work/node_modules/elkjs" ] || (cd "$work" && npm install --silent >&2)
# shellcheck disable=SC2086
"$work/venv/bin/python" "$yardsticks/gen_dfd.py" --out "$work/data" $sizes >&2
ours=$(cargo bench --bench layout --no-run --message-format=json |
  sed -n 's/.*"name":"layout".*"executable":"\([^"]*\)".*/\1/p' | tail -1)

"$work/venv/bin/python" - "$yardsticks" "$work" "$ours" "$sizes" <<'PYTHON'
import json, subprocess, sys, time

yardsticks, work, ours, sizes = sys.argv[1:]
sys.path.insert(0, yardsticks)
import crossings

# Each tool in turn, so that what else the machine does falls on all of them. A slow one is run fewer times.
RUNS, CAP = 3, 600


def run(command):
    start = time.perf_counter()
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=work, timeout=CAP)
    except subprocess.TimeoutExpired:
        return None, None
    if done.returncode:
        print(done.stderr[-500:], file=sys.stderr)
        return None, None
    return done.stdout, (time.perf_counter() - start) * 1e3


def dot(n, clusters):
    options = ["-Gnewrank=true"] if clusters else []
    command = ["dot", "-Tplain", *options, f"data/n{n}/{'cluster' if clusters else 'flat'}.dot"]
    text, spent = run(command)
    return (crossings.from_plain(text), spent) if text else (None, None)


def elk(n, clusters):
    options = ["--clusters"] if clusters else []
    runs = RUNS if n <= 500 else 2
    text, _ = run(["node", "--stack-size=8000", "--max-old-space-size=8000", f"{yardsticks}/layout_js.mjs", "elk",
                   f"data/n{n}/model.json", f"{work}/elk.json", "--runs", str(runs), *options])
    return (json.load(open(f"{work}/elk.json")), min(json.loads(text)["ms"])) if text else (None, None)


def our(n, clusters):
    options = ["--clusters"] if clusters else []
    text, _ = run([ours, f"data/n{n}/model.json", f"{work}/ours.json", "--runs", str(RUNS if n <= 500 else 1), *options])
    return (json.load(open(f"{work}/ours.json")), json.loads(text)) if text else (None, None)


def number(value, digits=0):
    return "-" if value is None else f"{value:,.{digits}f}"


def ratio(one, two):
    return "-" if not one or not two else f"{one / two:.2f}"


print("| boxes | boundaries | dot | elk | ours | ours/dot | cells | elk ms | place ms | all ms | place/elk | all/elk | columns x rows | off |")
print("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|")
second = []
for n in map(int, sizes.split()):
    for clusters in (False, True):
        (by_dot, dot_ms), (by_elk, elk_ms), (by_us, us) = dot(n, clusters), elk(n, clusters), our(n, clusters)
        count = (lambda lay: lay and crossings.geometric(lay)) if clusters else (lambda lay: lay and crossings.layered(lay)[0])
        a, b, c = count(by_dot), count(by_elk), count(by_us)
        us = us or {}
        place, whole = us.get("place_ms"), us.get("arrange_ms")
        print("|", " | ".join([str(n), "newrank" if clusters else "none", number(a), number(b), number(c), ratio(c, a),
                               number(us.get("crossing_cells")), number(elk_ms), number(place, 1), number(whole, 1),
                               ratio(place, elk_ms), ratio(whole, elk_ms),
                               f"{us.get('columns')} x {us.get('rows')}", number(us.get("off_page"))]), "|", flush=True)
        if not clusters and by_dot and by_us:
            second.append([n, crossings.geometric(by_dot), crossings.geometric(by_us)])
print()
print("Without boundaries a crossing is what the layered count says, read at the lines of the layers from the course that")
print("was drawn, for every tool alike; with boundaries (nodes stand in no common layers) it is a proper intersection of")
print("two drawn courses. Flows that share an end never count. Ours are the routed wires, corner by corner: where k wires")
print("run as one over m that run as one the counter says k times m, and a reader sees one crossing; `cells` is the number")
print("of those. elk's time includes its routes, so that `all` (place, route, compact) compares with it; `place` is a part.")
print("The bar is ours/dot <= 1 and all/elk <= 0.1. dot's time is left out: it has no figure without process and files.")
print()
print("| boxes, no boundaries | intersections drawn by dot | by us |")
print("|---|---|---|")
for row in second:
    print("|", " | ".join([str(row[0]), number(row[1]), number(row[2])]), "|")
PYTHON
