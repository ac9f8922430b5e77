#!/usr/bin/env bash
# Puts our layout beside Graphviz dot and elkjs on generated models: crossings by one counter, milliseconds side by side.
#
#   benches/layout.sh [SIZES]          for example: benches/layout.sh "30 100"
#
# Graphs of up to 100 boxes are made from several seeds (SEEDS), so that nothing is tuned on one; larger ones from the first.
# Needs node with npm, python3 with venv, and Graphviz (installed by apt-get where it is missing and that is allowed).
# SANDTABLE_YARDSTICKS is the folder with the generator, the drivers and the counter; WORK keeps what was generated.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
sizes=${1:-30 100 500 1000}
yardsticks=$(cd "${SANDTABLE_YARDSTICKS:-../shared/tools/perf}" && pwd)
seeds=${SEEDS:-42 1 2 3 4 5}
work=${WORK:-$(mktemp -d)}
mkdir -p "$work"
work=$(cd "$work" && pwd)

command -v dot >/dev/null || apt-get install -y -qq graphviz >&2
[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
"$work/venv/bin/python" -c 'import numpy' 2>/dev/null ||
  "$work/venv/bin/pip" install -q "$(grep '^numpy' "$yardsticks/requirements.txt")" >&2
cp "$yardsticks/package.json" "$work"
[ -d "$work/node_modules/elkjs" ] || (cd "$work" && npm install --silent >&2)
for seed in $seeds; do
  # shellcheck disable=SC2086
  "$work/venv/bin/python" "$yardsticks/gen_dfd.py" --seed "$seed" --out "$work/seed$seed" $sizes >/dev/null
done
ours=$(cargo bench --bench layout --no-run --message-format=json |
  sed -n 's/.*"name":"layout".*"executable":"\([^"]*\)".*/\1/p' | tail -1)

"$work/venv/bin/python" - "$yardsticks" "$work" "$ours" "$sizes" "$seeds" <<'PYTHON'
import json, subprocess, sys, time

yardsticks, work, ours, sizes, seeds = sys.argv[1:]
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


def dot(folder, clusters):
    options = ["-Gnewrank=true"] if clusters else []
    command = ["dot", *options, f"{folder}/{'cluster' if clusters else 'flat'}.dot"]
    text, _ = run([*command, "-Tplain"])
    lay = crossings.from_plain(text) if text else None
    if lay and clusters:
        text, _ = run([*command, "-Tjson"])
        boxes = [box for box in json.loads(text)["objects"] if box["name"].startswith("cluster_")] if text else []
        lay["boundaries"] = {box["name"].removeprefix("cluster_"): [*map(float, box["bb"].split(","))] for box in boxes}
    return lay


def enters(one, two, box):
    """Whether a straight line comes into a box, by the part of it that lies between each pair of sides (Liang, Barsky)."""
    first, last = 0.0, 1.0
    for axis in (0, 1):
        step, low, high = two[axis] - one[axis], box[axis] + 1 - one[axis], box[axis + 2] - 1 - one[axis]
        if step == 0:
            if low > 0 or high < 0:
                return False
            continue
        low, high = sorted((low / step, high / step))
        first, last = max(first, low), min(last, high)
    return first < last


def foreign(lay, model):
    """How often a flow is drawn through a boundary that holds neither of its ends."""
    parent = {boundary["id"]: boundary["parent"] for boundary in model["boundaries"]}
    home = {element["id"]: element.get("boundary") for element in model["elements"]}

    def around(boundary):
        return {boundary} | around(parent[boundary]) if boundary else set()

    total = 0
    for source, target, points in lay["edges"]:
        own = around(home[source]) | around(home[target])
        for boundary, box in lay["boundaries"].items():
            total += boundary not in own and any(enters(one, two, box) for one, two in zip(points, points[1:]))
    return total


def elk(n, folder, clusters):
    options = ["--clusters"] if clusters else []
    runs = RUNS if n <= 500 else 2
    text, _ = run(["node", "--stack-size=8000", "--max-old-space-size=8000", f"{yardsticks}/layout_js.mjs", "elk",
                   f"{folder}/model.json", f"{work}/elk.json", "--runs", str(runs), *options])
    return (json.load(open(f"{work}/elk.json")), min(json.loads(text)["ms"])) if text else (None, None)


def our(n, folder, clusters):
    options = ["--clusters"] if clusters else []
    text, _ = run([ours, f"{folder}/model.json", f"{work}/ours.json", "--runs", str(RUNS if n <= 500 else 2), *options])
    return (json.load(open(f"{work}/ours.json")), json.loads(text)) if text else (None, None)


def number(value, digits=0):
    return "-" if value is None else f"{value:,.{digits}f}"


def ratio(one, two):
    return "-" if not one or not two else f"{one / two:.2f}"


def measure(n, seed, clusters):
    """Crossings of dot, elk and ours, what we say of ourselves, and elk's milliseconds."""
    folder = f"seed{seed}/n{n}"
    by_dot, (by_elk, elk_ms), (by_us, us) = dot(folder, clusters), elk(n, folder, clusters), our(n, folder, clusters)
    count = crossings.geometric if clusters else (lambda lay: crossings.layered(lay)[0])
    if not clusters and by_dot and by_us:
        drawn.append([n, seed, crossings.geometric(by_dot), crossings.geometric(by_us)])
    if clusters and by_dot and by_us:
        model = json.load(open(f"{work}/{folder}/model.json"))
        through.append([n, seed, len(model["flows"]), foreign(by_dot, model), foreign(by_us, model)])
    return [lay and count(lay) for lay in (by_dot, by_elk, by_us)] + [us or {}, elk_ms]


def line(name, clusters, a, b, c, us, elk_ms):
    place, whole = us.get("place_ms"), us.get("arrange_ms")
    print("|", " | ".join([*name, "newrank" if clusters else "none", number(a), number(b), number(c), ratio(c, a),
                           number(us.get("crossing_cells")), number(elk_ms), number(place, 1), number(whole, 1),
                           ratio(place, elk_ms), ratio(whole, elk_ms),
                           f"{us['columns']} x {us['rows']}" if "columns" in us else "-",
                           number(us.get("off_page"))]), "|", flush=True)


print("| boxes | seed | boundaries | dot | elk | ours | ours/dot | cells | elk ms | place ms | all ms | place/elk | all/elk "
      "| columns x rows | off |")
print("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|")
drawn, through = [], []
for n in map(int, sizes.split()):
    some = seeds.split() if n <= 100 else seeds.split()[:1]
    for clusters in (False, True):
        rows = [measure(n, seed, clusters) for seed in some]
        for seed, row in zip(some, rows):
            line([str(n), seed], clusters, *row)
        if len(rows) > 1 and all(None not in row and row[3] for row in rows):
            keys = ("crossing_cells", "place_ms", "arrange_ms", "off_page")
            us = {key: sum(row[3][key] for row in rows) for key in keys}
            line([str(n), "**all**"], clusters, *(sum(row[slot] for row in rows) for slot in range(3)), us,
                 sum(row[4] for row in rows))
print()
print("Without boundaries a crossing is what the layered count says, read at the lines of the layers from the course that")
print("was drawn, for every tool alike; with boundaries (nodes stand in no common layers) it is a proper intersection of")
print("two drawn courses. Flows that share an end never count. Ours are the routed wires, corner by corner: where k wires")
print("run as one over m that run as one the counter says k times m, and a reader sees one crossing; `cells` is the number")
print("of those. elk's time includes its routes, so that `all` (place, route, compact) compares with it; `place` is a part.")
print("The bar is ours/dot <= 1 and all/elk <= 0.1. dot's time is left out: it has no figure without process and files.")
print()
print("| boxes, no boundaries | seed | intersections drawn by dot | by us |")
print("|---|---|---|---|")
for n, seed, by_dot, by_us in drawn:
    print("|", " | ".join([str(n), seed, number(by_dot), number(by_us)]), "|")
print()
print("How often a flow is drawn through a boundary that holds neither of its ends, which spares it crossings:")
print()
print("| boxes, boundaries | seed | flows | dot | ours |")
print("|---|---|---|---|---|")
for row in through:
    print("|", " | ".join([str(row[0]), row[1], *map(number, row[2:])]), "|")
PYTHON
