#!/usr/bin/python3
"""Nova: of an old release, without a version in its URL, with a cell that is down."""

from harness import *

METERS = ["compute.service.*", "compute.hypervisor.*", "compute.server.*"]
LISTINGS = ("compute_services", "hypervisors", "servers")


def walked(sim, *lines, fails=None):
    """What one walk of each listing reports: {meter: {resource: number}}."""
    with Daemon(cloud("prod", sim, *lines, Meter=METERS, Interval=60,
                      MaxRequestRate=0)) as daemon:
        daemon.wait(lambda: all(daemon.walks(n) for n in LISTINGS))
        for name in LISTINGS:
            up = "0" if name == fails else "1"
            is_([w["up"] for w in daemon.walks(name)], [up], name + ": up")
        found = collections.defaultdict(dict)
        for v in daemon.select(plugin="openstack"):
            found[v.meter][v.instance] = float(v.value)
        return found


def total(found, meter):
    return found[meter].get("total")


def hypervisors_by_their_own_version():
    """From 2.88 on Nova has no numbers, and asks each host by RPC: 500."""
    with Sim() as sim:
        found = walked(sim)
        wanted = sim.expected("compute.hypervisor.health")
        is_({(x, "compute.hypervisor.health", number(n)) for x, n in
             found["compute.hypervisor.health"].items()}, wanted,
            "a Nova of today: hypervisors")
        is_(total(found, "compute.hypervisor.vcpus.total"), 288.0,
            "... with their numbers")
        is_(total(found, "compute.hypervisor.disk.free.total"),
            5655.0 * 2**30, "... which may be below 0 for one of them")
        is_(min(found["compute.hypervisor.disk.free"].values()),
            -40.0 * 2**30, "... and say so")
        is_(set(sim.stats()["statuses"]), {"200", "201"},
            "... and no request went astray")


def old():
    """Before 2.47 flavors are ids; before 2.53 hypervisors are numbers."""
    with Sim("--nova-max-microversion", "2.40") as sim:
        found = walked(sim)
        is_(total(found, "compute.server.total"), 40.0,
            "an old Nova: servers are counted")
        is_(found["compute.server.vcpus.total"], {},
            "... but not their processors: no value, and no 0")
        is_(set(found["compute.hypervisor.vcpus"]), set("012345678"),
            "... and hypervisors have the ids of their time")
        is_(set(sim.stats()["statuses"]), {"200", "201", "406"},
            "... after one 406 of each listing")


def servers_found_twice():
    """A page from which Nova takes one out is short, and has no link."""
    with Sim("--page", 10, "--fault", "/compute/v2.1/servers/detail short-page"
             ) as sim:
        found = walked(sim)
        is_(total(found, "compute.server.total"), 40.0,
            "a short page without a link is not the last")


def without_a_version():
    """Nova's document lists v2.0 first, which has no microversions."""
    with Sim() as sim:
        url = sim.url[:-len("/v3")] + "/compute"
        found = walked(sim, 'Endpoint "compute" "%s"' % url)
        is_(total(found, "compute.server.vcpus.total"), 150.0,
            "an endpoint without a version: servers have their flavors")
        paths = sim.stats()["paths"]
        is_(paths.get("/compute/v2.1/servers/detail"), 2,
            "... of v2.1, up to an empty page")


def a_cell_is_down():
    with Sim("--fault", "/compute down-cell 4") as sim:
        found = walked(sim)
        by_status = found["compute.server.by_status"]
        is_(by_status["UNKNOWN"], 10.0, "a cell is down: its servers are UNKNOWN")
        is_(total(found, "compute.server.total"), 40.0, "... and counted")
        is_(sum(by_status.values()), 40.0, "... each once")
        is_(by_status["SUSPENDED"], 0.0, "... states that none is in are 0")
        is_(len(found["compute.service.health"]), 7,
            "... services of unknown state have no value")
        ok("nova-compute@compute3" not in found["compute.service.enabled"],
           "... nor are they called disabled", found["compute.service.enabled"])
    with Sim("--page", 10, "--fault", "/compute down-cell 8") as sim:
        found = walked(sim)
        is_((total(found, "compute.server.total"),
             found["compute.server.by_status"]["UNKNOWN"]), (40.0, 5.0),
            "of several pages the last two have them, and they count once")
    with Sim("--fault", "/compute down-cell 1") as sim:
        found = walked(sim)
        is_((total(found, "compute.server.total"),
             found["compute.server.by_status"]["UNKNOWN"]), (40.0, 40.0),
            "no other cell has a server")
        is_(sim.stats()["paths"].get("/compute/v2.1/servers/detail"), 1,
            "... and none of them can be gone on from")
    with Sim("--page", 10, "--fault", "/compute down-cell 2") as sim:
        found = walked(sim, fails="servers")
        ok("compute.server.total" not in found and
           "compute.server.by_status" not in found,
           "more of them than fit on a page: there is no total", found)
    with Sim("--page", 10, "--fault", "/compute down-cell 5") as sim:
        found = walked(sim)
        is_((total(found, "compute.server.total"),
             found["compute.server.by_status"]["UNKNOWN"]), (40.0, 8.0),
            "as many as fit on a page behind all others")
    with Sim("--fault", "/compute down-cell 4", "--nova-max-microversion",
             "2.68") as sim:
        found = walked(sim)
        is_(total(found, "compute.server.total"), 30.0,
            "below 2.69 Nova does not mention them")


hypervisors_by_their_own_version()
old()
without_a_version()
servers_found_twice()
a_cell_is_down()
done()
