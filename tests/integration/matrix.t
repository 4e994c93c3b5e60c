#!/usr/bin/python3
"""Each fault at each place of a cloud: what it costs, and that it costs no more.

A fault is set before the start and meets one request, or all of a place where
a second would mend it. "gap": the first walk is down and some of its values are
missing; "-": nothing is; "*": one or the other, as a request on a connection that
was used before is made once more, and as a drip lasts as long as the machine is
slow. Every cell must be as the table says, without a wrong
value, with a line in the log exactly where the walk is down, and whole again when
the fault is gone. The manual has the table (FAILURES). All of it takes minutes:
"make matrix". By itself, and in the suite, only the places of SHORT are tried, or
those named on the command line.
"""

from harness import *

METERS = ("image", "image.size")
ACCOUNTS = ("storage.objects",)
BACKUPS = ("volume.backup.size",)
# Where, which paths, which of their requests; the meters that notice.
PLACES = {
    "login": ("/v3/auth/tokens", "", METERS),
    "catalogue": ("/v3/auth/tokens", "", METERS),
    "projects": ("/v3/projects", "", ACCOUNTS),
    "first page": ("/image", " times=1", METERS),
    "middle page": ("/image", " after=1 times=1", METERS),
    "last page": ("/image", " after=2 times=1", METERS),
    "a project": ("/object-store", " after=1 times=1", ACCOUNTS),
    "version": ("/volume", " after=1 times=1", BACKUPS),
}
FAULTS = ("status 500", "status 503", "status 401", "status 403", "status 404",
          "retry-after 1", "latency 300", "hang", "cut 400", "break 400",
          "drip 5", "endless", "bad-json", "wrong-types", "restart",
          "huge-header 400000", "long-string 4000000", "deep 1000",
          "empty-reply", "gzip-bomb 256", "no-length",
          "redirect http://127.0.0.1:1/")
# Rights are asked for again every hour, and a list of projects that came, be it
# without some, every ten minutes.
SLOW_TO_MEND = [(place, "status-403") for place in PLACES] + [
    ("projects", "wrong-types")]
SHORT = ("middle page", "a project")
# What a fault costs at a place, by FAULTS and PLACES.
TABLE = """
status-500  gap  gap  gap  gap  gap  gap  gap  gap
status-503  gap  gap  gap  gap  -    -    gap  gap
status-401  gap  gap  gap  -    -    -    -    -
status-403  gap  gap  -    gap  gap  gap  -    gap
status-404  gap  gap  gap  gap  gap  gap  -    gap
retry-after gap  gap  gap  -    -    -    -    gap
latency     -    -    -    -    -    -    -    -
hang        gap  gap  gap  gap  -    -    *    -
cut         gap  gap  gap  gap  gap  gap  -    -
break       gap  gap  gap  gap  -    -    -    -
drip        gap  gap  gap  gap  *    *    *    gap
endless     gap  gap  gap  gap  gap  gap  -    gap
bad-json    gap  gap  gap  gap  gap  gap  -    gap
wrong-types -    -    -    -    -    -    -    -
restart     -    -    -    -    gap  gap  -    -
huge-header gap  gap  gap  gap  gap  gap  gap  gap
long-string gap  gap  gap  gap  gap  gap  -    gap
deep        gap  gap  gap  gap  gap  gap  -    gap
empty-reply gap  gap  gap  gap  -    -    *    -
gzip-bomb   gap  gap  gap  gap  gap  gap  gap  gap
no-length   -    -    -    -    -    -    -    -
redirect    gap  gap  gap  gap  gap  gap  gap  gap
"""


def found(words):
    return "-".join(words.split()[0:2] if words.startswith("status")
                    else words.split()[0:1])


class Place:
    """One place, and a cloud for each fault."""

    def __init__(self, name):
        self.name = name
        path, which, self.meters = PLACES[name]
        self.options = ["--images", 25, "--page", 10, "--projects", 3]
        if name == "version":
            self.options += ["--cinder-max-microversion", "3.10",
                             "--backups", 3]
        self.listing = {METERS: "images", ACCOUNTS: "accounts",
                        BACKUPS: "backups"}[self.meters]
        self.sims, clouds = {}, []
        for fault in FAULTS:
            words = fault
            if name == "catalogue":
                words = re.sub("^(cut|break) 400", r"\1 1500", fault)
            sim = Sim(*self.options, "--fault", "%s %s%s" % (
                path, words, which))
            self.sims[found(fault)] = sim
            clouds.append(cloud(found(fault), sim, Meter=list(self.meters),
                                Interval=4 * PACE, Timeout=1500 * PACE,
                                MaxRequestRate=0))
        self.daemon = Daemon(config="<Plugin openstack>\nWorkers 32\n%s\n"
                             "</Plugin>" % "\n".join(clouds))

    def walks(self, fault):
        return self.daemon.walks(self.listing, fault)

    def try_all(self):
        with self.daemon as daemon:
            daemon.wait(lambda: all(map(self.walks, self.sims)), 60)
            costs = {fault: self.cost(fault) for fault in self.sims}
            for fault, sim in self.sims.items():
                sim.fault()
            for fault, sim in self.sims.items():
                self.check(fault, sim)
            ok(daemon.alive(), self.name + ": the daemon lives")
        for sim in self.sims.values():
            sim.stop()
        return costs

    def cost(self, fault):
        walks = self.walks(fault)
        return "?" if not walks else "-" if walks[0]["up"] == "1" else "gap"

    def check(self, fault, sim):
        name = "%s, %s" % (self.name, fault)
        daemon, wanted = self.daemon, sim.expected(*self.meters)
        if (self.name, fault) not in SLOW_TO_MEND:
            ok(daemon.wait(lambda: wanted in daemon.cycles(
                *self.meters, host=fault), 240), name + ": whole in the end",
               lambda: daemon.lines('"%s"' % fault))
        cycles = daemon.cycles(*self.meters, host=fault)
        is_(set().union(*cycles) - wanted, set(), name + ": no wrong value")
        def lines(levels):
            return daemon.lines(r'\[(%s)\].*"%s"' % (levels, fault))

        down = "0" in {w["up"] for w in self.walks(fault)}
        ok(lines("error|warning|notice") if down
           else not lines("error|warning") or self.name == "login",
           name + ": a line where it is down, no complaint where not",
           lines("error|warning|notice"))


def main():
    wanted = {}
    for line in TABLE.strip().splitlines():
        fault, *costs = line.split()
        wanted[fault] = dict(zip(PLACES, costs))
    places = sys.argv[1:] or (PLACES if os.environ.get("MATRIX") else SHORT)
    costs = {place: Place(place).try_all() for place in places}
    for fault in map(found, FAULTS):
        note("%-14s" % fault + "".join(
            "%-6s" % costs[place][fault] for place in costs))
    for place in costs:
        table = {fault: row[place] for fault, row in wanted.items()}
        is_({fault: "*" if table[fault] == "*" else cost
             for fault, cost in costs[place].items()}, table,
            place + ": faults cost what the table says")
    done()


main()
