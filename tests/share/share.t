#!/usr/bin/env python3
"""Three collectd daemons share a cloud through etcd: what happens to series.

    share.t              all events, on an etcd of three members: 12 minutes
    share.t --short      starting together, and one that is killed: 2 minutes
    UNIT=cloud share.t   the same of a cloud that is one unit

Each event has its row: the worst gap of a series, in intervals, by the values'
own time and by arrival; and doubles: two daemons' values of one series within
0.45 of an interval. etcd.py tells where etcd comes from.
"""
import os
import signal
import socket
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from etcd import Cluster
from harness import *

INTERVAL = 10
SHORT = "--short" in sys.argv
METERS = ("image.size", "volume.size", "ip.floating", "network.network.mtu",
          "network.router.status", "loadbalancer.operating", "dns.zone.status",
          "storage.objects", "manila.share.size", "volume.backup.size")
UNIT = os.environ.get("UNIT", "listing")


class Way:
    """The way to a member of etcd, which can be cut: then nothing gets through,
    and nothing is refused."""

    def __init__(self, port):
        self.port, self.cut = port, False
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % self.socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        """As if nothing listened any more behind it."""
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def listen(self):
        port = int(self.url.rsplit(":")[-1])
        self.socket = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                one = self.socket.accept()[0]
            except OSError:
                return
            try:
                other = socket.create_connection(("127.0.0.1", self.port))
            except OSError:
                one.close()
                continue
            for a, b in ((one, other), (other, one)):
                threading.Thread(
                    target=self._pass, args=(a, b), daemon=True).start()

    def _pass(self, a, b):
        try:
            while True:
                data = a.recv(65536)
                while self.cut:
                    time.sleep(0.1)
                if not data:
                    break
                b.sendall(data)
        except OSError:
            pass
        for end in (a, b):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def daemon(number, sim, urls):
    share = "\n".join(["<Share>"] + ['  Endpoint "%s"' % u for u in urls] +
                      ['  Unit "%s"' % UNIT, "</Share>"])
    made = Daemon(cloud("prod", sim, every(INTERVAL), share,
                        Interval=INTERVAL, Meter=list(METERS)))
    path = made.path("collectd.conf")
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(text.replace('"testhost"', '"ctl%d"' % number))
    return made


# ---- what came --------------------------------------------------------------

def series(daemons):
    """{name: [(own time, arrived, daemon)]} of all meters, sorted by arrival."""
    found = {}
    for number, d in enumerate(daemons):
        with d._lock:
            values = list(d.values)
        for v in values:
            if v.plugin == "openstack" and v.host == "prod" and v.meter in METERS:
                found.setdefault((v.instance, v.meter), []).append(
                    (v.time, v.arrived, number))
    for values in found.values():
        values.sort(key=lambda v: v[1])
    return found


def judge(daemons, begun, ended):
    """Of what arrived in this time, and the value ahead of it: (gap by own time,
    gap by arrival, doubles, in two intervals in a row)."""
    own = arrival = 0.0
    doubles = row = 0
    for values in series(daemons).values():
        before = [v for v in values if v[1] < begun][-1:]
        now = before + [v for v in values if begun <= v[1] <= ended]
        last_double = None
        arrival = max(arrival, ended - now[-1][1] if now else ended - begun)
        for a, b in zip(now, now[1:]):
            own, arrival = max(own, b[0] - a[0]), max(arrival, b[1] - a[1])
            if a[2] != b[2] and b[0] - a[0] < 0.45 * INTERVAL:
                doubles += 1
                if last_double and b[0] - last_double < 1.5 * INTERVAL:
                    row += 1
                last_double = b[0]
    return own / INTERVAL, arrival / INTERVAL, doubles, row


def owned(daemons):
    """How many claims each holds, as it last said."""
    counts = []
    for d in daemons:
        with d._lock:
            told = [v.value for v in d.values
                    if v.plugin == "openstack" and v.meter == "owned"]
        counts.append(int(float(told[-1])) if told and d.process and d.alive() else 0)
    return counts


