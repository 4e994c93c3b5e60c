#!/usr/bin/python3
"""Intervals: the cloud's, else LoadPlugin's, else 300 s; but none that is shorter
than a listing bears."""

from harness import *


QUOTA = "network.quota.router.limit"


def interval(daemon, host):
    return {v.interval for v in daemon.select(host=host, meter="image")}


with Sim("--images", 10) as sim:
    with Daemon(cloud("default", sim, Interval=None)) as daemon:
        daemon.wait(lambda: daemon.walks(cloud="default"))
        is_(interval(daemon, "default"), {300.0},
            "300 s where nothing is said, and a first walk at once")
        time.sleep(2)
        is_(len(daemon.walks(cloud="default")), 1, "... the next is far")

    with Daemon(cloud("loadplugin", sim, Interval=None),
                cloud("own", sim, Interval=2), load="Interval 3") as daemon:
        daemon.wait(lambda: len(daemon.walks(cloud="loadplugin")) >= 4, 30)
        is_(interval(daemon, "loadplugin"), {3.0}, "LoadPlugin's own")
        is_(interval(daemon, "own"), {2.0}, "the cloud's wins")
        times = sorted({v.time for v in daemon.select(
            host="own", meter="image")})
        steps = [b - a for a, b in zip(times, times[1:])]
        ok(steps and all(1.5 < s < 3 * SLOW for s in steps),
           "walks come in their interval", steps)
        ok(len(daemon.walks(cloud="own")) >
           len(daemon.walks(cloud="loadplugin")), "... each at its own pace")

    with Daemon(cloud("fast", sim, Interval=1.5)) as daemon:
        daemon.wait(lambda: len(daemon.walks(cloud="fast")) >= 3)
        is_(interval(daemon, "fast"), {1.5}, "fractions of a second")

    quota = {"Interval": 1, "Meter": ["image", "network.quota.*"]}
    with Daemon(cloud("slow", sim, **quota), cloud("often", sim, block(
            "Meter", "network.quota.*", {"Interval": 1}), **quota)) as daemon:
        daemon.wait(lambda: daemon.select(host="slow", meter=QUOTA) and
                    len(daemon.walks("network_quotas", "often")) >= 3 and
                    len(daemon.walks(cloud="slow")) >= 3)
        is_({v.interval for v in daemon.select(host="slow", meter=QUOTA)},
            {3600.0}, "a cloud does not shorten the interval of quotas")
        is_(len({v.time for v in daemon.select(host="slow", meter=QUOTA)}), 1,
            "... which are asked for once while it is walked several times")
        is_({v.interval for v in daemon.select(host="often", meter=QUOTA)},
            {1.0}, "... and a block does")
done()
