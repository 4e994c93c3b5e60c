#!/usr/bin/python3
"""Each request of the plugin's for memory fails once: see alloc.c.

No crash, no hang, nothing lost without a line that tells why, no wrong value,
whole again at the next reading, and nothing left at the end.
"""

import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "integration"))

from harness import PASSWORD, Sim, block, cloud, done, find, note, ok  # noqa: E402
from harness import plugin, scratch  # noqa: E402

SIM = ("--images", 5, "--page", 3, "--volumes", 2, "--projects", 2,
       "--token-life", 100000000)
RGW = {"RadosGWServiceType": "radosgw", "RadosGWAccessKey": "rgw-access",
       "RadosGWSecretKey": "rgw-secret"}
# One for each way of paging, of asking and of owning.
WALKS = (("images", ["image", "image.by_project"]),
         ("accounts", ["storage.objects", "storage.containers.objects"]),
         ("recordsets", ["dns.zone.recordsets", "dns.zone.recordsets.total"]),
         ("shares", ["manila.share.size.by_project"]),
         ("usage", ["radosgw.api.request"]))
OWN = """
<Listing "mine">
  Service "image"
  Path "/v2/images?limit=1000"
  Record "images[]"
  Paging "link"
  Next "next"
  ID "{owner}/{id}"
  Project "owner"
  MetadataField "checksum"
</Listing>
<Meter "my.size">
  Listing "mine"
  Value "default(size, 0) / 1024 + max(min_disk, 1)"
</Meter>
<Meter "my.state">
  Listing "mine"
  Value "status"
  State "active" 1
  OtherState 0
</Meter>
"""


def attempt(kind, name, config, least, bound=()):
    """least: fewer failures than that, and it tests something else."""
    run = subprocess.run([find("ALLOC", "tests/alloc/alloc"), kind, *bound],
                         input=config, stdout=subprocess.PIPE, text=True,
                         timeout=600, check=False)
    count = re.search(r"^(\d+) failures, 0 wrong$", run.stdout, re.M)
    note(run.stdout)
    ok(run.returncode == 0 and count and int(count[1]) >= least,
       "%s: %s" % (kind, name), "status %d" % run.returncode)


def clouds_yaml(url):
    """A <Cloud> block that takes its login from such a file."""
    path = os.path.join(scratch(), "clouds.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write("x: &a {username: collectd, password: %s}\n"
                   "clouds:\n  prod:\n    region_name: RegionOne\n    auth:\n"
                   "      <<: *a\n      auth_url: %s\n"
                   "      project_name: service\n" % (PASSWORD, url))
    os.chmod(path, 0o600)
    return block("Cloud", "prod", {
        "ConfigFile": path, "OSCloud": "prod", "Interval": 60,
        "Project": ["*", "!x*"], "Meter": ["image*", "my.*"]},
        [block("Meter", "my.size", {"Interval": 120, "Type": "bytes"})])


def main():
    with Sim(*SIM) as sim:
        def config(**keys):
            return plugin(OWN, cloud("prod", sim, Interval=300,
                                     MaxRequestRate=0, **keys))

        attempt("start", "options, own meters and clouds.yaml",
                plugin(OWN, clouds_yaml(sim.url)), 300)
        attempt("login", "images", config(Meter=["image", "image.size.*"]), 100)
        attempt("walk", "all names, own meters", config(
            Meter=["my.*"], Metadata="all", Project="*", Domain="*"), 100)
        for listing, meters in WALKS:
            attempt("walk", listing, config(Meter=meters, **RGW), 20)
    done()


main()
