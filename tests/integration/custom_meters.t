#!/usr/bin/python3
"""Listings and meters of the operator's own: each value, by how many requests."""

import glob

from harness import *

VOLUMES = "/volume/v3/{}/volumes/detail?all_tenants=1"
IMAGES = "/image/v2/images?limit=1000"

# The APIs of the built-in listings, by every other way of paging they have.
LISTINGS = """
<Listing "own_images">
  Service "image"
  Path "/v2/images?limit=40"
  Record "images[]"
  Paging "link"
  Next "next"
  ID "id"
  Project "owner"
</Listing>
<Listing "marked">
  Service "dns"
  Path "/v2/zones?limit=7"
  Header "X-Auth-All-Projects: true"
  Record "zones[]"
  Paging "marker"
  Marker "id"
  Total "metadata.total_count"
  ID "id"
  Project "project_id"
</Listing>
<Listing "linked">
  Service "block-storage"
  Path "/volumes/detail?all_tenants=True&limit=9"
  Microversion "OpenStack-API-Version: volume 3.63"
  Record "volumes[]"
  Paging "links"
  Next "volumes_links[]"
  ID "{volume_type_id}@{id}"
  Project "os-vol-tenant-attr:tenant_id"
</Listing>
<Listing "skipped">
  Service "shared-file-system"
  Path "/shares/detail?all_tenants=True&limit=10&with_count=True"
  Microversion "X-OpenStack-Manila-API-Version: 2.42"
  Record "shares[]"
  Paging "offset"
  Total "count"
  ID "id"
</Listing>
<Listing "counted">
  Service "object-store"
  Path "/v1/{prefix}{project}?format=json&limit=2"
  Scope "project"
  Record "[]"
  Paging "marker"
  Marker "name"
  TotalHeader "x-account-container-count"
  ID "{@project}/{name}"
  Absent 404
  Absent 410
</Listing>
<Listing "accounts_of_people">
  Service "identity"
  Path "/users"
  Record "users[]"
  Paging "none"
  ID "id"
</Listing>
"""

METERS = """
<Meter "own.image">
  Listing "own_images"
  Value "if(protected, 0, max(min_ram, 1000) / min_disk - 1)"
</Meter>
<Meter "own.image.bytes">
  Listing "own_images"
  Value "size"
  Type "bytes"
  Skip 0
  Skip 1
</Meter>
<Meter "own.zone">
  Listing "marked"
  Value "status"
  State "Active" 1
  State "pending" 2.5
  SkipState "error"
  OtherState -1
</Meter>
<Meter "own.zone.by_project">
  Listing "marked"
  Aggregate "count"
  GroupBy "project"
</Meter>
<Meter "own.volume">
  Listing "linked"
  Value "default(count(attachments[]), 0) + size"
</Meter>
<Meter "own.share">
  Listing "skipped"
  Value "size"
</Meter>
<Meter "own.shares">
  Listing "skipped"
  Of "answer"
  Value "count"
</Meter>
<Meter "own.container">
  Listing "counted"
  Value "bytes"
</Meter>
<Meter "own.containers">
  Listing "counted"
  Of "headers"
  Value "x-account-container-count"
</Meter>
<Meter "own.user">
  Listing "accounts_of_people"
</Meter>
"""
ZONES = {"ACTIVE": 1, "PENDING": 2.5, "SUCCESS": -1}


def rows(meter, records, value, id=lambda r: r["id"]):
    found = {(instance(id(r).encode()), meter, value(r)) for r in records}
    return {(i, m, number(v)) for i, m, v in found if v is not None}


