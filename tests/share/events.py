"""Daemons that share a cloud by an etcd, and what happens to series meanwhile.

    from events import *
    watch = Watch(sim, interval=10)
    watch.start(Controller("ctl0", sim, etcd.urls), ...)
    with Event("one is killed", watch):
        watch.daemons[0]._kill()
    tell_table()

Each event has its row: the worst gap of a series, in intervals, by the values'
own time and by arrival; doubles, which are values of one series from two daemons
less than 0.45 of an interval apart, or one between two turns of another; values
that are false: another number than the cloud has, such as a total that is a sum
of parts, or a walk that reports itself as failed; and requests that were made
twice in an interval.
"""

import collections
import random
import signal
import socket
import sys
import threading

from etcd import *
from harness import *

TOTALS = ("image.total", "image.size.total", "image.size.by_project",
          "volume.size.total", "ip.floating.total", "network.router.total")
METERS = ("image.size", "volume.size", "ip.floating", "network.network.mtu",
          "network.router.status", "loadbalancer.operating", "dns.zone.status",
          "storage.objects", "manila.share.size", "volume.backup.size") + TOTALS
UNIT = os.environ.get("UNIT", "listing")
KEYS = "/collectd-openstack/1/prod/"
# What each daemon asks by itself: logins and lists of projects.
ITS_OWN = re.compile(r"\S+ /v3/")


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


class Controller(Daemon):
    """One that shares the cloud. place: where it runs; its Hostname is `host`."""

    def __init__(self, host, sim, urls, interval=10, meters=METERS, place=LOCAL,
                 **more):
        self.host, self.place = host, place
        share = "\n".join(["<Share>"] + ['  Endpoint "%s"' % u for u in urls] +
                          ['  Unit "%s"' % UNIT, "</Share>"])
        super().__init__(
            cloud("prod", sim, every(interval), *([share] if urls else []),
                  Interval=interval, Meter=list(meters)), **more)
        self.replace('"testhost"', '"%s"' % host)

    def replace(self, old, new):
        """In its configuration"""
        path = self.path("collectd.conf")
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(text.replace(old, new))

    def command(self, *options):
        return self.place.prefix + super().command(*options)

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        """As if its host had lost power."""
        self._kill()

    def owned(self):
        """How many claims it holds, as it last said."""
        told = self.select(plugin="openstack", meter="owned")
        runs = self.process and self.alive()
        return int(float(told[-1].value)) if told and runs else 0


def truth(sim, interval, meters):
    """{(instance, meter, value)} that one finds who shares with nobody."""
    for _ in range(5):
        one = Controller("alone", sim, (), interval, meters)
        # stdout has a buffer, and does not lag behind.
        one.replace('DataDir "stderr"', 'DataDir "stdout"')
        status, text = one.run("-T", seconds=120)
        if status == 0 and "value lists were left" not in text:
            return {(v.instance, v.meter, v.value) for v in one.values
                    if v.host == "prod" and v.meter in meters}
    bail_out("no poll comes to its end: " + text[-2000:])


class Watch:
    """All daemons that there ever were, and what came from them.

    meters: those that are looked at; all: those that any daemon has.
    """

    def __init__(self, sim, interval, meters=METERS, all=METERS):
        self.sim, self.interval, self.meters = sim, interval, meters
        self.daemons = []
        self.truth = truth(sim, interval, all)

    def start(self, *daemons):
        self.daemons += daemons
        for daemon in daemons:
            daemon.__enter__()

    def values(self):
        """[(number of the daemon, Value)] of the cloud's walks."""
        for number, daemon in enumerate(self.daemons):
            for v in daemon.select(plugin="openstack", host="prod"):
                yield number, v

    def series(self):
        """{name: [(own time, arrived, daemon)]}, sorted by arrival."""
        found = collections.defaultdict(list)
        for number, v in self.values():
            if v.meter in self.meters:
                found[v.instance, v.meter].append((v.time, v.arrived, number))
        for values in found.values():
            values.sort(key=lambda v: v[1])
        return found

    def ready(self):
        """Each series has begun."""
        wanted = {t[:2] for t in self.truth if t[1] in self.meters}
        return wait(lambda: set(self.series()) >= wanted, 12 * self.interval)

    def false(self, begun, ended):
        """Numbers that the cloud has not, and walks that failed."""
        return [v for _, v in self.values() if begun <= v.arrived <= ended and
                (v.meter == "up" and float(v.value) != 1 or
                 v.meter in self.meters and
                 (v.instance, v.meter, v.value) not in self.truth)]

    def requests(self, begun, ended):
        """{request: [when]} of listings."""
        found = collections.defaultdict(list)
        for line in self.sim.own("GET", "requests").splitlines():
            ms, request = line.split(" ", 1)
            at = int(ms) / 1000
            if begun <= at <= ended and not ITS_OWN.match(request):
                found[request].append(at)
        return found

    def owned(self):
        return [d.owned() for d in self.daemons]


