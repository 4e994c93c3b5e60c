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


def answered(sim, prefix, latency):
    """{project: [when its answers left, as the wall's clock had it]}"""
    ahead, found = time.time() - time.monotonic(), {}
    for line in sim.own("GET", "requests").splitlines():
        at, _, path = line.split(" ", 2)
        if path.startswith(prefix):
            found.setdefault(path[len(prefix):], []).append(
                ahead + (float(at) + latency) / 1000)
    return found


def own_times():
    """Where requests are spread over the interval, a value has the time of its
    own answer, and so have two rounds of them."""
    meter, path = "compute.quota.cores.used", "/compute/v2.1/limits"
    interval, latency = 8, 1200
    with Sim("--projects", 4) as sim:
        sim.fault("%s latency %d" % (path, latency))
        with Daemon(cloud("paced", sim, every(interval), Interval=interval,
                          Meter=meter, MaxConnections=1)) as daemon:
            daemon.wait(lambda: len(daemon.passes(meter)) >= 2 and
                        len(daemon.passes(meter)[1]) == 4, 4 * interval)
            values = daemon.select(meter=meter)[:8]
            left = answered(sim, path + "?tenant_id=", latency)
            ahead = time.time() - time.monotonic()
            old = daemon.lines("too old")
    times = [v.time for v in values]
    ok(len(times) == 8 and all(a < b for a, b in zip(times, times[1:])),
       "two rounds: each value is newer than the one before", times)
    rounds = collections.Counter()
    late = []
    for v in values:
        late.append(v.time - left[v.instance][rounds[v.instance]])
        rounds[v.instance] += 1
    is_(set(rounds.values()), {2}, "... and of each project there are two")
    ok(late and all(-0.01 < seconds < SLOW for seconds in late),
       "... each has the time of its answer", late)
    ok(values and all(v.time < v.arrived + ahead + 0.01 for v in values),
       "... which was before it came to collectd")
    is_(old, [], "collectd finds none too old")


own_times()
done()
