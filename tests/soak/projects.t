#!/usr/bin/python3
"""50,000 projects, all else as it comes: more than fit into an interval.

PROJECTS (50000) projects, HOURS (2.2) of a cloud's time, which passes FACTOR (5)
times as fast (fast.c), for collectd and for cloudsim; "make soak-projects". All
seconds here are the cloud's. A machine that is too slow for FACTOR asks less
often than MaxRequestRate allows, and needs more HOURS.
"""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), "integration"))

FACTOR = int(os.environ.get("FACTOR", "5"))
FAST = {"FAST_FACTOR": str(FACTOR)}

from harness import *  # noqa: E402

PROJECTS = int(os.environ.get("PROJECTS", "50000"))
HOURS = float(os.environ.get("HOURS", "2.2"))
RATE = 50           # MaxRequestRate, if nobody says otherwise
BURST = RATE * 1.2  # what arrives late arrives FACTOR times as late
BY_PROJECT = ("accounts", "compute_limits@3600", "volume_quotas@3600")
SERIES = 40         # of a project, and collectd keeps 2 to 3 KiB of each
MEMORY_BAR = 64 * 1024 + 3 * SERIES * PROJECTS  # KiB
EACH = "storage.objects"
TOTAL = EACH + ".total"


class Crowd(Daemon):
    """Its values go to a file, as a pipe's reader would hold up the daemon. Keeps
    what walks say of themselves and the totals; all others it counts."""

    def __enter__(self):
        with open(self.path("values"), "wb") as values:
            self.process = subprocess.Popen(
                self.command("-f"), stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=values, env=self.environ())
        self._values = open(self.path("values"), "rb")
        self._rest = b""
        self.each = 0  # values of one meter
        self._reader = threading.Thread(target=self.follow)
        self._reader.start()
        atexit.register(self._kill)
        return self

    def follow(self):
        """What has come since the last time."""
        new = self._rest + self._values.read()
        whole, _, self._rest = new.rpartition(b"\n")
        self.each += whole.count(b"-%s " % EACH.encode())
        for raw in whole.split(b"\n"):
            if b"openstack-prod:" not in raw and b".total " not in raw:
                continue
            found = PUTVAL.match(raw.decode(errors="replace"))
            if found is None:
                continue
            value = value_of(found, time.monotonic())
            self.values.append(value)
            if ":" in value.instance:
                self.reports.setdefault(value.instance, []).append(value)


def memory(process):
    """KiB resident, now and at most."""
    with open("/proc/%d/status" % process.pid) as file:
        fields = dict(line.split(":", 1) for line in file)
    return tuple(int(fields[name].split()[0]) for name in ("VmRSS", "VmHWM"))


def watch(daemon, sim, began):
    """A line for each quarter of an hour; what cloudsim and /proc say."""
    seen = []
    for quarter in range(1, int(HOURS * 4) + 1):
        while daemon.alive() and \
                time.monotonic() - began < quarter * 900 / FACTOR:
            time.sleep(0.5)
            daemon.follow()
        stats = sim.stats()
        seen.append(memory(daemon.process))
        note("%3d min: %d requests, at most %d in a second, %d KiB, %s" % (
            quarter * 15, stats["requests"], stats["per_second_max"],
            seen[-1][0], ", ".join("%s: %d walks" % (
                listing, len(daemon.walks(listing)))
                for listing in BY_PROJECT)))
    return seen, stats


def check(daemon, sim, seen, stats, wanted):
    for listing in BY_PROJECT:
        walks = daemon.walks(listing)
        ok(walks and {walk["up"] for walk in walks} == {"1"},
           "%s: each of %d walks is up" % (listing, len(walks)))
        lines = daemon.lines(" %s: .* do not fit into an interval" %
                             listing.partition("@")[0])
        note(*lines[:1] or ["no line"])
        ok(len(lines) <= 1, "... and one line at most says why it takes long",
           "\n".join(lines))
    totals = [float(value.value) for value in daemon.select(meter=TOTAL)]
    ok(len(totals) >= 2 and set(totals) == {wanted},
       "%d totals of whole passes, all %g" % (len(totals), wanted), totals)
    each = daemon.each / PROJECTS
    ok(each >= len(totals), "... in which each project had its value",
       "%.2f of each" % each)
    ok(stats["per_second_max"] <= BURST, "at most %d requests in a second (%d)"
       % (stats["per_second_max"], BURST))
    ok(seen[-1][1] <= MEMORY_BAR, "at most %d KiB (%d)" % (
        seen[-1][1], MEMORY_BAR))
    is_(daemon.lines(r"\[(error|warning)\].*(fail|refus|given up)"), [],
        "nothing failed")


def main():
    library = find("FAST", "tests/soak/.libs/libfast.so")
    os.environ.update(FAST, LD_PRELOAD=library)
    with Sim("--projects", PROJECTS, "--open-accounts") as sim:
        for name in ("LD_PRELOAD", *FAST):
            del os.environ[name]
        wanted = sum(float(n) for _, _, n in sim.expected(EACH))
        block = cloud("prod", sim, Interval=None, Meter=None)
        # collectd looks through all its series once in its own interval.
        with Crowd(block, extra="Interval 60", environment=dict(
                FAST, LD_PRELOAD=library)) as daemon:
            seen, stats = watch(daemon, sim, time.monotonic())
            check(daemon, sim, seen, stats, wanted)
    done()


main()
