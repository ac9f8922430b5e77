#!/usr/bin/env python3
"""What sandtable finds on a neutral model beside what pytm finds on the same, by rule and by number.

    compare.py DIR [--sandtable PROGRAM]

DIR holds `model.json` and `pytm.json` as `gen_dfd.py` of the yardsticks writes them. Needs pytm 1.4.0. What only one of
the two forms can say is left out of ours: nothing is invented, so that a fact that the neutral model does not hold stays
unknown. `docs/COMPARISON.md` says what came of it.
"""
import argparse
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

CLASSES = ["public", "internal", "restricted", "confidential", "secret"]


def ours(neutral):
    """The neutral model as a model file of ours: only facts that it holds."""
    quote = json.dumps
    data = {entry["id"]: entry for entry in neutral["data"]}
    kinds = {element["id"]: element["kind"] for element in neutral["elements"]}
    out = ["#![enable(implicit_some)]", f"Model(format: 1, title: {quote(neutral['name'])}, classes: {{"]
    out += [f"  {quote(name)}: (rank: {rank})," for rank, name in enumerate(CLASSES, 1)]
    out += ["}, boundaries: {"]
    for boundary in neutral["boundaries"]:
        parent = f"parent: {quote(boundary['parent'])}, " if boundary["parent"] else ""
        out.append(f"  {quote(boundary['id'])}: ({parent}title: {quote(boundary['name'])}),")
    out.append("},")
    flag = lambda name, value: f"{name}: {'true' if value else 'false'}"

    def facts(element):
        attrs = element["attrs"]
        common = [f"title: {quote(element['name'])}"]
        if element["boundary"]:
            common.append(f"boundary: {quote(element['boundary'])}")
        if element["kind"] == "datastore":
            kept = [data[name] for name in element["data"]]
            if kept:
                highest = max((entry["classification"] for entry in kept), key=CLASSES.index)
                common.append(f"class: {quote(highest)}")
            if any(entry["pii"] for entry in kept):
                common.append('subjects: ["people"]')
            common.append(flag("encrypted_at_rest", attrs["encrypted_at_rest"]))
        elif element["kind"] == "endpoint":
            # That callers prove who they are is said, and not how: then it stays unknown.
            if not attrs["authn"]:
                common.append("authentication: NoAuth")
            common.append(f"input_schema: {'Strict' if attrs['validates_input'] else 'NoSchema'}")
            if not attrs["rate_limited"]:
                common.append("rate_limit: Unlimited")
            common.append(flag("audit_log", attrs["logs"]))
        elif element["kind"] == "process":
            common.append(flag("audit_log", attrs["logs"]))
        return "(" + ", ".join(common) + "),"

    for section, kind in [("datasets", "datastore"), ("actors", "actor"), ("services", "process"), ("endpoints", "endpoint")]:
        out.append(f"{section}: {{")
        out += [f"  {quote(e['id'])}: {facts(e)}" for e in neutral["elements"] if e["kind"] == kind]
        out.append("},")
    out.append("flows: {")
    for flow in neutral["flows"]:
        # What a flow carries is a dataset of ours where one of its ends is one.
        stores = [end for end in (flow["from"], flow["to"]) if kinds[end] == "datastore"]
        carried = f", data: [{', '.join(map(quote, stores))}]" if stores else ""
        encrypted = flag("encrypted", flow["attrs"]["encrypted"])
        out.append(f"  {quote(flow['id'])}: (from: {quote(flow['from'])}, to: {quote(flow['to'])}, {encrypted}{carried}),")
    out += ["},", ")"]
    return "\n".join(out) + "\n"


def theirs(path):
    from pytm import TM, load

    with open(path) as handle:
        model = load(handle)
    model.check()
    model.resolve()
    return collections.Counter((found.threat_id, found.description) for found in model.findings)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("dir", type=pathlib.Path)
    arguments.add_argument("--sandtable", default="target/release/sandtable")
    args = arguments.parse_args()
    neutral = json.loads((args.dir / "model.json").read_text())
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.ron"
        path.write_text(ours(neutral))
        run = lambda *words: json.loads(
            subprocess.run([args.sandtable, *words, "--format", "json"], check=False, stdout=subprocess.PIPE).stdout
        )
        judged = run("threats", str(path), "--all")
        asked = run("questions", str(path), "--limit", "100000")
    fires = collections.Counter((t["rule"], t["title"]) for t in judged["threats"] if t["outcome"] == "fires")
    print(f"sandtable: {sum(fires.values())} threats of {len(fires)} rules, {len(asked['questions'])} questions, totals {judged['totals']}")
    for (rule, title), count in fires.most_common():
        print(f"  {count:5} {rule} {title}")
    try:
        found = theirs(args.dir / "pytm.json")
    except ImportError:
        sys.exit("pytm is not installed: pip install pytm==1.4.0")
    print(f"pytm: {sum(found.values())} findings of {len(found)} entries")
    for (rule, title), count in found.most_common():
        print(f"  {count:5} {rule} {title}")


main()
