#!/usr/bin/python3
"""Owners: a walk that lists them for its own meters lists them for others, too."""

from harness import *

ZONES = [row.name for row in rows() if row.listing == "zones"]
SETS = [row.name for row in rows() if row.listing == "recordsets"]
POOLS = [row.name for row in rows() if row.listing in ("lb_pools", "lb_members")]
INTERVAL = 3 * PACE
NPOOLS = 12


def dns(sim, *inside, **keys):
    return cloud("prod", sim, *inside, MaxRequestRate=0, **dict(
        dict(Interval=INTERVAL, Meter=ZONES + SETS), **keys))


def sent(daemon, listing):
    """Requests of each walk that made any, in order."""
    return [int(w["sent"]) for w in daemon.walks(listing) if "sent" in w]


def walked(daemon, times, *listings):
    return daemon.wait(lambda: all(
        len(sent(daemon, name)) >= times for name in listings), 60)


def once():
    with Sim("--lb-pools", NPOOLS) as sim:
        with Daemon(dns(sim, Meter=ZONES + SETS + POOLS)) as daemon:
            ok(walked(daemon, 3, "zones", "recordsets", "lb_pools",
                      "lb_members"), "all are walked")
            wanted = sim.expected(*SETS)
            is_([c for c in daemon.cycles(*{v[1] for v in wanted})[:3]
                 if c != wanted], [], "each zone has its records")
            for listing, n in (("zones", 1), ("recordsets", 1),
                               ("lb_pools", 1), ("lb_members", NPOOLS)):
                is_(sent(daemon, listing)[:3], [n] * 3,
                    "%s: %d requests in a cycle" % (listing, n))


def by_region():
    names = ("Eins", "Zwei")
    with Sim("--regions", ",".join(names)) as sim:
        with Daemon(dns(sim)) as daemon:
            for name in names:
                found = lambda: [number(v.value) for v in daemon.select(
                    host="prod." + name, instance="prod:recordsets",
                    meter="sent")]
                daemon.wait(lambda: len(found()) >= 2)
                is_(found()[:2], ["1", "1"], name + ": its own zones")
                wanted = sim.expected(*SETS, region=name)
                is_(daemon.cycles(*{v[1] for v in wanted},
                                  host="prod." + name)[0], wanted,
                    "... and their records")


def two_intervals():
    rarely = [block("Meter", name, {"Interval": 2 * INTERVAL})
              for name in SETS]
    with Sim() as sim:
        with Daemon(dns(sim, *rarely)) as daemon:
            listing = "recordsets@%g" % (2 * INTERVAL)
            walked(daemon, 1, listing)
            is_(sent(daemon, listing)[:1], [2],
                "at another interval they are listed for themselves")


def half_a_list():
    """The third of five pages fails, once."""
    with Sim("--page", 7, "--fault",
             "/dns/v2/zones status 500 after=2 times=1") as sim:
        with Daemon(dns(sim)) as daemon:
            ok(walked(daemon, 2, "zones", "recordsets"), "both go on")
            is_([w["up"] for w in daemon.walks("zones")][:2], ["0", "1"],
                "the walk of the zones fails once")
            is_({w["up"] for w in daemon.walks("recordsets")}, {"1"},
                "that of the records does not: it lists them itself")
            first, then = sent(daemon, "recordsets")[:2]
            is_(first - then, 5, "... with all five pages")
            wanted = sim.expected(*SETS)
            is_([c for c in daemon.cycles(*{v[1] for v in wanted})[:2]
                 if c != wanted], [], "no value is of half the zones")


def no_list():
    with Sim("--fault", "/dns/v2/zones status 500") as sim:
        with Daemon(dns(sim)) as daemon:
            walked(daemon, 1, "zones", "recordsets")
            is_({w["up"] for w in daemon.walks("recordsets")}, {"0"},
                "without owners the walk is down")
            is_(daemon.cycles(*SETS), [], "... without a value, or a 0")
            daemon.says("recordsets: zones: .*500", "... with a line", 1)
            sim.fault()
            wanted = sim.expected(*SETS)
            ok(daemon.wait(lambda: daemon.cycles(
                *{v[1] for v in wanted})[-1] == wanted, 60),
               "... until they come")


def stop():
    with Sim("--fault", "/dns/v2/zones hang") as sim:
        with Daemon(dns(sim, Interval=60)) as daemon:
            daemon.wait(lambda: sim.stats()["in_flight"] > 0)
            is_(sim.stats()["paths"].get("/dns/v2/recordsets"), None,
                "who waits for owners asks for nothing")
            stops(daemon, "... and holds up no stop")


once()
by_region()
two_intervals()
half_a_list()
no_list()
stop()
done()
