#!/usr/bin/python3
"""Endpoints: every spelling of a catalogue, regions, interfaces, absences."""

from harness import *

ONCE = {"Interval": 60}  # the first walk says it all
STYLES = ("prefix", "plain", "version", "slash")


def styles():
    sims = {style: Sim("--images", 60, "--page", 25, "--catalog-style", style)
            for style in STYLES}
    # Behind a proxy: services think that they are somebody else.
    sims["proxy"] = Sim("--images", 60, "--page", 25, "--link-base",
                        "http://internal.invalid:9292")
    with Daemon(*[cloud(n, s, **ONCE) for n, s in sims.items()]) as daemon:
        daemon.wait(lambda: all(daemon.walks(cloud=n) for n in sims))
        for name, sim in sims.items():
            is_(daemon.cycles("image", host=name)[:1], [sim.expected("image")],
                name + ": all images")
            statuses = set(sim.stats()["statuses"])
            is_(statuses, {"200", "201"}, name + ": no request went astray")


def url_forms():
    """AuthURL with and without slash or version."""
    with Sim("--images", 10) as sim:
        root = sim.url[:-len("/v3")]
        forms = {"v3": root + "/v3", "slash": root + "/v3/",
                 "prefix": root + "/identity/v3"}
        clouds = [cloud(n, AuthURL=u, **ONCE) for n, u in forms.items()]
        with Daemon(*clouds) as daemon:
            daemon.wait(lambda: all(daemon.walks(cloud=n) for n in forms))
            for name in forms:
                is_([w["up"] for w in daemon.walks(cloud=name)[:1]], ["1"],
                    "AuthURL as " + forms[name][len(root):])


def regions():
    with Sim("--images", 40, "--regions", "RegionOne,Zwei") as sim:
        one, two = (sim.expected("image", region=r)
                    for r in ("RegionOne", "Zwei"))
        ok(not one & two, "cloudsim's regions differ")
        with Daemon(cloud("all", sim, **ONCE),
                    cloud("second", sim, Region="Zwei", **ONCE),
                    cloud("both", sim, Region=["RegionOne", "Zwei"], **ONCE),
                    cloud("typo", sim, Region=["RegionOne", "Zwo"], **ONCE),
                    cloud("none", sim, Region="Nirgends", **ONCE)) as daemon:
            hosts = (("second", two), ("both.RegionOne", one),
                     ("both.Zwei", two), ("all.RegionOne", one),
                     ("all.Zwei", two), ("typo.RegionOne", one))
            daemon.wait(lambda: daemon.lines("Nirgends")
                        and all(daemon.cycles("image", host=host)
                                for host, _ in hosts))
            for host, wanted in hosts:
                got = daemon.cycles("image", host=host)[:2]
                is_(set().union(*got), wanted, host + ": its region's images")
            daemon.says(r'error.*"typo": the catalogue has no region "Zwo"; it '
                        r'has ', "a region that is not there", 1)
            is_({float(v.value) for v in daemon.select(host="typo.Zwo",
                                                       meter="up")},
                {0.0}, "... is down")
            is_(daemon.select(host="none", meter="image"), [],
                "a region that is not there has no values")
            ok(1 <= len(daemon.lines("Nirgends")) <= 2, "... and a line")


def interfaces():
    with Sim("--images", 10) as sim:
        for name in ("public", "internal", "admin"):
            sim.zero()
            with Daemon(cloud(name, sim, Interface=name,
                              **ONCE)) as daemon:
                daemon.wait(lambda: daemon.walks(cloud=name))
                is_(daemon.cycles("image", host=name)[:1],
                    [sim.expected("image")], name + ": all images")
                paths = [p for p in sim.stats()["paths"] if "image" in p]
                prefix = "" if name == "public" else "/interface/" + name
                is_(paths, [prefix + "/image/v2/images"],
                    name + ": by its endpoint")


def absent():
    """A service that is not there: one notice, no requests, no failure."""
    with Sim("--images", 10, "--without", "image") as sim:
        with Daemon(cloud("prod", sim)) as daemon:
            daemon.wait_line(r"image")
            time.sleep(3)
            lines = daemon.lines(r"prod.*image|image.*prod")
            is_(len(lines), 1, "no Glance: one line")
            is_([l for l in lines if "[error]" in l or "[warning]" in l], [],
                "... that is not a failure")
            is_([p for p in sim.stats()["paths"] if "image" in p], [],
                "... no request")
            ok(sim.stats()["tokens"] <= 1, "... no further token")
    with Sim("--without", "dns") as sim:
        meters = [row for row in rows() if row.service == "dns"]
        with Daemon(cloud("prod", sim, Meter=[row.name for row in meters],
                          Interval=2)) as daemon:
            daemon.wait_line('catalogue has no "dns"')
            time.sleep(5)
            daemon.says('catalogue has no "dns".*; nothing is asked; meters '
                        r"that wait for it: %d \(listings: %d\)" % (
                            len(meters), len({row.listing for row in meters})),
                        "no Designate: one line for all its listings", 1)


styles()
url_forms()
regions()
interfaces()
absent()
done()
