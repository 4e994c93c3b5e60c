#!/usr/bin/env python3
"""Three controllers share a cloud; two of them die: docs/sharing.png, anew.

    tests/share/picture.py [FILE]

Each runs collectd, which sends to one collectd that keeps all in RRD files, as
controllers of a cloud do. It takes eight minutes: nothing here is sped up. A hole
in what was kept fails it. rrdtool draws it (tests/writers/run installs it).
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "dashboards")]
from pictures import COMPOSE, PYTHON
from store import udp_port
from events import *

OUT = os.path.join(ROOT, "docs", "sharing.png")
WIDTH, HEIGHT = 720, 200
TOTAL = "prod/openstack-total/gauge-volume.size.total.rrd"
HOSTS = ("ctl1", "ctl2", "ctl3")
COLORS = ("#4e79a7", "#f28e2b", "#59a14f")
# Seconds from the begin: what happens, to whom.
STORY = ((120, "kill", 0), (240, "kill", 1), (360, "start", 0),
         (360, "start", 1), (480, "end", None))
FIRST, LAST = 20, 470  # what is drawn of it
SERVER = """LoadPlugin network
<Plugin network>
  Listen "127.0.0.1" "%d"
</Plugin>
LoadPlugin rrdtool
<Plugin rrdtool>
  DataDir "%s"
</Plugin>"""
CLIENT = """LoadPlugin network
<Plugin network>
  Server "127.0.0.1" "%d"
</Plugin>"""


def controller(host, sim, etcd, port):
    return Controller(host, sim, etcd.urls, plugins=("network",),
                      extra=CLIENT % port)


def volumes(second):
    """The cloud lives, so that a line that stood still would be seen."""
    return 200 + second // 4 + (15 if second // 30 % 2 else 0)


def tell(sim, etcd, port):
    """What happens, while the cloud changes. Returns all that there were."""
    live = [controller(host, sim, etcd, port) for host in HOSTS]
    every = list(live)
    for one in live:
        one.__enter__()
    story, begun = list(STORY), time.monotonic()
    while True:
        second = int(time.monotonic() - begun)
        sim.own("POST", "count", "volumes %d" % volumes(second))
        while story and second >= story[0][0]:
            _, what, n = story.pop(0)
            note("%d s: %s %s" % (second, what, HOSTS[n] if n is not None else ""))
            if what == "end":
                return every
            if what == "kill":
                live[n].kill()
            else:
                live[n] = controller(HOSTS[n], sim, etcd, port)
                every.append(live[n])
                live[n].__enter__()
        time.sleep(1)


def graph(out, begun, lines, title):
    marks = ["VRULE:%d#cc3333:%s:dashes" % (begun + second, "%s is %s" % (
        HOSTS[n], {"kill": "killed", "start": "back"}[what]))
        for second, what, n in STORY[:-1]]
    subprocess.run(
        ["rrdtool", "graph", out, "--start", str(begun + FIRST), "--end",
         str(begun + LAST), "--full-size-mode", "--width", str(WIDTH),
         "--height", str(HEIGHT), "--title", title, "--lower-limit", "0",
         "--x-grid", "SECOND:30:MINUTE:1:MINUTE:1:0:%H:%M", *lines, *marks],
        check=True, stdout=subprocess.DEVNULL, env=dict(os.environ, TZ="UTC"))


def draw(rrd, begun, out):
    """Two graphs, one below the other, of what the server kept."""
    halves = [out + ".1.png", out + ".2.png"]
    graph(halves[0], begun, [
        "DEF:v=%s:value:AVERAGE" % os.path.join(rrd, TOTAL),
        "LINE2:v#333333:size of all volumes of the cloud, in GB\\l"],
        "Three controllers share a cloud")
    lines = []
    for host, color in zip(HOSTS, COLORS):
        path = os.path.join(rrd, host, "openstack-prod/count-owned.rrd")
        lines += ["DEF:v%s=%s:value:AVERAGE" % (host, path),
                  "CDEF:{0}=v{0},UN,0,v{0},IF".format(host),
                  "AREA:%s%s:%s:STACK" % (host, color, host)]
    lines.append("COMMENT:\\l")
    graph(halves[1], begun, lines, "Listings that each of them walks")
    subprocess.run([PYTHON, "-c", COMPOSE, out, "1", str(WIDTH), str(HEIGHT),
                    *halves], check=True)
    for half in halves:
        os.unlink(half)


def holes(path, begun):
    """Of how many steps nothing is known, and how many there are"""
    rows = subprocess.run(
        ["rrdtool", "fetch", path, "AVERAGE", "--start", str(begun + FIRST),
         "--end", str(begun + LAST)], stdout=subprocess.PIPE, text=True,
        check=True).stdout
    found = [line.split(": ")[1] for line in rows.splitlines() if ": " in line]
    return sum("nan" in value.lower() for value in found), len(found)


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else OUT
    port, rrd = udp_port(), os.path.join(scratch(), "rrd")
    server = Daemon(config="", load=None, plugins=("network", "rrdtool"),
                    extra=SERVER % (port, rrd))
    with server, Sim("--images", "50", "--latency", "100") as sim, \
            Cluster(3) as etcd:
        begun = int(time.time())
        for one in tell(sim, etcd, port):
            if one.alive():
                one.stop()
        time.sleep(1)
    draw(rrd, begun, out)
    lost, steps = holes(os.path.join(rrd, TOTAL), begun)
    note("%d holes in %d steps of 10 s" % (lost, steps))
    sys.exit(1 if lost or steps < 40 else 0)


main()
