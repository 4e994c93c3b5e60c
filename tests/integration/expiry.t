#!/usr/bin/python3
"""Tokens end: renewed ahead of it, and once when it happens in mid-walk."""

from harness import *

METERS = ("image", "image.size")


def short_life():
    """Tokens that live as long as three walks are apart."""
    with Sim("--images", 250, "--token-life", 6 * PACE) as sim:
        wanted = sim.expected(*METERS)
        with Daemon(cloud("prod", sim, Interval=2 * PACE)) as daemon:
            daemon.wait(lambda: len(daemon.walks()) >= 8, 40)
            cycles = daemon.cycles(*METERS)
            ok(len(cycles) >= 8 and all(c == wanted for c in cycles),
               "eight walks over some tokens: no value is lost",
               [len(c) for c in cycles])
            is_({w["up"] for w in daemon.walks()}, {"1"}, "... all are up")
            stats = sim.stats()
            ok(2 <= stats["tokens"] <= 8, "... a token for each life",
               stats["tokens"])
            is_(stats["statuses"].get("401", 0), 0,
                "... each renewed before its end")


def mid_walk():
    """The second page of three finds the token gone."""
    with Sim("--images", 2500) as sim:
        wanted = sim.expected(*METERS)
        sim.fault("/image expire-token after=1 times=1")
        with Daemon(cloud("prod", sim, Interval=4 * PACE)) as daemon:
            daemon.wait(lambda: len(daemon.walks()) >= 2)
            is_(daemon.cycles(*METERS)[0], wanted,
                "401 in mid-walk: no value is lost")
            is_(daemon.duplicates(*METERS), [], "... and none comes twice")
            stats = sim.stats()
            is_((stats["tokens"], stats["statuses"]["401"]), (2, 1),
                "... one more token, one request again")
            is_(daemon.walks()[0]["up"], "1", "... the walk is up")


def shared():
    """Two clouds of one login each have a token of their own."""
    with Sim("--images", 30) as sim:
        with Daemon(cloud("a", sim), cloud("b", sim)) as daemon:
            daemon.wait(lambda: len(daemon.walks(cloud="a")) >= 3 and
                        len(daemon.walks(cloud="b")) >= 3)
            is_(sim.stats()["tokens"], 2, "one token for each cloud")


short_life()
mid_walk()
shared()
done()
