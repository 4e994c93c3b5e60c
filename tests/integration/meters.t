#!/usr/bin/python3
"""Every meter of every service: each value, by as many requests as promised."""

from harness import *

PAGE = 7  # small, so that all listings have several
ROWS = rows()
# What a record, a project or an owner has a value of: cloudsim knows it.
LISTINGS = {}
for row in ROWS:
    if row.total is None or row.group not in (None, "project"):
        LISTINGS.setdefault(row.listing, []).append(row.name)
# Where cloudsim has a service, if that is not its type; and what is no path.
PREFIXES = {"block-storage": "/volume/v3/*", "shared-file-system": "/share/v2"}
RGW = {"RadosGWServiceType": "radosgw", "RadosGWAccessKey": "rgw-access",
       "RadosGWSecretKey": "rgw-secret"}
ALL = dict(RGW, Meter=None, MaxRequestRate=0, Interval=4 * PACE)


def group(paths):
    """Requests by collection: ids and projects in paths are all the same."""
    count = collections.Counter()
    for path, n in paths.items():
        count[re.sub(r"[0-9a-f]{32}", "*", path)] += n
    return dict(count)


def path_of(row):
    """Where cloudsim has a listing, as group() has it."""
    prefix = "" if row.root else PREFIXES.get(row.service, "/" + row.service)
    path = row.path.partition("?")[0].replace("{prefix}", "AUTH_")
    return prefix + re.sub(r"{\w+}", "*", path)


class Api:
    """What the APIs list, by an administrator's own requests."""

    def __init__(self, sim):
        self.sim = sim
        self.projects = sim.records("/identity/v3/projects", "projects")
        self.known = {}

    def records(self, row):
        if row.listing not in self.known:
            path = path_of(row).replace("*", self.projects[0]["id"])
            query = row.path.partition("?")[1:]
            self.known[row.listing] = self.sim.records(
                path + "".join(query), row.record.replace("[]", ""))
        return self.known[row.listing]

    def owner(self, row, record):
        """The project of a record, by itself or by the record's owner."""
        if row.owners is None:
            return record[row.project]
        owners = next(r for r in ROWS if r.listing == row.owners)
        return next(o[owners.project] for o in self.records(owners)
                    if o["id"] == record[row.owner])


def total(api, row):
    """What a counted or summed meter has to be."""
    found = [(row.group and api.owner(row, r), r[row.value] if row.value else 1)
             for r in api.records(row)]
    found = [(project, n) for project, n in found if n is not None]
    if row.group is None:
        return {("total", row.name, number(sum(n for _, n in found)))}
    groups = collections.Counter()
    for project, n in found:
        groups[project] += n
    return {(project, row.name, number(n)) for project, n in groups.items()
            if project is not None}


def sums(sim, listing):
    """Those over what is a project's anyway."""
    return {("total", row.name, number(sum(
        float(v) for _, _, v in sim.expected(row.name[:-len(".total")]))))
        for row in ROWS if row.listing == listing and row.of != "record" and
        row.total == "sum"}


def all_walked(daemon, cloud="prod", times=1):
    return daemon.wait(lambda: all(
        len(daemon.walks(name, cloud)) >= times for name in LISTINGS), 40)


def every_meter():
    """Small pages, so that all have several. Two walks of each."""
    with Sim("--page", PAGE) as sim:
        with Daemon(cloud("prod", sim, **ALL)) as daemon:
            all_walked(daemon)
            sim.zero()
            all_walked(daemon, times=2)
            paths = group(sim.stats()["paths"])
            for listing, names in LISTINGS.items():
                is_({w["up"] for w in daemon.walks(listing)}, {"1"},
                    listing + ": is up")
                wanted = sim.expected(*names)
                ok(wanted, listing + ": cloudsim knows what to expect")
                for got in daemon.cycles(*names)[:2]:
                    is_(got, wanted, "%s: %d values" % (listing, len(wanted)))
            with Sim() as whole:
                api = Api(whole)
                wanted = {row.name: total(api, row) for row in ROWS
                          if row.total and row.of == "record" and
                          row.group in (None, "project")}
                for found in sums(whole, "buckets"):
                    wanted[found[1]] = {found}
                requests(paths, api)
            for meter, found in wanted.items():
                is_(daemon.cycles(meter)[:2], [found] * 2,
                    "%s: %d groups" % (meter, len(found)))
            is_(daemon.select(instance="total", meter="storage.objects.total"),
                [], "no total where Swift denies a project")
            known = {row.name for row in ROWS}
            is_(daemon.duplicates(*known), [], "nothing comes twice")
            unknown = {v.meter for v in daemon.select(plugin="openstack")
                       if ":" not in v.instance} - known
            is_(unknown, set(), "no other meter")


