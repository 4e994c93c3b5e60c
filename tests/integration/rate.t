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
no_limit()
connections()
retry_after()
done()
