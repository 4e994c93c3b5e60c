#!/usr/bin/env python3
"""A second collectd, Redis, MQTT, HTTP, RabbitMQ and RRD files have what was sent."""
import re
import time

from store import (Sender, arrives, live, of_cloud, note, sent_series, walked)
from others import JSON, RRD, Collectd, Mosquitto, Posts, RabbitMQ, Redis
from harness import Sim, cloud, done, is_, ok

FEW = ["image.total", "volume.total"]


def metadata(store):
    meta = {name: m for name, m in store.meta().items()
            if "/openstack-" in name}
    is_({name for name, m in meta.items() if not {"region", "unit"} <= set(m)},
        set(), "each of %d has its region and its unit as meta data"
        % len(meta))


def all_values():
    for kind in Collectd, Redis, Mosquitto, Posts, RabbitMQ:
        with kind() as store:
            values = live(store)
            arrives(lambda: sent_series(store, values), store.arrived,
                    "%s: all values" % kind.__name__)
            if isinstance(store, JSON):
                metadata(store)


def rrd():
    with RRD() as store:
        newest = {store.series(v): v._replace(time=round(v.time))
                  for v in live(store, Meter=FEW)}
        arrives(lambda: sent_series(store, newest.values()), store.arrived,
                "RRD: the newest value of each file")
        note("%d bytes each" % (store.bytes() / len(store.files())))


def held_back():
    """Without FlushInterval a small cloud's values wait in the buffer."""
    for flush in True, False:
        with Sim() as sim, Posts() as store:
            writer = store.collectd()
            if not flush:
                writer = re.sub("FlushInterval.*", "", writer)
            with Sender(writer, cloud("prod", sim, Meter=FEW,
                                      Interval=300)) as daemon:
                walked(daemon)
                daemon.wait(store.arrived, 60 if flush else 15)
                is_(bool(store.arrived()), flush, "values come before the "
                    "buffer is full: %s FlushInterval" % (
                        "with" if flush else "not without"))
            sent = of_cloud(daemon)
            arrives(lambda: sent_series(store, sent), store.arrived,
                    "... and all by the end")


all_values()
rrd()
held_back()
done()