TABLE = []


class Event:
    """Measures what happens within it, and some intervals more."""

    def __init__(self, name, daemons, after=4, most=2.0):
        self.name, self.daemons, self.after, self.most = (
            name, daemons, after, most)

    def __enter__(self):
        self.begun = time.monotonic()

    def __exit__(self, kind, *error):
        if kind is not None:
            return
        time.sleep(self.after * INTERVAL)
        gap, arrival, doubles, row = judge(
            self.daemons, self.begun, time.monotonic())
        TABLE.append("%-34s %8.2f %8.2f %8d   %s" % (
            self.name, gap, arrival, doubles, owned(self.daemons)))
        note(TABLE[-1])
        ok(max(gap, arrival) <= self.most and row == 0,
           "%s: no gap over %.2f intervals, and doubles in one at most" % (
               self.name, self.most),
           "gap %.2f, by arrival %.2f, doubles %d, in a row %d" % (
               gap, arrival, doubles, row))


def ready(sim, daemons):
    wanted = sim.expected(*METERS)
    return wait(lambda: {(n[0], n[1]) for n in series(daemons)} >=
                {(w[0], w[1]) for w in wanted}, 12 * INTERVAL)


def events_short():
    with Sim("--images", "50", "--latency", "20") as sim, Cluster(1) as etcd:
        daemons = [daemon(i, sim, etcd.urls) for i in range(3)]
        for d in daemons:
            d.__enter__()
        ok(ready(sim, daemons), "three that start together walk everything")
        with Event("steady", daemons, 3):
            pass
        with Event("one is killed", daemons, 4):
            daemons[0]._kill()
        for d in daemons[1:]:
            ok(d.stop() < STOP + 1, "the daemon stops at once")


def events():
    with Sim("--images", "50", "--latency", "20") as sim, Cluster(3) as etcd:
        ways = [Way(int(url.rsplit(":")[-1])) for url in etcd.urls]
        daemons = [daemon(i, sim, etcd.urls) for i in range(3)]
        daemons.append(daemon(3, sim, [w.url for w in ways]))
        first, late = daemons[:3], daemons[3]
        for d in first:
            d.__enter__()
        ok(ready(sim, first), "three that start together walk everything")
        all_of = list(first)
        with Event("three at work", all_of):
            pass
        all_of.append(late)
        late.process = None
        with Event("one joins", all_of, 6):
            late.__enter__()
        with Event("one is stopped for 14 s (SIGSTOP)", all_of):
            first[1].process.send_signal(signal.SIGSTOP)
            time.sleep(14)
            first[1].process.send_signal(signal.SIGCONT)
        with Event("one is cut off from etcd for 25 s", all_of):
            for way in ways:
                way.cut = True
            time.sleep(25)
            for way in ways:
                way.cut = False
        with Event("etcd's leader is killed", all_of):
            leader = etcd.leader()
            leader.kill()
            time.sleep(10)
            leader.start()
        for i in range(2):
            with Event("all leases are revoked", all_of):
                etcd.revoke_all()
        with Event("all of etcd is gone for 25 s", all_of):
            for i in range(3):
                etcd.members[i].kill()
                ways[i].close()
            time.sleep(25)
            for i in range(3):
                etcd.members[i].start()
                ways[i].listen()
        with Event("one leaves", all_of):
            took = first[2].stop()
            ok(took < STOP + 1, "the daemon stops at once", "%.1f s" % took)
        with Event("one is killed", all_of):
            first[0]._kill()
        with Event("one more is killed", all_of):
            first[1]._kill()
        for member in etcd.members:
            member.kill()
        took = late.stop()
        ok(took < STOP + 1, "the daemon stops at once without etcd",
           "%.1f s" % took)


events_short() if SHORT else events()
note("%-34s %8s %8s %8s   %s" % (
    "event", "gap", "arrival", "doubles", "claims"))
for line in TABLE:
    note(line)
done()
