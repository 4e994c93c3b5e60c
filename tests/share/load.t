#!/usr/bin/env python3
"""What three daemons that share a cloud cost, beside one that has it alone.

The cloud: the same requests in an interval, but for logins and lists of projects.
etcd: two requests for each beat of a daemon, one or two writes for a walk, and so
much more of its database. It is told in the manual.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from events import *

INTERVALS = 6
SPAN = INTERVALS * 10
BEAT = 5 / 4 * 0.9  # seconds, the shortest, at an interval of 10 s
CALL = re.compile(r'grpc_server_started_total\{grpc_method="(\w+)".*unary|'
                  r'grpc_server_started_total\{grpc_method="(LeaseKeepAlive)"')


def calls(etcd):
    """{method: how often} of what etcd was asked."""
    found = collections.Counter()
    for name, value in etcd.metrics().items():
        call = CALL.match(name)
        if call:
            found[call.group(1) or call.group(2)] += int(value)
    return found


def walks(watch):
    return sum(v.meter == "up" for _, v in watch.values())


def own(watch, since):
    """How often daemons asked what each asks by itself."""
    lines = (line.split(" ", 1) for line in
             watch.sim.own("GET", "requests").splitlines())
    return sum(int(ms) / 1000 >= since and bool(ITS_OWN.match(request))
               for ms, request in lines)


def settled(sim, *daemons):
    watch = Watch(sim, 10)
    watch.born = time.monotonic()
    watch.start(*daemons)
    ok(watch.ready(), "%d walk everything" % len(daemons))
    time.sleep(2 * watch.interval)
    return watch


def asked(watch):
    """{request: how often} in some intervals."""
    begun = time.monotonic()
    time.sleep(SPAN)
    found = watch.requests(begun, time.monotonic())
    note("%d daemons: %.1f requests in an interval, and %d by themselves since "
         "they began" % (len(watch.daemons), sum(map(len, found.values())) /
                         INTERVALS, own(watch, watch.born)))
    return {request: len(times) for request, times in found.items()}


def ends(watch):
    for daemon in watch.daemons:
        ok(daemon.stop() < STOP + 1, "the daemon stops at once")


def growth(etcd):
    """Bytes of the database for each of many writes of what daemons write."""
    key, (value, _) = next(iter(etcd.keys(KEYS + "walk/").items()))
    note("such as %s %s" % (key, value))

    def size():
        return int(etcd.ask("/v3/maintenance/status", {})["dbSizeInUse"])
    before, writes = size(), 3000
    for _ in range(writes):
        etcd.ask("/v3/kv/put", {"key": coded(key), "value": coded(value)})
    wait(lambda: size() > before, 10)
    time.sleep(1)  # it commits ten times a second
    return (size() - before) / writes


with Sim("--images", "50", "--page", "20") as sim:
    watch = settled(sim, Controller("ctl0", sim, ()))
    alone = asked(watch)
    ends(watch)
    with Cluster(3) as etcd:
        watch = settled(sim, *(Controller("ctl%d" % i, sim, etcd.urls)
                               for i in range(3)))
        ok(all(watch.owned()), "each walks something", watch.owned())
        before, walked, at = calls(etcd), walks(watch), time.monotonic()
        shared = asked(watch)
        made, walked = calls(etcd) - before, walks(watch) - walked
        span = time.monotonic() - at
        is_(set(shared), set(alone), "three ask what one asks")
        # Of a walk at the edge of the time both, one or none is counted.
        apart = {r: (alone.get(r), n) for r, n in shared.items()
                 if abs(n - alone.get(r, 0)) > 1}
        is_(apart, {}, "and as often")
        note("etcd: %s in %d s, of %d walks" % (dict(made), span, walked))
        beats = made["LeaseKeepAlive"]
        ok(0 < beats <= 3 * (span / BEAT + 1), "a beat is a quarter of the lease",
           "%d beats" % beats)
        ok(sum(made.values()) - made["Txn"] - made["Put"] <= 2 * beats + 3,
           "a beat is two requests")
        ok(walked / 2 <= made["Txn"] + made["Put"] <= 2 * walked + 2,
           "a walk is two writes at most")
        bytes = growth(etcd)
        note("%.0f bytes of the database for each write" % bytes)
        ok(50 < bytes < 400, "they are small")
        ends(watch)
done()