def pages(row, api):
    """A page more where a last page is full, or its size is not known."""
    if row.scope == "project":
        return len(api.projects)
    if row.paging == "none":
        return 1
    n = len(api.records(row))
    return -(-n // PAGE) if row.paging == "offset" else n // PAGE + 1


def requests(paths, api):
    one_of_each = {row.listing: row for row in ROWS}
    wanted = collections.Counter()
    for row in one_of_each.values():
        wanted[path_of(row)] += pages(row, api)
        if row.owners:  # they are listed once more, ahead of these
            owners = one_of_each[row.owners]
            wanted[path_of(owners)] += pages(owners, api)
    is_(paths, dict(wanted), "a cycle's requests are the documented ones")


def containers():
    """More containers than Swift lists at once."""
    with Sim("--projects", 3, "--containers", 10001) as sim:
        with Daemon(cloud("prod", sim, Meter="storage.*", MaxRequestRate=0,
                          Interval=300)) as daemon:
            daemon.wait(lambda: daemon.walks("accounts"), 60)
            names = LISTINGS["accounts"]
            is_(daemon.cycles(*names)[:1], [sim.expected(*names)],
                "10,001 containers: every one of three accounts")
            wanted = sums(sim, "accounts")
            is_(daemon.cycles(*{meter for _, meter, _ in wanted})[:1],
                [wanted], "... and their totals")
            paths = group(sim.stats()["paths"])
            is_(paths["/object-store/v1/AUTH_*"], 6, "... by two pages each")


def projects():
    """Disabled projects are left out where that is wished."""
    with Sim() as sim:
        once = {"Meter": "storage.objects", "Interval": 60}
        with Daemon(cloud("all", sim, **once),
                    cloud("enabled", sim, IgnoreDisabledProjects=True,
                          **once)) as daemon:
            daemon.wait(lambda: daemon.walks("accounts", "all") and
                        daemon.walks("accounts", "enabled"))
            got = {name: daemon.cycles("storage.objects", host=name)[0]
                   for name in ("all", "enabled")}
            is_(got["all"], sim.expected("storage.objects"), "all projects")
            dead = set()
            for what in ("domains", "projects"):
                dead |= {p["id"] for p in sim.records("/v3/" + what, what)
                         if not p["enabled"] or p.get("domain_id") in dead}
            wanted = {s for s in got["all"] if s[0] not in dead}
            ok(0 < len(wanted) < len(got["all"]), "cloudsim has disabled ones")
            is_(got["enabled"], wanted,
                "no disabled projects, none of disabled domains")


def old_services():
    """Cinder of an older release: what it offers is used."""
    with Sim("--cinder-max-microversion", "3.20") as sim:
        with Daemon(cloud("prod", sim, Meter="volume.*", Interval=2 * PACE,
                          MaxRequestRate=0)) as daemon:
            names = ("volumes", "snapshots", "backups", "pools",
                     "volume_services")
            daemon.wait(lambda: all(len(daemon.walks(n)) >= 2 for n in names))
            for name in names:
                is_(daemon.cycles(*LISTINGS[name])[-1],
                    sim.expected(*LISTINGS[name]), name + " of an old Cinder")


def reader():
    """Little rights: what they show, and a line for what they do not."""
    with Sim() as sim:
        with Daemon(cloud("prod", sim, **dict(
                ALL, Username="reader", Password="secret", Interval=2 * PACE,
                RadosGWServiceType=None, RadosGWAccessKey=None,
                RadosGWSecretKey=None))) as daemon:
            daemon.wait(lambda: all(len(daemon.walks(n)) >= 3 for n in
                                    ("images", "volumes", "floatingips")))
            got = daemon.cycles("volume.size")[0]
            ok(got < sim.expected("volume.size"),
               "volumes: those of the own project", got)
            is_({w["up"] for w in daemon.walks("floatingips")}, {"1"},
                "less is not a failure")
            for listing in ("loadbalancers", "zones", "pools",
                            "volume_services"):
                daemon.says('"prod": ' + listing + ":",
                            listing + ": 403 is one line", 1)
            count = group(sim.stats()["paths"])
            is_(count["/load-balancer/v2/lbaas/loadbalancers"], 1,
                "... and not asked for again")


every_meter()
containers()
projects()
old_services()
reader()
done()
