#!/usr/bin/python3
"""Does each service answer, and how fast: by at most one request in a cycle."""

from harness import *

# What cloudsim's catalogue calls otherwise.
ALIASES = {"volumev3": "block-storage", "sharev2": "shared-file-system",
           "alarming": "alarm",
           "container-infra": "container-infrastructure-management"}
API = {"Meter": "*.api.*", "MaxRequestRate": 0}


def latest(daemon, meter):
    """Its newest value, or None; all are of one resource."""
    values = daemon.select(meter=meter)
    return values[-1] if values else None


def becomes(daemon, meter, value):
    return daemon.wait(lambda: latest(daemon, meter) and
                       number(latest(daemon, meter).value) == value)


def at(daemon, meter, time):
    return [v for v in daemon.select(meter=meter) if v.time == time]


def words(sim):
    """Of all services in the catalogue: what their meters begin with."""
    body = {"auth": {"identity": {"methods": ["password"], "password": {
        "user": {"name": "collectd", "domain": {"id": "default"},
                 "password": PASSWORD}}},
        "scope": {"project": {"name": "service",
                              "domain": {"id": "default"}}}}}
    answer = sim.request("POST", "/identity/v3/auth/tokens", json.dumps(body))
    entries = json.loads(answer[2])["token"]["catalog"]
    types = {ALIASES.get(e["type"], e["type"]) for e in entries}
    return {row.name.split(".")[0] for row in rows(requests=True)
            if row.service in types}


def alone():
    """Nothing else is asked: each service gets one request for its versions."""
    with Sim() as sim:
        found = words(sim)
        with Daemon(cloud("prod", sim, Interval=2 * PACE, **API)) as daemon:
            daemon.wait(lambda: all(len(daemon.select(meter=w + ".api.up")) >= 2
                                    for w in found))
            values = [v for v in daemon.select(plugin="openstack")]
            ok(len(found) >= 9, "cloudsim has some services", found)
            is_({v.meter for v in values if v.meter.endswith(".up")},
                {w + ".api.up" for w in found},
                "up of each service of the catalogue, and of no other")
            is_({(v.instance, v.type, number(v.value)) for v in values
                 if v.meter.endswith(".up")}, {("total", "gauge", "1")},
                "all are up")
            times = [float(v.value) for v in values
                     if v.meter.endswith(".response_time")]
            ok(times and all(0 < t < 20 for t in times), "each took some time",
               times)
            is_([v for v in values if ":" in v.instance], [],
                "these walks report nothing of themselves")
            is_(daemon.lines("_api|catalogue has no"), [],
                "a service that is not there is no line")
            # The slowest has had a cycle less than the others, at most.
            sim.zero()
            before = {w: len(daemon.select(meter=w + ".api.up")) for w in found}
            daemon.wait(lambda: all(
                len(daemon.select(meter=w + ".api.up")) >= before[w] + 3
                for w in found))
        stats, n = sim.stats()["paths"], len(daemon.select(meter="dns.api.up"))
        ok(stats.get("/dns/", 0) <= n - before["dns"] + 1,
           "a request in a cycle at most", stats)
        is_({p for p in stats if p.count("/") > 2}, set(),
            "... for the versions, and for nothing else")


def beside():
    """Walks tell: no request is made for it."""
    with Sim() as sim:
        with Daemon(cloud("prod", sim, Interval=2 * PACE,
                          MaxRequestRate=0, Meter=[
                "image.api.*", "volume.api.*", "image.size",
                "volume.size", "volume.snapshot.size", "volume.backup.size"])) as daemon:
            daemon.wait(lambda: len(daemon.select(meter="image.api.up")) >= 4
                        and len(daemon.select(meter="volume.api.up")) >= 4)
            is_({number(v.value) for v in daemon.select(instance="total")
                 if v.meter.endswith(".api.up")}, {"1"}, "both are up")
            paths = sim.stats()["paths"]
            is_({p for p in paths if p in ("/image/", "/volume/")}, set(),
                "no request but those of the walks")
            is_([v for v in daemon.select(instance="prod:image_api")], [],
                "... and no report of its own")
            sim.fault("/image/v2/images status 503")
            ok(becomes(daemon, "image.api.up", "0"), "a 503 is down")
            time = next(v for v in daemon.select(meter="image.api.up")
                        if number(v.value) == "0").time
            is_(len(at(daemon, "image.api.response_time", time)), 1,
                "... and took its time")
            ok(daemon.wait(lambda: len([
                v for v in daemon.select(meter="image.api.up")
                if number(v.value) == "0"]) >= 3), "it stays down")
            is_(sim.stats()["paths"].get("/image/", 0), 0,
                "... without a request while the walk leaves it alone")
            is_({number(v.value) for v in daemon.select(meter="volume.api.up")}, {"1"},
                "the other service is up")
            sim.fault()
            ok(becomes(daemon, "image.api.up", "1"), "up when an answer comes")


def troubles():
    """Any answer below 500 is one; nothing else is."""
    with Sim() as sim:
        with Daemon(cloud("prod", sim, Interval=2 * PACE, Meter="dns.api.*",
                          MaxRequestRate=0)) as daemon:
            ok(becomes(daemon, "dns.api.up", "1"), "dns is up")
            sim.fault("/dns/ hang")
            ok(becomes(daemon, "dns.api.up", "0"), "a server that hangs is down")
            time = latest(daemon, "dns.api.up").time
            is_(at(daemon, "dns.api.response_time", time), [],
                "... and has no time")
            daemon.says('"prod": dns_api: ', "a line tells why", 1)
            for status in (401, 404, 429):
                sim.fault("/dns/ status %d" % status)
                ok(becomes(daemon, "dns.api.up", "1"), "%d is an answer" % status)
                sim.fault("/dns/ empty-reply")
                ok(becomes(daemon, "dns.api.up", "0"), "an empty reply is none")
            sim.fault()
            ok(becomes(daemon, "dns.api.up", "1"), "all is well again")
            daemon.says('"prod": dns_api: works again$', "... and told", 1)


OWN = """
<Listing "health">
  Service "image"
  Path "/healthcheck"
  AtRoot true
  Auth "none"
</Listing>
<Meter "health.status">
  Listing "health"
  Of "request"
  Value "@status"
</Meter>
<Meter "images.bytes">
  Listing "images"
  Of "request"
  Value "@bytes"
  Type "bytes"
</Meter>
"""


def own():
    """A listing of the operator's, and the request of one that is built in."""
    with Sim() as sim:
        block = cloud("prod", sim, Interval=2 * PACE,
                      Meter=["health.status", "images.bytes"])
        with Daemon(OWN, block) as daemon:
            daemon.wait(lambda: latest(daemon, "health.status") and
                        latest(daemon, "images.bytes"))
            is_(number(latest(daemon, "health.status").value), "404",
                "the status of a request is a value")
            ok(float(latest(daemon, "images.bytes").value) > 100,
               "and so are the bytes of an answer")


alone()
beside()
troubles()
own()
done()
