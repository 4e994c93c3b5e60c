#!/usr/bin/python3
"""Answers that are none, or not all: what is not known is a gap, and no number.

Each row has a cloud of its own, all in one daemon. All are well at first, so that
there is something that could fall to 0; then each gets its faults. Keystone's
lists are read once in ten minutes: there the faults are early.
"""

from harness import *

SIM = ("--projects", 3, "--images", 25, "--volumes", 25, "--page", 10, "--gzip")
SYSTEM = {"ProjectName": None, "SystemScope": True}
ANYBODY = {"Project": "*"}
NEEDS = "no header that was asked for"
NO_COUNT = 'the answer has no "x-account-container-count"'
NO_TEXT = "page 1: the next link is no text"
HEADS = ["storage.objects", "storage.objects.total"]
BODIES = ["storage.containers.objects", "storage.objects.total"]
VOLUMES = ["volume.size", "volume.total", "volume.size.total"]

OWN = """
<Listing "paged">
  Service "image"
  Path "/v2/images?limit=10"
  Record "images[]"
  Paging "none"
  ID "id"
</Listing>
<Meter "paged.image">
  Listing "paged"
</Meter>
"""

Row = collections.namedtuple("Row", "meters faults line keys early",
                             defaults=({}, False))

# The walk fails: up is 0, and nothing is added up.
FAILS = {
    "page": Row(HEADS, ["/object-store status 200"], NEEDS),
    "page-get": Row(BODIES, ["/object-store status 200"],
                    "project .*: the answer is not valid JSON"),
    "bare": Row(HEADS, ["/object-store status 204"], NEEDS),
    "bare-get": Row(BODIES, ["/object-store status 204"], NO_COUNT),
    "part": Row(HEADS, ["/object-store status 206"], "HTTP 206"),
    "absent": Row(HEADS, ["/object-store status 404"],
                  r"no project of 3 has anything here \(HTTP 404 from .*\): "),
    "denied": Row(HEADS, ["/object-store status 403"],
                  "3 of 3 projects denied, and none has anything"),
    "checksum": Row(["image", "image.total"], ["/image bad-checksum"],
                    "page 1: "),
    "number": Row(["image.total"], ["/image link 7"], NO_TEXT),
    "flag": Row(["volume.total"], ["/volume link true"], NO_TEXT),
    "object": Row(["ip.floating.total"], ["/network link {}"], NO_TEXT),
    "array": Row(["loadbalancer.total"], ["/load-balancer link []"], NO_TEXT),
    "no-query": Row(["dns.zone.total"],
                    ['/dns link "http://127.0.0.1/v2/zones"'],
                    "page 1: the next link has no query"),
    "keystone-link": Row(HEADS, ["/v3/projects max-db-limit 2",
                                 "/v3/projects link 7"],
                         "list of projects: " + NO_TEXT, early=True),
    "hidden": Row(HEADS, ["/v3 list-limit 1"], "list_limit hides", early=True),
}

# The walk works, and what it does not know is missing, or told of.
WORKS = {
    "well": Row(HEADS, [], None),
    "tenant-id": Row(["ip.floating", "ip.floating.by_project"],
                     ["/network rename project_id=gone"], None, ANYBODY),
    "pages": Row(HEADS, ["/v3 max-db-limit 2"], None, early=True),
    "twins": Row(VOLUMES, ["/volume repeat"],
                 "1 records of an id that came before are left out"),
    "nan": Row(VOLUMES, ["/volume field size=NaN"],
               "3 values are not numbers: they and their totals are left out.*"
               "such as volume.size.total: .*NaN"),
    "old": Row(VOLUMES, ["/volume rename size=gone"],
               "no record has the field of the total volume.size.total: "
               "\"size\": no total"),
    "nobodys": Row(["dns.zone.status", "dns.zone.by_project"],
                   ["/dns rename project_id=gone"],
                   "30 records name no project", ANYBODY),
    "unfollowed": Row(["paged.image"], [], "the answer has a next link, which "
                      "is not followed: .*see Paging", early=True),
    "blind": Row(["ip.floating", "ip.floating.total"], ["/network no-records"],
                 "lists nothing to a token without a project: no totals",
                 SYSTEM),
}
ROWS = {**FAILS, **WORKS}
LISTING = {row.name: row.listing for row in rows()}
LISTING["paged.image"] = "paged"

