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

from harness import PLUGINS, Daemon, Sim, cloud, done, every, is_, ok

with open(TOP + "/contrib/collectd/threshold.conf") as file:
    CONF = file.read()


# What is told of a percentage, and the two meters that it is made of
SHARES = [
    ("own.ip.used_percent", "network.subnet.ip", "used", "capacity", 95),
    ("own.hypervisor.memory.used_percent", "compute.hypervisor.memory", "used", "",
     95),
    ("own.quota.cores.used_percent", "compute.quota.cores", "used", "limit", 90),
    ("own.quota.gigabytes.used_percent", "volume.quota.gigabytes", "used", "limit",
     90)]


def over(daemon, of, used, whole, limit):
    """Resources that use more than so many percent"""
    use, has = ({v.instance: float(v.value) for v in daemon.select(
        meter=".".join(filter(None, (of, word))))} for word in (used, whole))
    return {name for name in use if has.get(name, 0) > 0 and
            100 * use[name] / has[name] > limit}


def told(daemon):
    """{(type instance, plugin instance)} out of range; what is only late, as on a
    busy machine, is not"""
    return {(meter, instance) for severity, instance, meter, message in re.findall(
        r"severity = (\w+),.*? plugin_instance = (\S+), type = \w+, "
        r"type_instance = (\S+), message = (.*)", daemon.log())
        if severity != "OKAY" and "has not been updated" not in message}


with Sim("--projects", 16, "--images", 4) as sim:
    daemon = Daemon(cloud("prod", sim, every(3), Meter="*", Interval=3,
                          MaxRequestRate=0), extra=CONF)
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
        for meter, *share in SHARES:
            daemon.wait(lambda: daemon.select(meter=meter) and over(
                daemon, *share) == {i for m, i in told(daemon) if m == meter}, 60)
            is_({i for m, i in told(daemon) if m == meter}, over(daemon, *share),
                "%s: of %d resources those above %d are told" % (
                    meter, len({v.instance for v in daemon.select(meter=meter)}),
                    share[-1]))
done()
