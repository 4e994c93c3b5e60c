#!/usr/bin/python3
"""Every meter of every service: each value, by as many requests as promised."""

from harness import *

POOL = "volume.provider.pool.capacity."
LISTINGS = {
    "images": ["image", "image.size"],
    "volumes": ["volume.size"],
    "snapshots": ["volume.snapshot.size"],
    "backups": ["volume.backup.size"],
    "pools": [POOL + name for name in ("total", "free", "provisioned",
                                       "virtual_free", "allocated")],
    "volume_services": ["volume.service.health"],
    "floatingips": ["ip.floating"],
    "vpnservices": ["network.services.vpn"],
    "ipsec_site_connections": ["network.services.vpn.connections"],
    "firewall_groups": ["network.services.firewall"],
    "firewall_policies": ["network.services.firewall.policy"],
    "loadbalancers": ["loadbalancer.operating", "loadbalancer.provisioning"],
    "zones": ["dns.zone.status", "dns.zone.ttl", "dns.zone.serial"],
    "recordsets": ["dns.zone.recordsets"],
    "shares": ["manila.share.status", "manila.share.size"],
    "evaluation_results": ["alarm.evaluation_result." + name for name in
                           ("ok", "alarm", "insufficient_data")],
    "accounts": ["storage.objects", "storage.objects.size",
                 "storage.objects.containers", "storage.containers.objects",
                 "storage.containers.objects.size"],
    "buckets": ["radosgw.objects", "radosgw.objects.size",
                "radosgw.objects.containers", "radosgw.containers.objects",
                "radosgw.containers.objects.size"],
    "usage": ["radosgw.api.request"],
}
# Counts and sums: where their records are, whose they are, what is summed.
CINDER = "/volume/v3/{}/%s/detail?all_tenants=1"
COUNTED = (
    ("image", "/image/v2/images?limit=1000", "owner"),
    ("volume", CINDER % "volumes", "os-vol-tenant-attr:tenant_id"),
    ("volume.snapshot", CINDER % "snapshots",
     "os-extended-snapshot-attributes:project_id"),
    ("volume.backup", CINDER % "backups", "os-backup-project-attr:project_id"),
    ("ip.floating", "/network/v2.0/floatingips", "project_id"),
    ("network.services.vpn", "/network/v2.0/vpn/vpnservices", "project_id"),
    ("network.services.vpn.connections",
     "/network/v2.0/vpn/ipsec-site-connections", "project_id"),
    ("network.services.firewall", "/network/v2.0/fwaas/firewall_groups",
     "project_id"),
    ("network.services.firewall.policy",
     "/network/v2.0/fwaas/firewall_policies", "project_id"),
    ("loadbalancer", "/load-balancer/v2/lbaas/loadbalancers", "project_id"),
    ("dns.zone", "/dns/v2/zones?limit=1000", "project_id"),
    ("manila.share", "/share/v2/shares/detail?all_tenants=1", "project_id"),
)
WITH_SIZE = ("image", "volume", "volume.snapshot", "volume.backup",
             "manila.share")
# Sums of what is a project's anyway.
SUMMED = [[backend + name for name in ("", ".size", ".containers")]
          for backend in ("storage.objects", "radosgw.objects")]
RGW = {"RadosGWServiceType": "radosgw", "RadosGWAccessKey": "rgw-access",
       "RadosGWSecretKey": "rgw-secret"}
ALL = dict(RGW, Meter=None, MaxRequestRate=0, Interval=4 * PACE)


def group(paths):
    """Requests by collection: ids and projects in paths are all the same."""
    count = collections.Counter()
    for path, n in paths.items():
        count[re.sub(r"[0-9a-f]{32}", "*", path)] += n
    return dict(count)


def totals(sim):
    """The default set's totals, made of what the APIs list."""
    project = sim.records("/identity/v3/projects", "projects")[0]["id"]
    found = set()
    for name, path, owner in COUNTED:
        key = path.partition("?")[0].replace("/detail", "").replace("-", "_")
        records = sim.records(path.format(project), key.rpartition("/")[2])
        found |= add_up(name, [(r[owner], 1) for r in records])
        if name in WITH_SIZE:
            found |= add_up(name + ".size",
                            [(r[owner], r["size"]) for r in records])
    # A record set is its zone's, whoever made it.
    zones = {z["id"]: z["project_id"] for z in sim.records(
        "/dns/v2/zones?limit=1000", "zones")}
    return found | add_up("dns.zone.recordsets", [
        (zones[r["zone_id"]], 1) for r in sim.records(
            "/dns/v2/recordsets?limit=1000", "recordsets")])


