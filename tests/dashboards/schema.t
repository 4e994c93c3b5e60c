#!/usr/bin/env python3
"""The dashboards have the form that Grafana takes, by its own types: those of the
oldest Grafana that says them of panels, and of a new one. npm fetches them."""
import glob
import json
import os
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(TOP, "tests/integration"))

from harness import done, is_, ok, scratch, skip_all

GRAFANA = ["10.4.19", "13.2.3"]
TOOLS = ["typescript@7.0.2", "@grafana/grafana-foundation-sdk@0.0.21"]
HEAD = 'import type { Dashboard } from "./schema";\nexport const it: Dashboard = '
OF_STORES = {"tag", "timeFilter"}  # $tag_NAME; what Grafana fills in by itself
# Each is wrong in one place, of the dashboard's form or a panel's.
WRONG = [
    ('"refresh": 1,', '"refresh": 9,'), ('"type": "query"', '"type": "qery"'),
    ('"uid": "${datasource}"', '"id": "${datasource}"'),
    ('"gridPos"', '"grid"'), ('"refId"', '"ref"'), ('"expr"', '"exp"'),
    ('"mode": "absolute"', '"mode": "absolut"'), ('"unit": "s"', '"unit": "sec"'),
    ('"type": "timeseries"', '"type": "graph"'), ('"calcs"', '"calc"'),
    ('"colorMode": "background"', '"colorMode": "back"'),
    ('"displayMode": "basic"', '"displayMode": "bar"'),
    ('"showPoints": "auto"', '"showPoints": "no"'),
    ('"icon": "external link",', ""), ('"w": 8', '"w": "8"')]


def dashboards():
    """{path below contrib/grafana: text}"""
    found = {}
    for path in sorted(glob.glob(TOP + "/contrib/grafana/*/*.json")):
        with open(path) as file:
            found[os.path.relpath(path, TOP + "/contrib/grafana")] = file.read()
    return found


def fetch(version):
    """A folder with Grafana's types, or None."""
    folder = scratch()
    made = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts",
         "--prefix", folder, "@grafana/schema@" + version, *TOOLS],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    shutil.copy(HERE + "/schema.ts", folder)
    return (folder if made.returncode == 0 else None), made.stdout.decode()


def errors(folder, texts):
    """What the compiler says of {name: text}: {name: its first line}"""
    files = {re.sub(r"\W", "_", name) + ".ts": name for name in texts}
    for file, name in files.items():
        with open(os.path.join(folder, file), "w") as out:
            out.write(HEAD + texts[name] + ";\n")
    made = subprocess.run(
        [folder + "/node_modules/.bin/tsc", "--noEmit", "--strict",
         "--skipLibCheck", "--module", "esnext", "--moduleResolution", "bundler",
         *files], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = made.stdout.decode()
    found = {}
    for line in said.splitlines():
        file = line.partition("(")[0]
        if not line.startswith(" "):
            found.setdefault(files.get(file, file), line)
    if made.returncode != 0 and not found:
        found["tsc"] = said
    return found


def overlaps(panels):
    """Pairs of panels that lie on one another"""
    places = [(p["title"], p["gridPos"]) for p in panels]
    return [(a, b) for n, (a, one) in enumerate(places) for b, two in places[:n]
            if one["x"] < two["x"] + two["w"] and two["x"] < one["x"] + one["w"]
            and one["y"] < two["y"] + two["h"] and two["y"] < one["y"] + one["h"]]


def laws(texts):
    """What Grafana refuses or draws wrong, and no type says"""
    made = {name: json.loads(text) for name, text in texts.items()}
    uids = [one["uid"] for one in made.values()]
    is_([uid for uid in uids if not re.fullmatch(r"[\w-]{1,40}", uid)], [],
        "uids are what Grafana takes")
    is_(len(set(uids)), len(uids), "and differ")
    is_([name for name, one in made.items() if len(
        {p["id"] for p in one["panels"]}) != len(one["panels"])], [],
        "ids of panels differ")
    is_([(name, overlaps(one["panels"])) for name, one in made.items()
         if overlaps(one["panels"]) or any(
             p["gridPos"]["x"] + p["gridPos"]["w"] > 24 for p in one["panels"])],
        [], "no panel lies on another, or outside")
    is_([(name, used) for name, one in made.items() for used in sorted(
        set(re.findall(r"\$\{?([A-Za-z]+)", texts[name])) - OF_STORES -
        {v["name"] for v in one["templating"]["list"]})], [],
        "no variable is missing")


texts = dashboards()
laws(texts)
if shutil.which("npm") is None:
    print("# no npm: not compared with Grafana's types")
else:
    for version in GRAFANA:
        folder, said = fetch(version)
        if folder is None:
            print("# npm fetches no types: " + said[-300:].replace("\n", " "))
            break
        is_(errors(folder, texts), {}, "%d dashboards have the form of Grafana %s" % (
            len(texts), version))
        text = texts["prometheus/openstack-overview.json"]
        wrong = {"wrong %d" % n: text.replace(*change, 1)
                 for n, change in enumerate(WRONG)}
        seen = errors(folder, wrong)
        is_([change for n, change in enumerate(WRONG)
             if "wrong %d" % n not in seen], [],
            "what is wrong in one place is seen, at %d places" % len(WRONG))
done()
