#!/usr/bin/env python3
"""Pictures of dashboards, by Graphite's render.

    tests/dashboards/pictures.py      makes docs/wall.png and docs/polling.png anew

They show six hours of cloudsim. In each of its stages the real collectd polls it,
and write_graphite sends what it got again and again, with the times of half an
hour: numbers and names are the plugin's, and only the times are not.
"""
import os
import subprocess
import sys
import urllib.parse
import urllib.request

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
for each in ("tests/writers", "contrib/grafana"):
    sys.path.insert(0, os.path.join(TOP, each))

from graphite import PYTHON, Graphite
from harness import wait
from panels import overview, polling
from queries import STORES, split
import history

WIDTH, HEIGHT = 460, 260
WALL = ["APIs", "Time of an answer", "Servers by status", "What projects have",
        "Hypervisors", "Pools of volumes: free"]
POLLING = ["Requests in a cycle", "Bytes in a cycle", "The longest walks"]
# Growing; in one of them Nova fails.
STAGES = [("--servers", 10 + 3 * n + n % 3, "--volumes", 20 + 2 * n,
           "--images", 12 + n // 2, "--floatingips", 8 + n) for n in range(12)]
COMPOSE = """import sys, cairocffi as cairo
out, columns, width, height, *names = sys.argv[1:]
columns, width, height = int(columns), int(width), int(height)
rows = -(-len(names) // columns)
whole = cairo.ImageSurface(cairo.FORMAT_RGB24, columns * width, rows * height)
context = cairo.Context(whole)
for n, name in enumerate(names):
    context.set_source_surface(cairo.ImageSurface.create_from_png(name),
                               n % columns * width, n // columns * height)
    context.paint()
whole.write_to_png(out)
"""
# How many pixels are magenta
COUNT = """import sys, io, cairocffi as cairo
image = cairo.ImageSurface.create_from_png(sys.stdin.buffer)
pixels = bytes(image.get_data())
print(sum(pixels[n:n + 3] == b"\\xff\\x00\\xff" for n in range(0, len(pixels), 4)))
"""


def panels_of(dashboard, titles):
    every = {panel.title: panel for row in dashboard.rows for panel in row.panels}
    return [every[title] for title in titles]


def png(store, panel, span="-6h", until="now", **more):
    """A panel as Graphite draws it"""
    graphite = next(s for s in STORES if s.name == "graphite")
    query = [("target", graphite.text(query, label).replace("$cloud", "prod"))
             for label, query in panel.lines.items()]
    query += [("from", span), ("until", until), ("format", "png"), ("width", WIDTH),
              ("height", HEIGHT), ("title", panel.title), ("bgcolor", "white"),
              ("fgcolor", "black"), ("lineWidth", 2), ("fontSize", 9),
              ("hideLegend", "false"), ("hideGrid", "false"), ("yMin", 0),
              ("margin", 12), ("xFormat", "%H:%M"),
              ("areaMode", "stacked" if panel.kind == "stacked" else "none")]
    if panel.unit == "percent":
        query.append(("vtitle", "%"))
    query += more.items()
    with urllib.request.urlopen("%s/render?%s" % (
            store.url, urllib.parse.urlencode(query)), timeout=120) as answer:
        return answer.read()


def inked(store, panel, **when):
    """How many pixels its lines and legend take"""
    picture = png(store, panel, colorList="ff00ff", **when)
    return int(subprocess.run([PYTHON, "-c", COUNT], input=picture, check=True,
                              stdout=subprocess.PIPE).stdout)


def compose(store, panels, out, columns=3):
    names = []
    for n, panel in enumerate(panels):
        names.append(store.path("%d.png" % n))
        with open(names[-1], "wb") as file:
            file.write(png(store, panel))
    subprocess.run([PYTHON, "-c", COMPOSE, out, str(columns), str(WIDTH),
                    str(HEIGHT), *names], check=True)


def drawn(panels):
    """{(type, meter)} of all that they ask for"""
    return {split(value) for panel in panels for query in panel.lines.values()
            for value in getattr(query, "query", query)}


def main():
    wall, own = panels_of(overview, WALL), panels_of(polling, POLLING)
    wanted = drawn(wall + own)
    stages = [[v for v in history.poll(
        *options, "--projects", 16, "--latency", 5 + n % 4 * 10, Interval=60,
        faults=["/compute status 503"] if n == 7 else [])
        if (v.type, v.meter) in wanted] for n, options in enumerate(STAGES)]
    past = history.spread(stages, hours=6)
    store = Graphite()
    store.start(past)
    last = past[-1]
    wait(lambda: any(number is not None for row in store.render(
        store.series(last), **{"from": "-10min"})
        for number, _ in row["datapoints"]), 120)
    compose(store, wall, TOP + "/docs/wall.png")
    compose(store, own, TOP + "/docs/polling.png")
    store.stop()


if __name__ == "__main__":
    main()