def spells(times, interval):
    """In how many intervals."""
    count, since = 0, None
    for at in sorted(times):
        if since is None or at - since >= 0.9 * interval:
            count, since = count + 1, at
    return count


def doubles(values, interval):
    """When: of values (own time, ..., daemon) in their order."""
    found = [b[0] for a, b in zip(values, values[1:])
             if a[2] != b[2] and b[0] - a[0] < 0.45 * interval]
    for a, b, c in zip(values, values[1:], values[2:]):
        if a[2] == c[2] != b[2] and c[0] - a[0] < 1.5 * interval and \
                b[0] not in found:
            found.append(b[0])
    return found


def repeated(times, interval):
    return [b for a, b in zip(times, times[1:]) if b - a < 0.45 * interval]


class Judgement:
    """Of what arrived in this time, and the value ahead of it."""

    def __init__(self, watch, begun, interval):
        self.gap = self.arrival = 0.0
        self.doubles = self.row = self.twice_row = 0
        ended, wall = time.monotonic(), time.time()
        for values in watch.series().values():
            before = [v for v in values if v[1] < begun][-1:]
            now = [v for v in values if begun <= v[1] <= ended]
            self._gaps((before or [(wall - (ended - begun), begun)]) + now +
                       [(wall, ended)])
            times = doubles(before + now, interval)
            self.doubles += len(times)
            self.row = max(self.row, spells(times, interval))
        self.false = watch.false(begun, ended)
        self.asked_twice = []
        for request, times in watch.requests(begun, ended).items():
            again = repeated(times, interval)
            self.asked_twice += [request] * len(again)
            self.twice_row = max(self.twice_row, spells(again, interval))

    def _gaps(self, values):
        for a, b in zip(values, values[1:]):
            self.gap = max(self.gap, b[0] - a[0])
            self.arrival = max(self.arrival, b[1] - a[1])


TABLE = []
ROW = "%-44s %6s %8s %8s %6s %6s   %s"


class Event:
    """Measures what happens within it, and some intervals more.

    interval: that gaps are told in, if it is not the watch's; most: gap; calm:
    nothing comes twice, and nothing is asked twice.
    """

    def __init__(self, name, watch, after=4, most=2.0, calm=False,
                 interval=None):
        self.name, self.watch, self.after = name, watch, after
        self.most, self.calm = most, calm
        self.interval = interval or watch.interval

    def __enter__(self):
        # What it meets differs by how far walks are.
        if any(d.process for d in self.watch.daemons):
            time.sleep(random.uniform(0, self.watch.interval))
        self.begun = time.monotonic()

    def __exit__(self, kind, *error):
        if kind is not None:
            return
        time.sleep(self.after * self.interval)
        found = Judgement(self.watch, self.begun, self.watch.interval)
        gap, arrival = found.gap / self.interval, found.arrival / self.interval
        TABLE.append(ROW % (self.name, "%.2f" % gap, "%.2f" % arrival,
                            found.doubles, len(found.false),
                            len(found.asked_twice), self.watch.owned()))
        note(TABLE[-1])
        if found.asked_twice:
            note("asked twice, such as " + ", ".join(found.asked_twice[:3]))
        ok(max(gap, arrival) <= self.most, "%s: no gap over %.2f intervals" % (
            self.name, self.most), "gap %.2f, by arrival %.2f" % (gap, arrival))
        most = 0 if self.calm else 1
        ok(max(found.row, found.twice_row) <= most,
           "%s: nothing comes twice, or is asked twice%s" % (
               self.name, "" if self.calm else ", but for one interval"),
           "doubles in %d intervals, requests in %d" % (
               found.row, found.twice_row))
        is_(found.false[:5], [], self.name + ": no number is false")


def tell_table():
    note(ROW % ("event", "gap", "arrival", "doubles", "false", "twice",
                "claims"))
    for line in TABLE:
        note(line)
