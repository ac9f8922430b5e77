#!/bin/sh
# Attack paths beside other tools, on graphs of 100, 1,000 and 10,000 elements. SANDTABLE_YARDSTICKS names the folder of
# scripts that are not part of the project (gen_dfd.py, bench_paths.py); with PEERS=networkx,igraph,scipy its python
# tools run on the same graphs.
set -eu
: "${SANDTABLE_YARDSTICKS:?name the folder that holds gen_dfd.py}"
python="${PYTHON:-python3}"
folder="${WORK:-$(mktemp -d)}"
"$python" "$SANDTABLE_YARDSTICKS/gen_dfd.py" --out "$folder" 100 1000 10000
cargo bench --bench paths -- "$folder/n100" "$folder/n1000" "$folder/n10000"
if [ -n "${PEERS:-}" ]; then
    "$python" "$SANDTABLE_YARDSTICKS/bench_paths.py" --data "$folder" --tools "$PEERS" --sizes 100,1000 --budget 60
fi
