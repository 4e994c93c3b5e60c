"""Daemons that share a cloud through etcd, for the tests of this folder.

    d = sharer(1, sim, etcd.urls, Interval=5, Meter=["image.size"])
    walkers([d, ...])   # {(instance, meter): [(own time, arrival, daemon)]}
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "integration"))

from harness import *


def sharer(number, sim, urls, *lines, share=(), **options):
    """A daemon called ctlN; `share` are more lines of its <Share>."""
    block = "\n".join(["<Share>"] + ['  Endpoint "%s"' % u for u in urls] +
                      list(share) + ["</Share>"])
    made = Daemon(cloud("prod", sim, every(options.get("Interval", 10)), block,
                        *lines, **options))
    path = made.path("collectd.conf")
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(text.replace('"testhost"', '"ctl%d"' % number))
    return made


def owned(daemon):
    """All counts of its claims, the first one first."""
    with daemon._lock:
        return [int(float(v.value)) for v in daemon.values
                if v.plugin == "openstack" and v.meter == "owned"]


def told(daemon):
    """What it last said of itself: {"members": 2, "owned": 1, "etcd": 1}."""
    with daemon._lock:
        return {v.meter: int(float(v.value)) for v in daemon.values
                if v.plugin == "openstack" and v.host.startswith("ctl")
                and v.meter in ("members", "owned", "etcd")}


def walkers(daemons, meters):
    """{(instance, meter): [(own time, arrival, daemon)]}, by arrival."""
    found = {}
    for number, d in enumerate(daemons):
        with d._lock:
            values = list(d.values)
        for v in values:
            if v.plugin == "openstack" and v.host == "prod" and v.meter in meters:
                found.setdefault((v.instance, v.meter), []).append(
                    (v.time, v.arrived, number))
    for values in found.values():
        values.sort(key=lambda v: v[1])
    return found
