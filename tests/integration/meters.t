#!/usr/bin/python3
"""Every meter of every service: each value, by as many requests as promised."""

import math

from harness import *
import oracle

PAGE = 7  # small, so that all listings have several
ROWS = rows()
LISTINGS, SPREAD = {}, {}  # the latter's requests are spread over the interval
for row in ROWS:
    (SPREAD if row.paced else LISTINGS).setdefault(row.listing, []).append(row)
# Swift denies a project; so there is no total over all of them.
NEVER = {row.name for row in ROWS
         if row.listing == "accounts" and row.of == "headers" and row.total}
# Where cloudsim has a service, if that is not its type; and what is no path.
PREFIXES = {"block-storage": "/volume/v3/*", "shared-file-system": "/share/v2",
            "container-infrastructure-management": "/container-infra",
            "orchestration": "/orchestration/v1/*",
            "database": "/database/v1.0/*", "identity": "",
            "instance-ha": "/instance-ha/v1/*", "metric": "/metric",
            "compute": "/compute/v2.1"}
RGW = {"RadosGWServiceType": "radosgw", "RadosGWAccessKey": "rgw-access",
       "RadosGWSecretKey": "rgw-secret"}
ALL = dict(RGW, Meter=[row.name for row in ROWS if not row.paced],
           MaxRequestRate=0,
           Interval=4 * PACE)
OFTEN = every(ALL["Interval"])  # listings with an interval of their own, too


def names_of(listing):
    return [row.name for row in ROWS if row.listing == listing]


def group(paths):
    """Requests by collection: ids and projects in paths are all the same."""
    count = collections.Counter()
    for path, n in paths.items():
        count[re.sub(r"[0-9a-f]{32}|[0-9a-f-]{36}", "*", path)] += n
    return dict(count)


def path_of(row):
    """Where cloudsim has a listing, as group() has it."""
    prefix = "" if row.root else PREFIXES.get(row.service, "/" + row.service)
    path = row.path.partition("?")[0].replace("{prefix}", "AUTH_")
    return prefix + re.sub(r"{\w+}", "*", path)


def sums(sim, listing):
    """Those over what is a project's anyway."""
    return {("total", row.name, number(sum(
        float(v) for _, _, v in sim.expected(row.name[:-len(".total")]))))
        for row in ROWS if row.listing == listing and row.of != "record" and
        row.total == "sum"}


def moves(row):
    """Does it grow while the test runs?"""
    return row.value is not None and "age(" in row.value


def wanted_of(sim, api, listing):
    """All values of a listing but those that move."""
    found = sim.expected(*names_of(listing)) | sums(sim, listing)
    known = {meter for _, meter, _ in found}
    for row in filter(lambda row: row.listing == listing, ROWS):
        if row.of == "headers" or moves(row) or row.scope == "project" and \
                row.name in known:
            continue
        values = api.values(row)
        if row.name in known and row.owners is None:
            is_({v for v in found if v[1] == row.name}, values,
                row.name + ": cloudsim and the oracle agree")
        elif row.name not in known:
            found |= values
    return {v for v in found if v[1] not in NEVER}


def between(daemon, row, before, after):
    """A value that grows is between what it was and what it is."""
    got = {name: float(v) for name, _, v in daemon.cycles(row.name)[0]}
    low, high = ({name: float(v) for name, _, v in api_values}
                 for api_values in (before, after))
    is_(set(got), set(low), row.name + ": of each record")
    ok(all(min(low[x], high[x]) <= got[x] <= max(low[x], high[x])
           for x in got), row.name + ": as old as it is", [low, got, high])


def all_walked(daemon, cloud="prod", times=1):
    return daemon.wait(lambda: all(
        len(daemon.walks(name, cloud)) >= times for name in LISTINGS), 60)


def every_meter():
    """Small pages, so that all have several. Two walks of each."""
    begun = time.time()
    with Sim("--page", PAGE, "--fault", "/v3/ max-db-limit %d" % PAGE
             ) as sim, Sim() as whole:
        api = oracle.Api(whole, ROWS, path_of)
        with Daemon(cloud("prod", sim, OFTEN, **ALL)) as daemon:
            all_walked(daemon)
            sim.zero()
            all_walked(daemon, times=2)
            paths = group(sim.stats()["paths"])
            for listing in LISTINGS:
                is_({w["up"] for w in daemon.walks(listing)}, {"1"},
                    listing + ": is up")
                wanted = wanted_of(sim, api, listing)
                ok(wanted, listing + ": it is known what to expect")
                for got in daemon.cycles(*{v[1] for v in wanted})[:2]:
                    is_(got, wanted, "%s: %d values" % (listing, len(wanted)))
            requests(paths, api)
            for row in filter(moves, sum(LISTINGS.values(), [])):
                between(daemon, row, api.values(row, begun),
                        api.values(row, time.time()))
            known = {row.name for row in ROWS if not row.paced}
            is_({v.meter for v in daemon.select(plugin="openstack")
                 if not v.instance.startswith("prod:")}, known - NEVER,
                "every meter comes, and no other")
            is_(daemon.select(instance="total", meter="storage.objects.total"),
                [], "no total where Swift denies a project")
            is_(daemon.duplicates(*known), [], "nothing comes twice")