def wanted(sim):
    project = sim.records("/v3/projects", "projects")[0]["id"]
    images = sim.records(IMAGES, "images")
    zones = sim.records("/dns/v2/zones?limit=1000", "zones")
    shares = sim.records("/share/v2/shares/detail?all_tenants=1", "shares")
    owners = collections.Counter(z["project_id"] for z in zones)
    return {
        "own.image": rows("own.image", images, lambda r: max(
            r["min_ram"], 1000) / r["min_disk"] - 1),
        "own.image.bytes": rows("own.image.bytes", images, lambda r: None
                                if r["size"] in (0, 1) else r["size"]),
        "own.zone": rows("own.zone", zones,
                         lambda r: ZONES.get(r["status"])),
        "own.zone.by_project": {(id, "own.zone.by_project", number(n))
                                for id, n in owners.items()},
        "own.volume": rows(
            "own.volume", sim.records(VOLUMES.format(project), "volumes"),
            lambda r: r["size"] + len(r["attachments"]),
            lambda r: r["volume_type_id"] + "@" + r["id"]),
        "own.share": rows("own.share", shares, lambda r: r["size"]),
        "own.shares": {("total", "own.shares", str(len(shares)))},
        "own.container": renamed(sim, "storage.containers.objects.size",
                                 "own.container"),
        "own.containers": renamed(sim, "storage.objects.containers",
                                  "own.containers"),
        "own.user": rows("own.user", sim.records("/v3/users", "users"),
                         lambda r: 1),
    }


def renamed(sim, meter, name):
    return {(i, name, value) for i, _, value in sim.expected(meter)}


REQUESTS = {
    "/image/v2/images": 7,               # 250 by 40
    "/dns/v2/zones": 5,                  # 30 by 7, and how many is known
    "/volume/v3/*/volumes/detail": 7,    # 60 by 9
    "/share/v2/shares/detail": 3,        # 25 by 10, and how many is known
    "/v3/users": 1,
}


def every_way():
    with Sim() as sim:
        with Daemon(LISTINGS, METERS, cloud(
                "prod", sim, Meter="own.*", Interval=2 * PACE,
                MaxRequestRate=0)) as daemon:
            listings = re.findall('<Listing "(.*)">', LISTINGS)
            daemon.wait(lambda: all(daemon.walks(n) for n in listings))
            sim.zero()
            daemon.wait(lambda: all(len(daemon.walks(n)) >= 2
                                    for n in listings))
            paths = sim.stats()["paths"]
            for meter, values in wanted(sim).items():
                is_(daemon.cycles(meter)[:2], [values] * 2,
                    "%s: %d values" % (meter, len(values)))
            is_({w["up"] for n in listings for w in daemon.walks(n)}, {"1"},
                "every walk is up")
            swift = {path: n for path, n in paths.items()
                     if path.startswith("/object-store")}
            is_(len(swift), 22, "each project is asked")
            ok(set(swift.values()) == {1, 2}, "... for its pages", swift)
            is_({re.sub("[0-9a-f]{32}", "*", path): n for path, n in
                 paths.items() if path not in swift}, REQUESTS,
                "the others by as many requests as there are pages")


BESIDE = """
<Meter "volume.attachments">
  Listing "volumes"
  Value "count(attachments[])"
</Meter>
<Meter "volume.state">
  Listing "volumes"
  Value "status"
  State "available" 1
  State "in-use" 2
  SkipState "error"
  OtherState 9
</Meter>
"""


def beside_ours():
    """On a built-in listing an own meter is no further request."""
    states = {"available": 1, "in-use": 2, "creating": 9}
    with Sim("--page", 25) as sim:
        with Daemon(BESIDE, cloud(
                "prod", sim, Interval=2 * PACE, MaxRequestRate=0,
                Meter=["volume.size", "volume.attachments",
                       "volume.state"])) as daemon:
            daemon.wait(lambda: daemon.walks("volumes"))
            sim.zero()
            daemon.wait(lambda: len(daemon.walks("volumes")) >= 2)
            is_(list(sim.stats()["paths"].values()), [3],
                "three meters: the three pages of one listing")
        with Sim() as whole:
            project = whole.records("/v3/projects", "projects")[0]["id"]
            volumes = whole.records(VOLUMES.format(project), "volumes")
        for meter, value in (
                ("volume.size", lambda r: r["size"]),
                ("volume.attachments", lambda r: len(r["attachments"])),
                ("volume.state", lambda r: states.get(r["status"]))):
            is_(daemon.cycles(meter)[:2], [rows(meter, volumes, value)] * 2,
                meter + " is right")
        is_(daemon.lines("unknown state"), [], "a skipped state is known")


