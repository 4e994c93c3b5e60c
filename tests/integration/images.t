#!/usr/bin/python3
"""Images: every one, once, with the right value; one listing for all meters."""

from harness import *

METERS = ("image", "image.size")
EVERY = 4 * PACE


def every_image():
    with Sim("--images", 2500) as sim:
        wanted = sim.expected(*METERS)
        ok(len(wanted) == 2500 + 2250, "cloudsim has images without size")
        with Daemon(cloud("prod", sim, Interval=EVERY)) as daemon:
            daemon.wait(lambda: len(daemon.walks()) >= 1)
            sim.zero()
            daemon.wait(lambda: len(daemon.walks()) >= 3)
            stats = sim.stats()
            for i, got in enumerate(daemon.cycles(*METERS)):
                is_(got, wanted, "walk %d: all images, nothing else" % i)
            is_(daemon.duplicates(*METERS), [], "nothing comes twice")
            is_(stats["paths"], {"/image/v2/images": 6},
                "two walks of 2500 images, two meters: 6 requests, no token")
            identity(daemon)
            report(daemon)
            stops(daemon, "stops within a second")


def identity(daemon):
    values = [v for v in daemon.select(plugin="openstack")
              if v.meter in METERS]
    is_({v.host for v in values}, {"prod"}, "host is the cloud's name")
    is_({(v.meter, v.type) for v in values},
        {("image", "gauge"), ("image.size", "bytes")}, "types are stock ones")
    is_({v.interval for v in values}, {float(EVERY)}, "interval is the cloud's")
    reports = {v.time for v in daemon.select(instance="prod:images")}
    ok(reports <= {v.time for v in values} and len(daemon.walks()) >= 3,
       "all of a walk have one time stamp", reports)


def report(daemon):
    walk = daemon.walks()[1]
    is_(sorted(walk), sorted(["up", "walk", "seen", "sent", "received",
                              "since_success", "skipped", "refused"]),
        "a walk reports on itself")
    is_([walk[name] for name in ("up", "seen", "sent", "skipped", "refused")],
        ["1", "2500", "3", "0", "0"], "... how it went")
    ok(float(walk["received"]) > 2500 * 700, "... how much it read", walk)
    ok(0 < float(walk["walk"]) < 0.8 * EVERY, "... how long it took", walk)
    types = {(v.type, v.meter) for v in daemon.select(instance="prod:images")}
    is_(types, {("bool", "up"), ("duration", "walk"), ("records", "seen"),
                ("requests", "sent"), ("bytes", "received"),
                ("duration", "since_success"), ("count", "skipped"),
                ("count", "refused")},
        "... with stock types")


def edges():
    """No image; a full last page; the server's own page size; all meters."""
    with Sim("--images", 0) as none, Sim("--images", 2000) as full, \
            Sim("--images", 250, "--page", 100) as capped:
        with Daemon(*[cloud(name, sim, Interval=60) for name, sim in
                      (("none", none), ("full", full),
                       ("capped", capped))]) as daemon:
            daemon.wait(lambda: all(daemon.walks(cloud=name) for name in
                                    ("none", "full", "capped")))
            walk = daemon.walks(cloud="none")[0]
            is_((walk["up"], walk["seen"]), ("1", "0"), "no images: is up")
            for name, sim, pages in (("full", full, 3), ("capped", capped, 3)):
                is_(daemon.cycles(*METERS, host=name)[0],
                    sim.expected(*METERS), name + ": all images")
                is_(sim.stats()["paths"]["/image/v2/images"], pages,
                    name + ": %d requests for a walk" % pages)


def reader():
    """Too few rights look like a small cloud: that is said, once."""
    with Sim("--images", 250) as sim:
        with Daemon(cloud("prod", sim, Username="reader", Password="secret",
                          Interval=2 * PACE)) as daemon:
            daemon.wait(lambda: len(daemon.walks()) >= 3)
            got = daemon.cycles("image")[0]
            is_(len(got), 50, "a reader gets the public images")
            ok(got < sim.expected("image"), "... and right ones")
            daemon.says('"prod".*(role|right)',
                        "the missing role is told once", 1)


every_image()
edges()
reader()
done()
