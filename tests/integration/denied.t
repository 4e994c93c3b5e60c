#!/usr/bin/python3
"""A 403 or 404 counts as the service's word only if the service says it.

A proxy in front of it knows neither what a token may nor what there is: its page
is a failure like any other. All clouds are so from the start, since what has worked
before is doubted in any case.
"""

from harness import *

# Without Keystone nothing is asked at all: keystone.t.
ROWS = [row for row in rows() if row.service != "identity"]
LISTINGS = {row.listing for row in ROWS}
PACED = {row.listing for row in ROWS if row.paced}
PROJECTS = 4
TOTALS = {row.name for row in ROWS if row.total}
HEADS = ["storage.objects", "storage.objects.total"]
PREFIXES = {"block-storage": "/volume", "shared-file-system": "/share",
            # not its version document
            "placement": "/placement/resource_providers",
            "container-infrastructure-management": "/container-infra"}
# What a 403 may mean as well: that it is switched off.
OFF = {"evaluation_results", "stacks"}
# Trove gives its requests no ids; its 403 means that Nova has failed it.
DOUBTED = {"database_instances"}
PATHS = {"/admin" if row.root else PREFIXES.get(row.service, "/" + row.service)
         for row in ROWS}
PROXY = "HTTP 403 from .*, a proxy's answer by its headers"
OWNS = ("believed", "named", "doubted")
ALL = {"Meter": [row.name for row in ROWS] + [x + ".meter" for x in OWNS],
       "RadosGWServiceType": "radosgw", "RadosGWAccessKey": "rgw-access",
       "RadosGWSecretKey": "rgw-secret"}

OWN = """
<Listing "%s">
  Service "image"
  Path "/v2/images?limit=1000"
  Record "images[]"
  Paging "link"
  Next "next"
  ID "id"
  %s
</Listing>
<Meter "%s.meter">
  Listing "%s"
</Meter>
"""


def own(name, line=""):
    return OWN % (name, line, name, name)


def everywhere(fault):
    return [word for path in PATHS for word in ("--fault", path + fault)]


def sim_with(*faults):
    return Sim("--projects", PROJECTS, "--images", 25, "--volumes", 25, *faults)


def of(name):
    """Of this cloud: the last report of each listing, and those that ran."""
    return {x: (walks[-1]["up"], len([w for w in walks if "sent" in w]))
            for x in LISTINGS for walks in [daemon.walks(x, name)] if walks}


def totals(name):
    return {v.meter for v in daemon.select(host=name)} & TOTALS


sims = {"service": sim_with(*everywhere(" status 403")),
        "proxy": sim_with(*everywhere(" proxy-status 403")),
        "lost": sim_with(*everywhere(" proxy-status 404")),
        "one": sim_with("--fault",
                        "/object-store proxy-status 404 after=1 times=1"),
        "projects": sim_with("--fault", "/v3/projects proxy-status 403")}
keys = {"service": ALL, "proxy": ALL, "lost": ALL,
        "one": {"Meter": HEADS, "MaxConnections": 1},
        "projects": {"Meter": HEADS}}
clouds = [cloud(name, sim, every(3 * PACE), MaxRequestRate=0,
                Interval=3 * PACE, **keys[name])
          for name, sim in sims.items()]

daemon = Daemon(config="<Plugin openstack>\nWorkers 24\n%s\n</Plugin>" %
                "\n".join([own("believed"), own("named", 'ServiceHeader '
                                                '"x-openstack-request-id"'),
                           own("doubted", 'ServiceHeader "X-Nobodys"')] +
                          clouds))
with daemon:
    ok(daemon.wait(lambda: all(
        len(of(name)) == len(LISTINGS) and
        min(ran for _, ran in of(name).values()) >= 2
        for name in ("proxy", "lost")), 90),
        "a proxy's 403 and 404: every listing is asked again soon",
        [of("proxy"), of("lost")])
    for name, why in ("proxy", PROXY), ("lost", "HTTP 404 from "):
        is_({up for up, _ in of(name).values()}, {"0"}, name + ": up is 0")
        is_(totals(name), set(), "... and there are no totals")
        for listing in sorted(LISTINGS):
            daemon.says(r'\[error\].*"%s": %s: .*%s' % (
                name, listing, why), "... a line: " + listing)
    ran = {x: ran for x, (_, ran) in of("service").items()}
    is_({x: n for x, n in ran.items() if x not in PACED},
        {x: 1 for x in LISTINGS - OFF - PACED - DOUBTED} |
        {x: ran[x] for x in DOUBTED if ran[x] > 1},
        "a service's 403: it is asked once")
    ok(all(1 <= ran[x] <= PROJECTS for x in PACED),
       "... or each project once, where that takes a while", ran)
    is_({up for up, _ in of("service").values()}, {"0"}, "... up is 0")
    is_(totals("service"), set(), "... and there are no totals")
    for listing in sorted(LISTINGS - OFF - DOUBTED) + ["believed", "named"]:
        daemon.says(r'"service": %s: .*HTTP 403.*: the user is not allowed' % listing,
                    "... a line: " + listing, 1)
    daemon.says(r'"service": evaluation_results: .*HTTP 403.*no such listing, or it',
                "... or it is switched off", 1)
    for listing in sorted(DOUBTED) + ["doubted"]:
        daemon.says(r'\[error\].*"service": %s: .*%s' % (listing, PROXY),
                    "a 403 without its header is not believed: " + listing)
    walks = daemon.walks("accounts", "one")
    is_([w["up"] for w in walks[:2]], ["0", "1"],
        "a proxy's 404 for one project: the walk has failed")
    is_({float(v.value) for v in daemon.select(host="one", meter=HEADS[1])},
        {sum(float(v[2]) for v in sims["one"].expected(HEADS[0]))},
        "... and no total lacks that project")
    is_({w["up"] for w in daemon.walks("accounts", "projects")}, {"0"},
        "a proxy's 403 for the list of projects: no walk")
    is_(totals("projects"), set(), "... and no total")
    daemon.says(r'"projects": .*list of projects: .*' + PROXY,
                "... which a line says")
    sims["proxy"].fault()
    sims["lost"].fault()
    ok(daemon.wait(lambda: all(
        {up for up, _ in of(name).values()} == {"1"}
        for name in ("proxy", "lost")), 90),
        "the proxy is well again: all walks are", [of("proxy"), of("lost")])
    is_(totals("proxy"), totals("lost"), "... with totals")
    ok(totals("proxy") >= {"image.total", HEADS[1], "volume.total"},
       "... of all services", totals("proxy"))
done()