def two_paces():
    """A meter with an interval of its own is a walk of its own."""
    with Sim("--images", 20) as sim:
        with Daemon(cloud("prod", sim, block(
                "Meter", "image.size", {"Interval": 2 * PACE}),
                          Interval=4 * PACE)) as daemon:
            fast = "images@%d" % (2 * PACE)
            daemon.wait(lambda: len(daemon.walks("images")) >= 2 and
                        len(daemon.walks(fast)) >= 3)
            walks = len(daemon.walks("images")), len(daemon.walks(fast))
            ok(walks[1] >= walks[0] + 1, "two walks at two paces", walks)
            ok(daemon.wait(lambda: sim.stats()["paths"]["/image/v2/images"] ==
                           len(daemon.walks("images")) +
                           len(daemon.walks(fast)), 4),
               "... each by its own request", sim.stats())
            is_({(v.meter, v.interval) for v in daemon.select(host="prod")
                 if ":" not in v.instance},
                {("image", 4.0 * PACE), ("image.size", 2.0 * PACE)},
                "... and each value says which is its own")
            for meter in ("image", "image.size"):
                is_(daemon.cycles(meter)[0], sim.expected(meter),
                    meter + " is right")


PEOPLE = """
<Listing "people">
  Service "identity"
  Path "/users"
  Record "users[]"
  Paging "none"
  Truncated "truncated"
  ID "id"
</Listing>
<Meter "own.person">
  Listing "people"
</Meter>
<Meter "own.person.total">
  Listing "people"
  Aggregate "count"
</Meter>
"""


def cut_off():
    """A list that the service has cut off gives values, and no total."""
    for limit, totals in ((None, 1), (1, 0)):
        with Sim() as sim:
            people = limit or len(sim.records("/v3/users", "users"))
            sim.fault(*["/v3/users list-limit %d" % limit] if limit else [])
            with Daemon(PEOPLE, cloud("prod", sim, Meter="own.person*",
                                      Interval=2 * PACE)) as daemon:
                daemon.wait(lambda: daemon.walks("people"))
            is_(len(daemon.cycles("own.person")[0]), people,
                "limit %s: a value for each that is listed" % limit)
            is_([float(v.value) for v in daemon.select(
                meter="own.person.total")][:1], [float(people)] * totals,
                "... and %d totals" % totals)
            is_(len(daemon.lines("has cut its list off")), 1 - totals,
                "... which is said" if limit else "... and no word")


CLOUDS = """
clouds:
  %s:
    auth: {auth_url: "http://127.0.0.1:9/v3", username: u, password: p,
           project_name: service}
"""
RGW = """    RadosGWAccessKey "rgw-access"
    RadosGWSecretKey "rgw-secret"
"""


def converted():
    """What is made of Ceilometer's definitions is a configuration."""
    folder = scratch()
    for path in sorted(glob.glob(os.path.join(
            ROOT, "tests", "data", "ceilometer", "*.conf"))):
        with open(path) as file:
            config = file.read()
        if "needs RadosGWAccessKey" in config:  # it says so itself
            config = config.replace("  </Cloud>", RGW + "  </Cloud>")
        name = re.search('<Cloud "(.*)">|$', config).group(1)
        with open(os.path.join(folder, "clouds.yaml"), "w") as file:
            file.write(CLOUDS % name)
        text = Daemon(config=config, environment={
            "OS_CLIENT_CONFIG_FILE": file.name}).run("-T")[1]
        like(text, "[0-9] meters of [0-9]+ listings" if name else
             "there is no <Cloud> block", os.path.basename(path) +
             " is accepted")


every_way()
beside_ours()
two_paces()
cut_off()
converted()
done()
