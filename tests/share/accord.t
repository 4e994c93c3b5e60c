#!/usr/bin/env python3
"""Daemons that cannot share a cloud: those of another one with the same name,
and those with another Unit. Whoever comes later stands by, and says so."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from etcd import Cluster
from sharing import *

INTERVAL = 5
METERS = ("image.size", "volume.size", "network.network.mtu")
OTHER = r"cloud \"prod\": ctl1 shares another cloud under this name"
UNIT = r"cloud \"prod\": ctl1 shares it by another Unit"
AGAIN = r"nobody keeps this daemon from sharing it any more"


def other_cloud(etcd):
    with Sim("--seed", "1") as one, Sim("--seed", "2") as two:
        first = sharer(1, one, etcd.urls, Interval=INTERVAL, Meter=list(METERS))
        second = sharer(2, two, etcd.urls, Interval=INTERVAL, Meter=list(METERS))
        with first:
            ok(wait(lambda: told(first).get("owned") == 3, 60),
               "one daemon has all claims of its cloud", str(told(first)))
            is_(owned(first)[0], 3, "and never said that it had none")
            with second:
                ok(second.wait_line(OTHER, 30),
                   "a daemon of another cloud of this name says so",
                   second.log())
                time.sleep(4 * INTERVAL)
                is_(walkers([second], METERS), {}, "and sends no value of it")
                ok(told(second).get("owned") == 0, "nor has it any claim",
                   str(told(second)))
                asked = [p for p in two.stats()["paths"] if "/auth/tokens" not in p]
                is_(asked, [], "nor asks it anything but for a token")
                second.says(OTHER, "once", 1)
                first.stop()
                ok(second.wait_line(AGAIN, 30),
                   "and it knows when the other is gone")
                ok(wait(lambda: walkers([second], METERS), 30),
                   "then it walks")


def other_unit(etcd):
    with Sim() as sim:
        first = sharer(1, sim, etcd.urls, share=['  Unit "cloud"'],
                       Interval=INTERVAL, Meter=list(METERS))
        second = sharer(2, sim, etcd.urls, share=['  Unit "listing"'],
                        Interval=INTERVAL, Meter=list(METERS))
        with first:
            ok(wait(lambda: told(first).get("owned") == 1, 60),
               "with Unit cloud there is one claim", str(told(first)))
            with second:
                ok(second.wait_line(UNIT, 30),
                   "a daemon with another Unit says so", second.log())
                time.sleep(3 * INTERVAL)
                is_(walkers([second], METERS), {}, "and sends no value")
                first.stop()
                ok(wait(lambda: told(second).get("owned") == 3, 60),
                   "when the last with the old one has left, it walks",
                   str(told(second)))
                second.says(UNIT, "it was said once", 1)


with Cluster(1) as etcd:
    other_cloud(etcd)
    other_unit(etcd)
done()