sims = {name: Sim(*SIM) for name in ROWS}
clouds = {name: cloud(name, sims[name], Meter=row.meters, MaxRequestRate=0,
                      Interval=3 * PACE, **row.keys)
          for name, row in ROWS.items()}


def walks(name):
    return daemon.walks(LISTING[ROWS[name].meters[0]], name)


def all_walk(times):
    """Of two that end the second one has begun after all that was before."""
    before = {name: len(walks(name)) for name in ROWS}
    return daemon.wait(lambda: all(len(walks(n)) >= before[n] + times
                                   for n in ROWS), 60)


def last(name):
    """What the last walk has reported, of resources and as totals."""
    at = max(v.time for v in daemon.select(host=name, meter="up"))
    return {(v.instance, v.meter, number(v.value))
            for v in daemon.select(host=name)
            if v.time == at and ":" not in v.instance}


def totals(values):
    return {v for v in values if v[1].endswith((".total", ".by_project"))}


def told(name, level):
    line = ROWS[name].line
    if line is None:
        is_(daemon.lines(r'\[(error|warning)\].*"%s"' % name), [],
            "... nothing to say")
    else:
        daemon.says(r'\[%s\].*"%s": .*%s' % (level, name, line),
                    "... a line tells why")


daemon = Daemon(config="<Plugin openstack>\nWorkers 24\n%s%s\n</Plugin>" % (
                    OWN, "\n".join(clouds.values())))
with daemon:
    for name, row in ROWS.items():
        if row.early:
            sims[name].fault(*row.faults)
    all_walk(2)
    well = {name: last(name) for name in ROWS}
    for name, row in ROWS.items():
        if not row.early:
            ok(totals(well[name]) and all(v[2] != "0" for v in
                                          totals(well[name])),
               name + ": well at first, with totals", well[name])
            sims[name].fault(*row.faults)
    ok(all_walk(2), "walks go on")
    got = {name: last(name) for name in ROWS}
    up = {name: walks(name)[-1]["up"] for name in ROWS}
    for name in FAILS:
        is_(up[name], "0", name + ": up is 0")
        is_(totals(got[name]), set(), "... and there are no totals")
        told(name, "error")
    for name in WORKS:
        is_(up[name], "1", name + ": up is 1")
        told(name, "notice")
    is_([walks(name)[-1]["denied"] for name in ("well", "denied")], ["0", "3"],
        "denied: a value says how many")
    for name in ("well", "tenant-id", "twins"):
        is_(got[name], well[name], name + ": all values stay")
    is_(got["pages"], well["well"], "pages: no project is left out")
    is_(got["nobodys"], set(), "nobodys: pass no filter, and are in no sum")
    is_(got["blind"], set(), "blind: no values, and no total of 0")
    is_({v[1] for v in got["old"]}, {"volume.total"},
        "old: no sizes, and no sum of 0")
    lost = well["nan"] - got["nan"]
    is_(sorted({v[1] for v in lost}), ["volume.size", "volume.size.total"],
        "nan: sizes are missing")
    is_(len([v for v in lost if v[1] == "volume.size"]), 3,
        "... one on each page, and no other")
    is_(got["nan"] - well["nan"], set(), "... with no total that lacks them")

for name in ("well", "absent", "denied", "number"):
    status, text = Daemon(clouds[name]).run("-T")
    ok((status == 0) == (name == "well"), "%s: collectd -T returns %d" % (
        name, status), text)
done()