def pages(row, api):
    """A page more where a last page is full, or its size is not known."""
    if row.scope == "project":
        return len(api.projects)
    return sum(pages_of(row, n) for n in api.counts(row))


def pages_of(row, n):
    if row.paging == "none":
        return 1
    if row.paging in ("offset", "marker"):
        return -(-n // PAGE) + (0 if row.counts else 1)
    return n // PAGE + 1


def requests(paths, api):
    one_of_each = {row.listing: row for row in ROWS}
    wanted = collections.Counter()
    for row in filter(lambda row: not row.paced, one_of_each.values()):
        wanted[path_of(row)] += pages(row, api)
        if row.owners and row.owners not in one_of_each:
            # they have no meters whose walk would lend them
            owners = oracle.owners_of(row)
            wanted[path_of(owners)] += pages(owners, api)
    is_(paths, dict(wanted), "a cycle's requests are the documented ones")


def spread():
    """Where requests are spread over the interval: one for each, in time."""
    interval = 6 * PACE
    with Sim("--resource-providers", 9) as sim:
        api = oracle.Api(sim, ROWS, path_of)
        wanted = {name: wanted_of(sim, api, name) for name in SPREAD}
        sim.zero()
        with Daemon(cloud("prod", sim, every(interval), Interval=interval,
                          MaxRequestRate=0,
                          Meter=[row.name for row in ROWS if row.paced])
                    ) as daemon:
            for listing, values in wanted.items():
                names = {meter for _, meter, _ in values}
                ok(values, listing + ": it is known what to expect")
                daemon.wait(lambda: len(daemon.passes(*names)[0])
                            >= len(values), 4 * interval)
                is_(daemon.passes(*names)[0], values,
                    "%s: %d values" % (listing, len(values)))
                walks = daemon.walks(listing)
                is_({w["up"] for w in walks}, {"1"}, listing + ": is up")
                asked = pages(SPREAD[listing][0], api)
                turns = 0.8 * interval / max(1, interval / 60)
                sent = [float(w["sent"]) for w in walks if "sent" in w]
                ok(max(sent) <= 2 * math.ceil(asked / turns) + 4,
                   listing + ": no burst", sent)
                ok(len([n for n in sent if n]) >= min(asked, 3),
                   listing + ": several walks", sent)
            is_(daemon.duplicates(*{row.name for row in ROWS if row.paced}),
                [], "nothing comes twice")


def containers():
    """More containers than Swift lists at once."""
    with Sim("--projects", 3, "--containers", 10001) as sim:
        with Daemon(cloud("prod", sim, Meter="storage.*", MaxRequestRate=0,
                          Interval=300)) as daemon:
            daemon.wait(lambda: daemon.walks("accounts"), 60)
            names = [row.name for row in LISTINGS["accounts"] if not row.total]
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
    names = ("volumes", "snapshots", "backups", "pools", "volume_services")
    with Sim("--cinder-max-microversion", "3.20") as sim:
        with Daemon(cloud("prod", sim, Interval=2 * PACE, MaxRequestRate=0,
                          Meter=sum(map(names_of, names), []))) as daemon:
            daemon.wait(lambda: all(len(daemon.walks(n)) >= 2 for n in names))
            for name in names:
                known = sim.expected(*names_of(name))
                is_(daemon.cycles(*{v[1] for v in known})[-1], known,
                    name + " of an old Cinder")


def reader():
    """Little rights: what they show, and a line for what they do not."""
    with Sim() as sim:
        with Daemon(cloud("prod", sim, every(2 * PACE), **dict(
                ALL, Username="reader", Password="secret", Interval=2 * PACE,
                Meter=[row.name for row in ROWS if not row.root],
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
                            "volume_services", "compute_services",
                            "hypervisors", "servers", "aggregates",
                            "migrations"):
                daemon.says('"prod": ' + listing + ":",
                            listing + ": 403 is one line", 1)
            for listing, policy in (
                    ("compute_services", "os-services:list"),
                    ("hypervisors", "os-hypervisors:list-detail"),
                    ("servers", "servers:detail:get_all_tenants")):
                daemon.says("%s: %s.*needs os_compute_api:%s" % (
                    listing, ".*403", policy), listing + ": what it needs")
                is_(daemon.cycles(*names_of(listing)), [],
                    listing + ": no value, and no 0")
            for listing in ("agents", "ip_availabilities", "baremetal_nodes"):
                daemon.says("%s: .*it sees (none|.* owns or leases): no totals"
                            % listing,
                            listing + ": hidden, and one line", 1)
                is_(daemon.cycles(*names_of(listing)), [],
                    listing + ": no value, and no 0")
            for path, said in (
                    ("orchestration_services", r'403 .*"explanation": .*"error"'),
                    ("baremetal_conductors", r'403 .*"error_message": "{'),
                    ("container_services", r'403 .*"errors": \[{.*"detail"'),
                    ("database_instances", r'401 .*"unauthorized": .*"code"')):
                daemon.says('"prod": %s: .*HTTP %s' % (path, said),
                            path + ": refused, in the service's own words", 1)
            ok(sim.stats()["tokens"] <= 2, "Trove's 401 costs one more login",
               sim.stats()["tokens"])
            count = group(sim.stats()["paths"])
            is_(count["/load-balancer/v2/lbaas/listeners"], 1,
                "... and not asked for again")


every_meter()
spread()
containers()
projects()
old_services()
reader()
done()
