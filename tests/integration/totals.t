#!/usr/bin/python3
"""Counts, sums and extremes by group: right ones, or none."""

from harness import *

VOLUMES = "/volume/v3/{}/volumes/detail?all_tenants=1"
SNAPSHOTS = "/volume/v3/{}/snapshots/detail?all_tenants=1"
IMAGES = "/image/v2/images?limit=1000"
PLENTY = {"Interval": 2 * PACE, "MaxRequestRate": 0}
COUNTS = {"count": len, "sum": sum, "min": min, "max": max}

# Meter, Aggregate, GroupBy; where the records are, the group's field if it has
# another name there, and the field that is the value.
TABLE = (
    ("volume.size", "sum", "status", VOLUMES, "status", "size"),
    ("volume.total", "count", "volume_type", VOLUMES, "volume_type", "id"),
    ("volume.size.total", "max", "project", VOLUMES,
     "os-vol-tenant-attr:tenant_id", "size"),
    ("volume.by_project", "count", "user", VOLUMES, "user_id", "id"),
    ("volume.size.by_project", "min", "attachments[].server_id", VOLUMES,
     lambda r: r["attachments"][0]["server_id"] if r["attachments"] else None,
     "size"),
    ("volume.snapshot.size", "min", None, SNAPSHOTS, lambda r: "total", "size"),
    ("image.size", "sum", "visibility", IMAGES, "visibility", "size"),
    ("image", "count", "owner", IMAGES, "owner", "id"),
)


def grouped(sim, meter, how, path, group, field):
    project = sim.records("/identity/v3/projects", "projects")[0]["id"]
    key = "images" if path == IMAGES else path.split("/")[4]
    groups = {}
    for record in sim.records(path.format(project), key):
        name = group(record) if callable(group) else record[group]
        if name is not None and record[field] is not None:
            groups.setdefault(name, []).append(record[field])
    return {(instance(name.encode()), meter, number(COUNTS[how](found)))
            for name, found in groups.items()}


def groups():
    blocks = [block("Meter", meter, dict(
        {"Aggregate": how}, **{"GroupBy": by} if by else {}))
              for meter, how, by, *_ in TABLE]
    with Sim() as sim:
        with Daemon(cloud("prod", sim, *blocks, Meter=[r[0] for r in TABLE],
                          **PLENTY)) as daemon:
            daemon.wait(lambda: all(len(daemon.walks(name)) >= 2 for name in
                                    ("images", "volumes", "snapshots")))
        for meter, how, by, *where in TABLE:
            wanted = grouped(sim, meter, how, *where)
            is_(daemon.cycles(meter)[:2], [wanted] * 2, "%s: %s by %s: %d" % (
                meter, how, by, len(wanted)))


def partial():
    """Page 2 fails: what was read is reported, but nothing is summed up."""
    names = ["image", "image.total", "image.by_project"]
    with Sim("--images", 30, "--page", 10, "--fault",
             "/image/v2/images status 500 after=1 times=1") as sim:
        with Daemon(cloud("prod", sim, Meter=names)) as daemon:
            daemon.wait(lambda: len(daemon.walks()) >= 2)
            is_([w["up"] for w in daemon.walks()[:2]], ["0", "1"],
                "a page fails, once")
            is_([len(c) for c in daemon.cycles("image")[:2]], [10, 30],
                "... and one page's images come")
            is_(daemon.cycles("image.total")[:1],
                [{("total", "image.total", "30")}],
                "the first total is that of the whole walk")
            times = {v.time for v in daemon.select(meter="image.by_project")}
            ok(min(times) > min(v.time for v in daemon.select(meter="image")),
               "... and so are the groups")


def vanish():
    """Volumes are deleted: their group is 0 once, and then no more."""
    by_status = {"GroupBy": "status"}
    with Sim("--volumes", 8) as sim:
        with Daemon(cloud("prod", sim,
                          block("Meter", "volume.size", dict(
                              by_status, Aggregate="sum")),
                          block("Meter", "volume.size.total", dict(
                              by_status, Aggregate="max")),
                          Meter=["volume.size", "volume.size.total"],
                          MaxRequestRate=0)) as daemon:
            daemon.wait(lambda: len(daemon.walks("volumes")) >= 2)
            sim.own("POST", "count", "volumes 2")
            seen = len(daemon.walks("volumes"))
            daemon.wait(lambda: len(daemon.walks("volumes")) >= seen + 4)
        for group in ("error", "creating"):
            got = sequence(daemon, "volume.size", group)
            ok(got.count("0") == 1 and got[-1] == "0" and len(got) <= seen + 2,
               group + ": a sum is 0, once, and then gone", got)
            got = sequence(daemon, "volume.size.total", group)
            ok(got and "0" not in got and len(got) <= seen + 1,
               group + ": the largest is just gone", got)
        for group in ("available", "in-use"):
            got = sequence(daemon, "volume.size", group)
            ok(len(got) >= seen + 4 and "0" not in got,
               group + ": what is there goes on", got)


def sequence(daemon, meter, group):
    return [number(v.value) for v in daemon.select(meter=meter,
                                                   instance=group)]


def empty():
    with Sim("--volumes", 0) as sim:
        with Daemon(cloud("prod", sim, block(
                "Meter", "volume.size", {"Aggregate": "max"}),
                          Meter=["volume.*", "!volume.provider.*"],
                          **PLENTY)) as daemon:
            daemon.wait(lambda: daemon.walks("volumes"))
            is_(daemon.cycles("volume.total", "volume.by_project",
                              "volume.size", "volume.size.total",
                              "volume.size.by_project")[:1],
                [{("total", "volume.total", "0"),
                  ("total", "volume.size.total", "0")}],
                "no volumes: that is 0, and no largest of none")


def most():
    """MaxSeries: so many values of a meter, and what is beyond is counted."""
    with Sim() as sim:
        with Daemon(cloud("prod", sim,
                          block("Meter", "image.size", {"MaxSeries": 20}),
                          Meter=["image.size", "volume.size", "volume.total",
                                 "volume.by_project"],
                          MaxSeries=10, MaxRequestRate=0)) as daemon:
            daemon.wait(lambda: all(len(daemon.walks(name)) >= 3
                                    for name in ("images", "volumes")))
            for meter, count in (("image.size", 20), ("volume.size", 10),
                                 ("volume.by_project", 10)):
                got = daemon.cycles(meter)
                is_({len(cycle) for cycle in got}, {count},
                    "%s: %d values, not more" % (meter, count))
            ok(daemon.cycles("volume.size")[0] < sim.expected("volume.size"),
               "... right ones")
            is_(daemon.cycles("volume.total")[:1],
                [{("total", "volume.total", "60")}], "a total has counted all")
            owners = len(grouped(sim, "", "count", VOLUMES,
                                 "os-vol-tenant-attr:tenant_id", "id"))
            for listing, refused in (("images", 225 - 20),
                                     ("volumes", 50 + owners - 10)):
                is_({w["refused"] for w in daemon.walks(listing)},
                    {str(refused)}, listing + ": what was refused is counted")
                daemon.says('"prod": %s: %d values are beyond MaxSeries' % (
                    listing, refused), "... and told once", 1)


groups()
partial()
vanish()
empty()
most()
done()
