#!/usr/bin/env python3
"""Unit "project": three daemons share a listing that is asked project by
project. Each project is asked once in an interval, by one of them; and whoever
makes a total has the listing as a whole, or not at all."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from etcd import Cluster, coded
from sharing import *

INTERVAL = 10
PROJECTS = 60
METERS = ("storage.objects", "storage.containers.objects")
TOTAL = "storage.objects.total"
SHARE = ['  Unit "project"']


def accounts(sim):
    """How often each project's account was asked for."""
    return {path: n for path, n in sim.stats()["paths"].items()
            if "/AUTH_" in path}


def revision(etcd):
    return int(etcd.ask("/v3/kv/range", {"key": coded("a")})["header"]["revision"])


def doubles(found):
    """Pairs of values of two daemons within 0.45 of an interval."""
    return [(name, a, b) for name, values in found.items()
            for a, b in zip(values, values[1:])
            if a[2] != b[2] and b[0] - a[0] < 0.45 * INTERVAL]


def longest(found, begun):
    """The longest gap of a series since then, in intervals: by its values' own
    time, and by arrival."""
    own = arrival = 0
    for values in found.values():
        for a, b in zip(values, values[1:]):
            if b[1] > begun:
                own, arrival = max(own, b[0] - a[0]), max(arrival, b[1] - a[1])
        arrival = max(arrival, time.monotonic() - values[-1][1])
    return own / INTERVAL, arrival / INTERVAL


def at_work(sim, etcd, daemons):
    wanted = {(name, meter) for name, meter, _ in sim.expected(*METERS)}
    got = lambda: {(unhashed(name), meter)
                   for name, meter in walkers(daemons, METERS)}
    ok(wait(lambda: got() >= wanted, 6 * INTERVAL),
       "three that start together send every series",
       lambda: differ(got(), wanted))
    ok(wait(lambda: sum(told(d).get("owned", 0) for d in daemons) == 16,
            3 * INTERVAL) and min(told(d)["owned"] for d in daemons) >= 3,
       "each has its part of 16 shards", str([told(d) for d in daemons]))
    time.sleep(2 * INTERVAL)
    sim.zero()
    before = revision(etcd)
    time.sleep(5 * INTERVAL)
    asked = accounts(sim)
    written = (revision(etcd) - before) / 5
    is_(len(asked), PROJECTS, "all projects are asked")
    ok(set(asked.values()) <= {4, 5, 6}, "each once in an interval",
       str(sorted(asked.values())))
    note("writes of etcd in an interval: %.1f" % written)
    ok(written <= 2 * len(daemons) + 2, "at most two writes of a walk",
       str(written))
    is_(doubles(walkers(daemons, METERS)), [], "no value came twice")
    hosts = {v.host for d in daemons for v in list(d.values)
             if v.instance == "prod:accounts" and v.meter == "up"}
    is_(hosts, {"ctl1", "ctl2", "ctl3"},
        "what a walk says of itself has its daemon's own name")


def one_is_killed(daemons):
    begun = time.monotonic()
    daemons[0]._kill()
    time.sleep(5 * INTERVAL)
    found = walkers(daemons, METERS)
    own, arrival = longest(found, begun)
    note("one of three is killed: gap %.2f, by arrival %.2f, doubles %d" % (
        own, arrival, len(doubles(found))))
    ok(max(own, arrival) <= 2, "one is killed: no gap over two intervals",
       "%.2f %.2f" % (own, arrival))
    is_(sum(told(d)["owned"] for d in daemons[1:]), 16, "the others have all")


def one_makes_a_total(sim, etcd, daemons):
    wanted = {number(sum(float(value) for _, _, value
                         in sim.expected("storage.objects")))}
    late = sharer(4, sim, etcd.urls, share=SHARE, Interval=INTERVAL,
                  Meter=list(METERS) + [TOTAL])
    with late:
        late.says(r'Unit \"project\": \"accounts\" has totals over projects, so '
                  "one daemon walks all of it", "who totals is told", 1)
        time.sleep(4 * INTERVAL)
        is_(walkers([late], METERS + (TOTAL,)), {},
            "nor has it a part beside those that have shards")
        for d in daemons:
            d.stop()
        ok(wait(lambda: walkers([late], [TOTAL]), 5 * INTERVAL),
           "it has the whole listing when they have stopped")
        values = {number(v.value) for v in list(late.values) if v.meter == TOTAL}
        is_(values, wanted, "and no total was ever a part")


with Sim("--projects", PROJECTS, "--containers", 2 * PROJECTS,
         "--open-accounts") as sim, Cluster(1) as etcd:
    daemons = [sharer(i, sim, etcd.urls, share=SHARE, Interval=INTERVAL,
                      Meter=list(METERS)) for i in (1, 2, 3)]
    for d in daemons:
        d.__enter__()
    at_work(sim, etcd, daemons)
    one_is_killed(daemons)
    one_makes_a_total(sim, etcd, daemons[1:])
done()
