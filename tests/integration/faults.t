#!/usr/bin/python3
"""A cloud that misbehaves: no wrong value, one line, and back when it is well.

Every fault has a cloudsim and a cloud of its own, many in one daemon: first all
are well, then each has its fault, then all are well again. A neighbour has
none and must not notice.
"""

from harness import *

METERS = ("image", "image.size")
SIM = ("--images", 25, "--page", 10)
# What ails the second of three pages, or every page: (fault, is the walk up)
BAD, GOOD = {"0"}, {"1"}
elsewhere = Silent()
FAULTS = {
    "status-500": ("status 500", BAD),
    "status-502": ("status 502", BAD),
    "status-503": ("status 503", BAD),
    "second-page": ("status 503 after=1", BAD),
    "no-marker": ("status 400 after=1", BAD),
    "gone": ("status 404 after=1", BAD),
    "busy": ("retry-after 1", BAD),
    "busy-503": ("retry-after 1 503", BAD),
    "slow": ("latency 100", GOOD),
    "too-slow": ("latency 60000", BAD),
    "hang": ("hang", BAD),
    "cut": ("cut 4000", BAD),
    "break": ("break 4000", BAD),
    "drip": ("drip 200", BAD),
    "bad-json": ("bad-json", BAD),
    "wrong-types": ("wrong-types", GOOD),
    "link-loop": ("link-loop", BAD),
    "link-elsewhere": ("link-elsewhere " + elsewhere.url[:-3], GOOD),
    "restart": ("restart", BAD),
    "huge-header": ("huge-header 400000", BAD),
    "deep": ("deep 100000", BAD),
    "empty-reply": ("empty-reply", BAD),
    "no-length": ("no-length", GOOD),
    "redirect": ("redirect " + elsewhere.url, BAD),
    "unauthorized": ("status 401", BAD),
}
# These keep a processor busy until a limit or the deadline ends them.
FLOODS = {
    "endless": ("endless", BAD),
    "long-string": ("long-string 20000000", BAD),
    "gzip-bomb": ("gzip-bomb 4096", BAD),
}

well = Sim(*SIM)
wanted = well.expected(*METERS)
ordered = [line.split()[0] for line in
           well.own("GET", "expected?meters=image").splitlines()]


class Trial:
    """Some faults in one daemon, from well to well again."""

    def __init__(self, faults, interval):
        self.faults = faults
        self.sims = {name: Sim(*SIM) for name in faults}
        clouds = [cloud(name, sim, Interval=interval)
                  for name, sim in self.sims.items()]
        clouds.append(cloud("neighbour", well, Interval=2 * interval))
        self.daemon = Daemon(config="<Plugin openstack>\nWorkers 32\n%s\n"
                             "</Plugin>" % "\n".join(clouds))
        self.interval = interval
        with self.daemon:
            self.all_well()
            self.ill()
            self.well_again()
            self.nothing_wrong()
            ok(self.daemon.alive(), "the daemon lives")
        for sim in self.sims.values():
            sim.stop()

    def last_up(self):
        return {name: (self.daemon.walks(cloud=name) or [{"up": ""}])[-1]["up"]
                for name in self.faults}

    def all_well(self):
        well_up = dict.fromkeys(self.faults, "1")
        self.daemon.wait(lambda: self.last_up() == well_up, 30)
        is_(self.last_up(), well_up, "all walks are up before there is a fault")

    def ill(self):
        """Sets the faults, and looks at two walks of each."""
        self.before = len(self.daemon.logged())  # a slow machine may have failed
        for name, (fault, _) in self.faults.items():
            self.sims[name].fault("/image " + fault)
        time.sleep(self.interval + 0.5)  # what was under way is over
        marks = {n: len(self.daemon.walks(cloud=n)) for n in self.faults}
        tokens = {n: self.sims[n].stats()["tokens"] for n in self.faults}

        def since(name):
            return self.daemon.walks(cloud=name)[marks[name]:]

        self.daemon.wait(lambda: all(len(since(n)) >= 2
                                     for n in self.faults), 40)
        for name, (_, wish) in self.faults.items():
            is_({w["up"] for w in since(name)}, wish,
                name + ": up is " + "".join(wish))
            self.check_lines(name, wish)
        if "unauthorized" in tokens:
            more = self.sims["unauthorized"].stats()["tokens"] - \
                tokens["unauthorized"]
            ok(more <= len(since("unauthorized")) + 1,
               "401 for ever: one new token for a walk, not more", more)

    def lines(self, pattern):
        """Since the faults came."""
        return [l for l in self.daemon.logged()[self.before:].splitlines()
                if re.search(pattern, l)]

    def check_lines(self, name, wish):
        lines = self.lines(r'\[(error|warning)\].*"%s"' % name)
        if wish == GOOD:
            is_(lines, [], name + ": nothing to say")
        elif name in FLOODS:  # by turns the limit and the deadline
            ok(1 <= len(lines) <= 4, name + ": few lines say so", lines)
        else:  # as may be two, where the connection breaks in several ways
            reasons = {re.sub(r"^\[[^]]*\]", "", line) for line in lines}
            ok(1 <= len(lines) == len(reasons) <= 3,
               name + ": one line for each reason", lines)

    def well_again(self):
        for sim in self.sims.values():
            sim.fault()
        up = {}

        def all_up():
            up.update(self.last_up())
            return set(up.values()) == {"1"}

        self.daemon.wait(all_up, 60)
        for name, (_, wish) in self.faults.items():
            is_(up[name], "1", name + ": recovers")
            if wish == BAD:
                pattern = r'\[notice\].*"%s".*works again' % name
                self.daemon.wait(lambda: self.lines(pattern), 5)
                is_(len(self.lines(pattern)), 1, name + ": one line says so")

    def nothing_wrong(self):
        for name in self.faults:
            cycles = self.daemon.cycles(*METERS, host=name)
            wrong = set().union(*cycles) - wanted
            is_(wrong, set(), name + ": never a wrong value")
            ok(wanted in cycles, name + ": complete when well")
        is_(self.daemon.duplicates(*METERS), [],
            "no value comes twice in a walk")
        def neighbours():
            return self.daemon.cycles(*METERS, host="neighbour")

        self.daemon.wait(lambda: len(neighbours()) > 3, 60)
        cycles = neighbours()[:-1]  # the last may not be whole yet
        ok(len(cycles) >= 3 and all(c == wanted for c in cycles),
           "the neighbour cloud does not notice", [len(c) for c in cycles])
        is_({w["up"] for w in self.daemon.walks(cloud="neighbour")}, {"1"},
            "... and is always up")


faults = Trial(FAULTS, 3 * PACE)
good = {i for n, i in enumerate(ordered) if n % 6 == 5}
odd = [{i for i, m, _ in c if m == "image"}
       for c in faults.daemon.cycles(*METERS, host="wrong-types")]
ok(good in odd, "wrong types: exactly the right records are reported",
   lambda: "\n".join(differ(o, good) for o in odd[-3:]))
is_(elsewhere.accepted(), 0, "no request goes where an answer points to")
Trial(FLOODS, 4 * PACE)
done()
