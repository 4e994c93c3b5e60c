#!/usr/bin/env python3
"""Each query of each dashboard, as its JSON has it, asked of the real store:
what comes back is what the plugin's values make it."""
import json
import os
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
GRAFANA = os.path.join(TOP, "contrib/grafana")
for each in ("tests/writers", "tests/dashboards", "contrib/grafana"):
    sys.path.insert(0, os.path.join(TOP, each))

from answers import is_right
from graphite import Graphite
from harness import done, note, ok, wait
from influxdb import InfluxDB
from panels import DASHBOARDS, overview, polling
from pictures import POLLING, WALL, inked, panels_of
from prometheus import Prometheus
from queries import is_now, is_slow, names_resources, split
import history

HOURS = 0.4


def filled(text):
    """With what Grafana puts in place of its variables."""
    return text.replace("$cloud", "prod").replace("$__interval", "5m") \
        .replace("$timeFilter", "time > now() - 2h")


def newest(points, since):
    """The number of the newest of [(time, number or None)], unless it is older."""
    there = [(time, number) for time, number in points if number is not None]
    return there[-1][1] if there and there[-1][0] > since else None


# Each: what a target brings, [(resource, number)]; every: how often its values come.
# What InfluxDB has not got is no point of the line, and a gap in the others'.
def of_prometheus(store, target, query, end, every):
    if is_now(query):
        rows = store.query(filled(target["expr"]), time=end + 1)
        points = [(row["metric"], [row["value"]]) for row in rows]
    else:
        rows = store.get("/api/v1/query_range", query=filled(target["expr"]),
                         start=end - 3600, end=end + 1, step=60)
        points = [(row["metric"], row["values"])
                  for row in rows["data"]["result"]]
    return [(labels.get("openstack"), newest([(t, float(n)) for t, n in found],
                                             end - 300))
            for labels, found in points]


def of_influxdb(store, target, query, end, every):
    rows = store.query(filled(target["query"]))
    if is_now(query):
        return [(dict(zip(row["columns"], cells))["instance"],
                 dict(zip(row["columns"], cells))["value"])
                for row in rows for cells in row["values"]]
    return [(row.get("tags", {}).get("instance"),
             newest([(us / 1e6, n) for us, n in row["values"]], end - every))
            for row in rows]


def of_graphite(store, target, query, end, every):
    rows = store.render(filled(target["target"]), **{
        "from": "-2h", "until": "%d" % (end + 1)})
    return [(row["target"] if names_resources(query) else None,
             newest([(t, n) for n, t in row["datapoints"]],
                    end - (every if is_now(query) else 300)))
            for row in rows]


ASK = {"prometheus": of_prometheus, "influxdb": of_influxdb,
       "graphite": of_graphite}


def interval_of(query, values):
    """How often its values come"""
    value = getattr(query, "query", query)[0]
    return max([v.interval for v in values if (v.type, v.meter) == split(value)],
               default=300)


def got_of(store, kind, target, query, values, end):
    """{resource: number}, or {None: number}"""
    return {name: number for name, number in ASK[kind](
        store, target, query, end, interval_of(query, values))
            if number is not None}


def added_up(kind, query, values, end):
    """Of values those that are in a step of the store's lines. Prometheus has each
    one until the next; InfluxDB and Graphite have in a sum, and Graphite in a line,
    what came in this step: of walks not those of once an hour."""
    value = getattr(query, "query", query)[0]
    if kind == "prometheus" or is_now(query) or is_slow(value) or (
            kind == "influxdb" and names_resources(query)):
        return values
    return [v for v in values if v.time > end - 300]


def known_as(kind, name):
    """Only Graphite writes a resource in another way."""
    if kind != "graphite" or name is None:
        return name
    return name.replace(".", "_").replace(":", "_")


def await_right(store, kind, target, query, values, end):
    """(got, is it right, wanted): what was sent may still be on its way."""
    found = []

    def right():
        got = got_of(store, kind, target, query, values, end)
        found[:] = [got, *is_right(query, got, values,
                                   lambda name: known_as(kind, name))]
        return found[1]
    wait(right, 120)
    return found


def check(store, kind, dashboard, values, end):
    with open("%s/%s/openstack-%s.json" % (GRAFANA, kind, dashboard.name)) as file:
        drawn = [panel for panel in json.load(file)["panels"]
                 if panel["type"] != "row"]
    panels = [panel for row in dashboard.rows for panel in row.panels]
    for panel, made in zip(panels, drawn):
        for (label, query), target in zip(panel.lines.items(), made["targets"]):
            got, right, wanted = await_right(
                store, kind, target, query,
                added_up(kind, query, values, end), end)
            name = "%s: %s: %s: %s: %d" % (
                kind, dashboard.name, panel.title, label, len(got))
            ok(got and right, name, lambda: "%s\ngot:    %s\nwanted: %s" % (
                target, sorted(got.items(), key=str)[:12],
                sorted(wanted.items(), key=str)[:12]))


def draw(store):
    """The main graphs, as Graphite draws them"""
    for panel in panels_of(overview, WALL) + panels_of(polling, POLLING):
        full, empty = inked(store, panel, span="-1h"), inked(
            store, panel, span="-9h", until="-8h")
        ok(full > empty + 20, "%s is drawn" % panel.title,
           "%d pixels, and %d without values" % (full, empty))
        note("%s: %d pixels, and %d without values" % (panel.title, full, empty))


# Of 17 projects one would be refused, and then Swift has no total.
STAGES = tuple(("--projects", 16) + stage for stage in history.STAGES)
past = history.make(hours=HOURS, stages=STAGES)
end = max(v.time for v in past)
values = list({(v.instance, v.type, v.meter): v for v in past
               if v.time > end - max(300, v.interval)}.values())
note("%d values, %d of them newest" % (len(past), len(values)))
for Store, kind in ((Prometheus, "prometheus"), (InfluxDB, "influxdb"),
                    (Graphite, "graphite")):
    if len(sys.argv) > 1 and kind not in sys.argv[1:]:
        continue
    store = Store()
    store.start(past)
    for dashboard in DASHBOARDS:
        check(store, kind, dashboard, values, end)
    if kind == "graphite":
        draw(store)
    store.stop()
done()
