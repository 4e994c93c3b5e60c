#!/usr/bin/python3
"""What operators watch of a large cloud, by as few requests as the manual says.

collectd -T makes each pass at once, and so each request once.
"""

from harness import *

PROJECTS, PROVIDERS = 100, 60
SIZE = ("--projects", PROJECTS, "--hypervisors", 60, "--routers", 100,
        "--servers", 5000, "--resource-providers", PROVIDERS)
# In a cycle, of Nova, Neutron and Cinder.
CYCLE = {"/compute/v2.1/os-services": 1,
         "/compute/v2.1/os-hypervisors/detail": 1,
         "/compute/v2.1/servers/detail": 6,
         "/network/v2.0/agents": 1,
         "/network/v2.0/network-ip-availabilities": 1,
         "/network/v2.0/routers": 1,
         "/volume/v3/*/os-services": 1,
         "/volume/v3/*/scheduler-stats/get_pools": 1}
# In an hour: quotas, and what providers have.
HOUR = {"/compute/v2.1/limits": PROJECTS,
        "/volume/v3/*/os-quota-sets/*": PROJECTS,
        "/network/v2.0/quotas": 1,
        "/network/v2.0/quotas/default/default": 1,
        "/v3/limits": 1,
        "/v3/registered_limits": 1,
        "/placement/resource_providers": 1,
        "/placement/resource_providers/*/inventories": PROVIDERS}
ACCOUNTS = "/object-store/v1/AUTH_*"

with Sim(*SIZE) as sim:
    status, text = Daemon(cloud("prod", sim, Meter=None, MaxRequestRate=0,
                                Interval=300)).run("-T", seconds=120)
    is_(status, 0, "the meters that are on by default")
    paths = collections.Counter()
    for path, n in sim.stats()["paths"].items():
        paths[re.sub(r"[0-9a-f]{32}|[0-9a-f-]{36}", "*", path)] += n
    is_({path: paths[path] for path in CYCLE}, CYCLE, "in a cycle")
    is_({path: paths[path] for path in HOUR}, HOUR, "in an hour")
    is_(round(sum(CYCLE.values()) + sum(HOUR.values()) * 300 / 3600), 35,
        "35 requests in 300 s")
    is_(paths[ACCOUNTS], PROJECTS, "Swift: a request for each project")
    others = {path: n for path, n in paths.items()
              if path not in CYCLE and path not in HOUR and path != ACCOUNTS}
    ok(others and max(others.values()) <= 2, "no other listing is asked by "
       "project, host or router", others)
done()
