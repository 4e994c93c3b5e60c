#!/usr/bin/python3
"""MaxRequestRate and MaxConnections are kept."""

from harness import *


def rate():
    """60 pages at 20 a second."""
    with Sim("--images", 600, "--page", 10) as sim:
        with Daemon(cloud("prod", sim, MaxRequestRate=20,
                          Interval=20)) as daemon:
            daemon.wait(lambda: daemon.walks(), 30)
            stats = sim.stats()
            took = float(daemon.walks()[0]["walk"])
            is_(daemon.walks()[0]["up"], "1", "a walk with a rate is up")
            is_(stats["paths"]["/image/v2/images"], 61, "61 pages")
            ok(stats["per_second_max"] <= 22,
               "never more than 20 requests in a second",
               stats["per_second_max"])
            ok(2 <= took <= 6 * SLOW, "... and not much less", took)


def several_walks():
    """More projects than fit into an interval: the pass takes some walks."""
    interval = 4 * PACE
    rate = 14 / interval  # ten in a walk, of sixteen
    with Sim("--projects", 16) as sim:
        wanted = sim.expected("storage.objects")
        total = number(sum(float(n) for _, _, n in wanted))
        with Daemon(cloud("prod", sim, MaxRequestRate=rate, Interval=interval,
                          Meter=["storage.objects", "storage.objects.total"])
                    ) as daemon:
            daemon.wait(lambda: len(daemon.passes("storage.objects.total")) > 1
                        and len(daemon.walks("accounts")) >= 4, 12 * interval)
            is_(daemon.passes("storage.objects")[:2], [wanted] * 2,
                "several walks: each project once in a pass")
            is_(daemon.passes("storage.objects.total")[:2],
                [{("total", "storage.objects.total", total)}] * 2,
                "... and in the total, which comes when the pass is whole")
            walks = daemon.walks("accounts")
            ok(len(walks) >= 4, "... two walks or more", walks)
            is_({walk["up"] for walk in walks}, {"1"}, "... each of them is up")
            daemon.says("accounts: 16 projects do not fit into an interval: "
                        "each has a value every", "... and the log tells", 1)
            ok(sim.stats()["per_second_max"] <= rate + 4, "... without a burst",
               sim.stats()["per_second_max"])


def no_limit():
    with Sim("--images", 2000, "--page", 10) as sim:
        with Daemon(cloud("prod", sim, MaxRequestRate=0,
                          Interval=4 * PACE)) as daemon:
            daemon.wait(lambda: daemon.walks())
            took = float(daemon.walks()[0]["walk"])
            ok(took < 2 * SLOW, "0 is no limit: 201 pages at once", took)
            sim.zero()
            daemon.wait(lambda: len(daemon.walks()) >= 2)
            is_(sim.stats()["in_flight_max"], 1, "one listing: one at a time")


def connections():
    """Forty accounts, three at a time. (The first walk also logs in.)"""
    with Sim("--projects", 40, "--latency", 50) as sim:
        with Daemon(cloud("prod", sim, Meter="storage.*", MaxConnections=3,
                          MaxRequestRate=0, Interval=4 * PACE)) as daemon:
            daemon.wait(lambda: daemon.walks("accounts"))
            sim.zero()
            daemon.wait(lambda: len(daemon.walks("accounts")) >= 2)
            stats = sim.stats()
            is_(stats["in_flight_max"], 3, "MaxConnections: three in flight")
            is_(stats["requests"], 40, "... one request for a project")
            ok(stats["connections"] <= 2 + 3 + 1, "... on kept connections",
               stats["connections"])


def retry_after():
    """The server says when to come again: not before."""
    with Sim("--images", 10, "--fault", "/image retry-after 3") as sim:
        with Daemon(cloud("prod", sim)) as daemon:
            daemon.wait(lambda: daemon.walks())
            begun, first = time.monotonic(), sim.stats()["requests"]
            sim.fault()
            daemon.wait(lambda: sim.stats()["requests"] > first)
            waited = time.monotonic() - begun
            ok(waited > 1.5, "Retry-After is kept", "%.2f s" % waited)
            ok(daemon.wait(lambda: daemon.walks()[-1]["up"] == "1"),
               "... and then all is well")


rate()
several_walks()
no_limit()
connections()
retry_after()
done()