def sums(sim, names):
    return {("total", name + ".total",
             number(sum(float(v) for _, _, v in sim.expected(name))))
            for name in names}


def add_up(meter, rows):
    rows = [(project, n) for project, n in rows if n is not None]
    groups = collections.Counter()
    for project, n in rows:
        groups[project] += n
    return {(project, meter + ".by_project", number(n))
            for project, n in groups.items() if project is not None} | {
                ("total", meter + ".total", number(sum(n for _, n in rows)))}


def all_walked(daemon, cloud="prod", times=1):
    return daemon.wait(lambda: all(
        len(daemon.walks(name, cloud)) >= times for name in LISTINGS), 40)


def every_meter():
    """Small pages, so that all have several. Two walks of each."""
    with Sim("--page", 7) as sim:
        with Daemon(cloud("prod", sim, **ALL)) as daemon:
            all_walked(daemon)
            sim.zero()
            all_walked(daemon, times=2)
            paths = group(sim.stats()["paths"])
            for listing, names in LISTINGS.items():
                is_({w["up"] for w in daemon.walks(listing)}, {"1"},
                    listing + ": is up")
                wanted = sim.expected(*names)
                for got in daemon.cycles(*names)[:2]:
                    is_(got, wanted, "%s: %d values" % (listing, len(wanted)))
            with Sim() as whole:
                wanted = totals(whole) | sums(whole, SUMMED[1])
            known = [name for names in LISTINGS.values() for name in names]
            for meter in sorted({meter for _, meter, _ in wanted}):
                known.append(meter)
                rows = {row for row in wanted if row[1] == meter}
                is_(daemon.cycles(meter)[:2], [rows] * 2,
                    "%s: %d groups" % (meter, len(rows)))
            is_(daemon.select(instance="total", meter="storage.objects.total"),
                [], "no total where Swift denies a project")
            is_(daemon.duplicates(*known), [], "nothing comes twice")
            unknown = {v.meter for v in daemon.select(plugin="openstack")
                       if ":" not in v.instance} - set(known)
            is_(unknown, set(), "no other meter")
            requests(paths)


def requests(paths):
    """A page more where a last page is full, or its size is not known."""
    projects = 22
    is_(paths, {
        "/image/v2/images": 36,                           # 250 images
        "/volume/v3/*/volumes/detail": 9,                 # 60 volumes
        "/volume/v3/*/snapshots/detail": 3,               # 20 snapshots
        "/volume/v3/*/backups/detail": 5,                 # 30 backups
        "/volume/v3/*/scheduler-stats/get_pools": 1,
        "/volume/v3/*/os-services": 1,
        "/network/v2.0/floatingips": 6,                   # 40 floating IPs
        "/network/v2.0/vpn/vpnservices": 2,               # 8 services
        "/network/v2.0/vpn/ipsec-site-connections": 1,    # 6 connections
        "/network/v2.0/fwaas/firewall_groups": 2,         # 10 groups
        "/network/v2.0/fwaas/firewall_policies": 1,       # 4 policies
        "/load-balancer/v2/lbaas/loadbalancers": 3,       # 20 load balancers
        "/dns/v2/zones": 10,           # 30 zones, twice: owners of record sets
        "/dns/v2/recordsets": 10,                         # 69 record sets
        "/share/v2/shares/detail": 4,                     # 25 shares
        "/alarming/v2/metrics": 1,
        "/object-store/v1/AUTH_*": projects,
        "/admin/bucket": projects,
        "/admin/usage": projects,
    }, "a cycle's requests are the documented ones, no token")


def containers():
    """More containers than Swift lists at once."""
    with Sim("--projects", 3, "--containers", 10001) as sim:
        with Daemon(cloud("prod", sim, Meter="storage.*", MaxRequestRate=0,
                          Interval=300)) as daemon:
            daemon.wait(lambda: daemon.walks("accounts"), 60)
            names = LISTINGS["accounts"]
            is_(daemon.cycles(*names)[:1], [sim.expected(*names)],
                "10,001 containers: every one of three accounts")
            wanted = sums(sim, SUMMED[0])
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
