#!/usr/bin/python3
"""A cloud that misbehaves: no wrong value, one line, and back when it is well.

Every fault has a cloudsim and a cloud of its own, all in one daemon: first all
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
    "too-slow": ("latency 5000", BAD),
    "hang": ("hang", BAD),
    "cut": ("cut 4000", BAD),
    "break": ("break 4000", BAD),
    "drip": ("drip 100", BAD),
    "endless": ("endless", BAD),
    "bad-json": ("bad-json", BAD),
    "wrong-types": ("wrong-types", GOOD),
    "link-loop": ("link-loop", BAD),
    "link-elsewhere": ("link-elsewhere " + elsewhere.url[:-3], GOOD),
    "restart": ("restart", BAD),
    "huge-header": ("huge-header 400000", BAD),
    "long-string": ("long-string 20000000", BAD),
    "deep": ("deep 100000", BAD),
    "empty-reply": ("empty-reply", BAD),
    "gzip-bomb": ("gzip-bomb 4096", BAD),
    "no-length": ("no-length", GOOD),
    "redirect": ("redirect " + elsewhere.url, BAD),
    "unauthorized": ("status 401", BAD),
}

sims = {name: Sim(*SIM) for name in FAULTS}
well = Sim(*SIM)
wanted = well.expected(*METERS)
ordered = [line.split()[0] for line in
           well.own("GET", "expected?meters=image").splitlines()]


def walks_since(daemon, marks):
    return {name: daemon.walks(cloud=name)[marks[name]:] for name in FAULTS}


def mark(daemon):
    return {name: len(daemon.walks(cloud=name)) for name in FAULTS}


def all_well(daemon):
    daemon.wait(lambda: all(w and w[-1]["up"] == "1" for w in
                            walks_since(daemon, dict.fromkeys(FAULTS, 0))
                            .values()), 30)
    sick = [n for n in FAULTS
            if not daemon.walks(cloud=n) or
            daemon.walks(cloud=n)[-1]["up"] != "1"]
    is_(sick, [], "all walks are up before there is a fault")


def ill(daemon):
    """Sets the faults. Returns what the walks said after that."""
    for name, (fault, _) in FAULTS.items():
        sims[name].fault("/image " + fault)
    time.sleep(2.5)  # what was under way when they came is over
    marks = mark(daemon)
    tokens = {name: sims[name].stats()["tokens"] for name in FAULTS}
    daemon.wait(lambda: all(len(w) >= 2 for w in
                            walks_since(daemon, marks).values()), 30)
    for name, walks in walks_since(daemon, marks).items():
        got = {w["up"] for w in walks}
        wish = FAULTS[name][1]
        is_(got, wish, name + ": up is " + "".join(wish))
        lines = failures(daemon, name)
        if wish == BAD:
            is_(len(lines), 1, name + ": one line says so")
        else:
            is_(lines, [], name + ": nothing to say")
    walks = walks_since(daemon, marks)["unauthorized"]
    ok(sims["unauthorized"].stats()["tokens"] - tokens["unauthorized"] <=
       len(walks) + 1, "401 for ever: one new token for a walk, not more")


def failures(daemon, name):
    return [l for l in daemon.lines('"%s"' % name)
            if re.search(r"\[(error|warning)\]", l)]


def well_again(daemon):
    for name in FAULTS:
        sims[name].fault()
    daemon.wait(lambda: all(daemon.walks(cloud=n)[-1]["up"] == "1"
                            for n in FAULTS), 60)
    for name, (_, wish) in FAULTS.items():
        is_(daemon.walks(cloud=name)[-1]["up"], "1",
            name + ": recovers")
        lines = [l for l in daemon.lines('"%s"' % name)
                 if re.search(r"\[(notice|info)\].*(again|recover)", l)]
        if wish == BAD:
            is_(len(lines), 1, name + ": one line says so")


def nothing_wrong(daemon):
    for name in FAULTS:
        cycles = daemon.cycles(*METERS, host=name)
        wrong = set().union(*cycles) - wanted
        is_(wrong, set(), name + ": never a wrong value")
        ok(wanted in cycles, name + ": complete when well")
    is_(daemon.duplicates(*METERS), [], "no value comes twice in a walk")
    good = {i for n, i in enumerate(ordered) if n % 6 == 5}
    odd = [{i for i, m, _ in c if m == "image"} for c in
           daemon.cycles(*METERS, host="wrong-types")]
    ok(good in odd, "wrong types: exactly the right records are reported",
       lambda: "\n".join(differ(o, good) for o in odd[-3:]))
    cycles = daemon.cycles(*METERS, host="neighbour")
    ok(len(cycles) >= 6 and all(c == wanted for c in cycles),
       "the neighbour cloud does not notice",
       [len(c) for c in cycles])
    is_({w["up"] for w in daemon.walks(cloud="neighbour")}, {"1"},
        "... and is always up")
    is_(elsewhere.accepted(), 0, "no request goes where an answer points to")


clouds = [cloud(name, sims[name], Interval=2, Meter=METERS) for name in FAULTS]
clouds.append(cloud("neighbour", well, Interval=2, Meter=METERS))
workers = "<Plugin openstack>\nWorkers 32\n%s\n</Plugin>" % "\n".join(clouds)
with Daemon(config=workers) as daemon:
    all_well(daemon)
    ill(daemon)
    well_again(daemon)
    nothing_wrong(daemon)
    ok(daemon.alive(), "the daemon lives")
done()
