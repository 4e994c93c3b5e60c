#!/usr/bin/python3
"""Regions: one that hangs takes nothing from the others, whatever is walked."""

from harness import *

NAMES = ("Eins", "Zwei", "Drei")
PACES = 4


def reports(daemon, region, meter, listing="images"):
    """Values that the walk there reports of itself, in order."""
    return [v.value for v in daemon.select(
        host="prod." + region, instance="prod:" + listing, meter=meter)]


def one_hangs():
    """All others keep their pace and all their values."""
    with Sim("--images", 40, "--regions", ",".join(NAMES), "--fault",
             "/region/Zwei/image hang", "--fault",
             "/region/Zwei/volume hang") as sim:
        with Daemon(cloud("prod", sim, Interval=2 * PACE,
                          Meter=["image", "volume.size"])) as daemon:
            well = NAMES[::2]
            daemon.wait(lambda: reports(daemon, "Zwei", "walk"))
            ok(daemon.wait(lambda: all(
                len(reports(daemon, region, "up", listing)) >= PACES
                for region in well for listing in ("images", "volumes")), 60),
               "two of three regions are walked while one hangs")
            for region in well:
                is_({float(v) for v in reports(daemon, region, "up")}, {1.0},
                    region + ": up")
                wanted = sim.expected("image", region=region)
                is_([c for c in daemon.cycles("image", host="prod." + region)
                     if c != wanted], [], "... with all its images")
                ok(max(map(float, reports(daemon, region, "walk"))) < min(
                    map(float, reports(daemon, "Zwei", "walk"))), "... at once",
                   reports(daemon, region, "walk"))
                is_({float(v) for v in reports(daemon, region, "skipped")},
                    {0.0}, "... and at each interval")
            is_({float(v) for v in reports(daemon, "Zwei", "up")}, {0.0},
                "Zwei: not up")
            ok(float(reports(daemon, "Zwei", "walk")[0]) >= 1.5 * PACE,
               "... and had its whole share of the interval",
               reports(daemon, "Zwei", "walk"))
            sim.fault()
            ok(daemon.wait(lambda: float(
                reports(daemon, "Zwei", "up")[-1]) == 1, 60),
               "... and comes back")
            stops(daemon, "the daemon stops within a second")


def one_is_slow():
    """It needs most of its time: a slice would not do."""
    interval = 4 * PACE
    with Sim("--images", 20, "--regions", ",".join(NAMES), "--fault",
             "/region/Zwei/image latency %d" % (550 * interval)) as sim:
        with Daemon(cloud("prod", sim, Interval=interval,
                          Meter="image")) as daemon:
            ok(daemon.wait(lambda: min(
                len(reports(daemon, name, "up")) for name in NAMES) >= 2, 60),
               "all regions are walked while one is slow")
            for name in NAMES:
                is_({float(v) for v in reports(daemon, name, "up")}, {1.0},
                    name + ": up")
                is_(daemon.cycles("image", host="prod." + name)[:1],
                    [sim.expected("image", region=name)],
                    "... with all its images")


def descriptors(daemon):
    return len(os.listdir("/proc/%d/fd" % daemon.process.pid))


def few_descriptors():
    """A cloud has as many transfers as walks that run at once."""
    with Sim("--images", 10, "--regions", ",".join(NAMES)) as sim:
        with Daemon(cloud("idle", sim, Interval=86400)) as daemon:
            daemon.wait(lambda: daemon.walks(cloud="idle"))
            few = descriptors(daemon)
        sim.zero()
        with Daemon(cloud("prod", sim, Interval=2 * PACE,
                          Meter=None)) as daemon:
            daemon.wait(lambda: min(
                len(reports(daemon, name, "up")) for name in NAMES) >= 3)
            many = descriptors(daemon)
        requests, connections = (sim.stats()[k]
                                 for k in ("requests", "connections"))
        note("%d descriptors beside %d, %d connections for %d requests" % (
            many, few, connections, requests))
        # 4 workers: a wake-up pair and a connection or two each.
        ok(many - few <= 24, "all meters of three regions: few descriptors",
           "%d more" % (many - few))
        ok(connections * 5 <= requests, "... and few connections",
           "%d for %d requests" % (connections, requests))


one_hangs()
one_is_slow()
few_descriptors()
done()
