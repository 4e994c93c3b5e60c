#!/usr/bin/env python3
"""Three collectd daemons share a cloud through etcd: what happens to series.

    share.t              all events, on an etcd of three members: half an hour
    share.t GROUP...     some: daemons, etcd, network, rollout, long
    share.t --short      starting together, etcd's leader paused, one killed: two
                         minutes
    UNIT=cloud share.t daemons etcd long    the same of a cloud that is one unit
    UNIT=project share.t                    the same with shards

events.py tells what is measured, and etcd.py where etcd comes from. The group
`network` has a network of its own, and runs as root only.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from network import Network, enter
from events import *

SIM = ("--images", "50", "--latency", "20")
LONG = ("--images", "50", "--latency", "20", "--page", "10", "--fault",
        "/image/v2/images latency 1600")


def start(watch, *daemons, most=2.0):
    """They start together."""
    with Event("%d start together" % len(daemons), watch, 0, most):
        watch.start(*daemons)
        ok(watch.ready(), "those that start together walk everything")
    time.sleep(watch.interval)


class Reach:
    """etcd, as each daemon reaches it by ways of its own."""

    def __init__(self, etcd, n):
        self.etcd = etcd
        self.ways = [[Way(int(url.rsplit(":")[-1])) for url in etcd.urls]
                     for _ in range(n)]

    def urls(self, n):
        return [way.url for way in self.ways[n]]

    def cut(self, n, cut=True):
        for way in self.ways[n]:
            way.cut = cut

    def kill(self, member):
        """Nothing listens there any more."""
        member.kill()
        for ways in self.ways:
            ways[member.number].close()

    def start(self, member):
        member.start()
        for ways in self.ways:
            ways[member.number].listen()


def short():
    with Sim(*SIM) as sim, Cluster(3) as etcd:
        watch = Watch(sim, 20)
        start(watch, *(Controller("ctl%d" % i, sim, etcd.urls, 20)
                       for i in range(3)))
        with Event("etcd's leader is paused for 9 s", watch, 1.5):
            leader = etcd.leader()
            leader.pause()
            time.sleep(9)
            leader.resume()
        with Event("one is killed", watch, 2.5):
            watch.daemons[0].kill()
        for daemon in watch.daemons[1:]:
            ok(daemon.stop() < STOP + 1, "the daemon stops at once")


def daemons():
    with Sim(*SIM) as sim, Cluster(3) as etcd:
        watch = Watch(sim, 10)
        start(watch, *(Controller("ctl%d" % i, sim, etcd.urls)
                       for i in range(3)))
        first = list(watch.daemons)
        with Event("three at work", watch, calm=True):
            pass
        late = Controller("ctl3", sim, etcd.urls)
        with Event("one joins", watch, 6, calm=True):
            watch.start(late)
        for seconds in (3, 14):
            with Event("one is stopped for %d s (SIGSTOP)" % seconds, watch):
                first[1].pause()
                time.sleep(seconds)
                first[1].resume()
        with Event("one leaves", watch):
            took = first[2].stop()
            ok(took < STOP + 1, "the daemon stops at once", "%.1f s" % took)
        with Event("one is killed (SIGKILL)", watch):
            first[0].kill()
        with Event("one more is killed", watch):
            first[1].kill()
        for member in etcd.members:
            member.kill()
        took = late.stop()
        ok(took < STOP + 1, "the daemon stops at once without etcd",
           "%.1f s" % took)


def etcd():
    with Sim(*SIM) as sim, Cluster(3) as etcd:
        watch, reach = Watch(sim, 10), Reach(etcd, 3)
        start(watch, *(Controller("ctl%d" % i, sim, reach.urls(i))
                       for i in range(3)))
        with Event("etcd's leader is killed, and back after 10 s", watch):
            leader = etcd.leader()
            reach.kill(leader)
            time.sleep(10)
            reach.start(leader)
        with Event("etcd's leader is paused for 9 s (SIGSTOP)", watch):
            leader = etcd.leader()
            leader.pause()
            time.sleep(9)
            leader.resume()
        for _ in range(2):
            with Event("all leases are revoked", watch):
                etcd.revoke_all()
        with Event("all of etcd is gone for 25 s", watch):
            for member in etcd.members:
                reach.kill(member)
            time.sleep(25)
            for member in etcd.members:
                reach.start(member)
        for seconds in (2, 25):
            # Longer than the fence: the exception that the manual names.
            with Event("all of etcd hangs for %d s (SIGSTOP)" % seconds, watch,
                       most=2.0 if seconds < 3 else 2.0 + seconds / 10):
                for member in etcd.members:
                    member.pause()
                time.sleep(seconds)
                for member in etcd.members:
                    member.resume()
        for n in range(2):
            with Event("one is cut off from etcd for 25 s", watch):
                reach.cut(n)
                time.sleep(25)
                reach.cut(n, False)
        with Event("all are cut off from etcd for 25 s", watch, most=4.5):
            for n in range(3):
                reach.cut(n)
            time.sleep(25)
            for n in range(3):
                reach.cut(n, False)


def network():
    """Each controller has a daemon and a member of etcd, and an own network.
    When etcd has a new leader, leases begin anew: 10 s would be too short."""
    net = Network(3)
    with Sim(*SIM, address=net.api) as sim, \
            Cluster(3, places=net.places) as etcd:
        watch = Watch(sim, 20)
        start(watch, *(Controller("ctl%d" % i, sim, etcd.urls, 20,
                                  place=net.places[i]) for i in range(3)))
        with Event("a controller is cut off, with its etcd, for 25 s", watch):
            n = next(m.number for m in etcd.members if not m.is_leader())
            net.cut(n)
            time.sleep(25)
            net.heal(n)
        with Event("that of etcd's leader is cut off for 25 s", watch):
            n = etcd.leader().number
            net.cut(n)
            time.sleep(25)
            net.heal(n)
        with Event("a controller dies, with its etcd", watch):
            n = etcd.leader().number
            etcd.members[n].kill()
            watch.daemons[n].kill()


def rollout():
    """Configurations change, one daemon after the other."""
    with Sim(*SIM) as sim, Cluster(3) as etcd:
        old, new = ("volume.backup.size",), ("volume.snapshot.size",)
        other = tuple(m for m in METERS if m not in old) + new
        watch = Watch(sim, 10, all=METERS + new)
        start(watch, *(Controller("ctl%d" % i, sim, etcd.urls)
                       for i in range(3)))
        now = list(watch.daemons)

        def change(*numbers, **configuration):
            for n in numbers:
                now[n].stop()
                now[n] = Controller("ctl%d" % n, sim, etcd.urls, **configuration)
                watch.start(now[n])
                time.sleep(8)

        watch.meters = tuple(m for m in METERS if m not in old)
        with Event("one of three gets other meters", watch):
            change(0, meters=other)
        watch.meters = METERS + new
        with Event("two versions of the meters at work", watch, calm=True):
            pass
        watch.meters = tuple(m for m in METERS if m not in old)
        with Event("the others get them, too", watch):
            change(1, 2, meters=other)
        is_({v.meter for v in now[0].select(host="prod") + now[1].select(
            host="prod") + now[2].select(host="prod")} & {*old, *new}, {*new},
            "what all have been told to leave out is left out")
        for seconds, name in ((20, "10 to 20"), (10, "20 to 10")):
            with Event("Interval goes from %s s, one by one" % name, watch,
                       interval=20):
                change(0, 1, 2, interval=seconds, meters=other)


def walker(watch, etcd, listing):
    """Whoever walks it; waits until a walk has begun 5 s ago."""
    found = []
    claim = "cloud" if UNIT == "cloud" else listing

    def is_under_way():
        keys = etcd.keys(KEYS)
        value, lease = keys[KEYS + "walk/" + claim]
        walk = next(w for w in json.loads(value)["walks"] if w["u"] == listing)
        age = time.time() - walk["b"] / 1000
        if not walk.get("e") and 5 <= age < 7:
            member = keys[KEYS + "member/%016x" % int(lease)]
            found.append(json.loads(member[0])["h"])
        return found
    if not wait(is_under_way, 10 * watch.interval):
        bail_out("no walk of %s is under way" % listing)
    return [d for d in watch.daemons if d.host == found[0] and d.alive()][-1]


def long():
    """A walk that takes 8 of 20 s."""
    with Sim(*LONG) as sim, Cluster(3) as etcd:
        watch = Watch(sim, 20)
        start(watch, *(Controller("ctl%d" % i, sim, etcd.urls, 20)
                       for i in range(3)))
        time.sleep(20)
        for name, end in (("killed", Controller.kill), ("ended", Controller.stop)):
            with Event("one is %s in its longest walk" % name, watch):
                one = walker(watch, etcd, "images")
                end(one)
            watch.start(Controller(one.host, sim, etcd.urls, 20))
            time.sleep(20)
        with Event("one is stopped in it for 12 s (SIGSTOP)", watch):
            one = walker(watch, etcd, "images")
            one.pause()
            time.sleep(12)
            one.resume()
        with Event("all leases are revoked in it", watch, calm=True):
            walker(watch, etcd, "images")
            etcd.revoke_all()


GROUPS = {f.__name__: f for f in (daemons, etcd, network, rollout, long)}


def main():
    if "--short" in sys.argv:
        return short()
    wanted = [name for name in sys.argv[1:] if name in GROUPS] or list(GROUPS)
    if "network" in wanted and not enter():
        note("network is left out: this machine gives no network of its own")
        wanted.remove("network")
    for name in wanted:
        GROUPS[name]()


main()
tell_table()
done()
