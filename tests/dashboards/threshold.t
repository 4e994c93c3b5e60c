#!/usr/bin/env python3
"""contrib/collectd/threshold.conf in the real collectd: it tells of what is
wrong, and of nothing else."""
import os
import re
import shutil
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(TOP, "tests/integration"))

from harness import PLUGINS, Daemon, Sim, cloud, done, is_, ok

with open(TOP + "/contrib/collectd/threshold.conf") as file:
    CONF = file.read()


def told(daemon):
    """{(type instance, plugin instance)} out of range; what is only late, as on a
    busy machine, is not"""
    return {(meter, instance) for severity, instance, meter, message in re.findall(
        r"severity = (\w+),.*? plugin_instance = (\S+), type = \w+, "
        r"type_instance = (\S+), message = (.*)", daemon.log())
        if severity != "OKAY" and "has not been updated" not in message}


with Sim("--projects", 16, "--images", 4) as sim:
    daemon = Daemon(cloud("prod", sim, Meter="*", Interval=3), extra=CONF)
    shutil.copy(os.path.join(PLUGINS, "threshold.so"), daemon.path("plugins"))
    # Glance fails; volumes are in error from the beginning.
    sim.fault("/image status 500")
    with daemon:
        daemon.wait(lambda: ("up", "prod:images") in told(daemon), 120)
        found = told(daemon)
        ok(("up", "prod:images") in found, "a walk that fails is told")
        is_({meter for meter, instance in found if meter == "up" and
             instance != "prod:images"}, set(), "no other walk is")
        ok(("volume.by_status", "error") in found, "volumes in error are told")
        is_({instance for meter, instance in found if meter ==
             "volume.by_status"}, {"error"}, "no other state is")
        ok({m for m, _ in found} >= {
            "loadbalancer.provisioning", "loadbalancer.amphora.certificate_days",
            "compute.service.down.by_binary", "volume.provider.pool.free_percent"},
           "load balancers, certificates, services and pools are told",
           lambda: sorted({m for m, _ in found}))
done()
