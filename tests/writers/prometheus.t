#!/usr/bin/env python3
"""Prometheus scrapes write_prometheus, and has what was sent."""
from store import Sender, arrives, equal, lacks, of_cloud, sent_series, walked
from prometheus import Prometheus
from harness import Sim, cloud, done, is_, ok, wait
import history

STALENESS = 150  # as prometheus.conf has it
METERS = ["image*", "volume.size*", "volume.snapshot*"]


def newest(store, daemon, seldom):
    """Each series' last value, of those that come seldom or of all others. What
    was before may have gone between two scrapes."""
    last = {store.series(v): v for v in of_cloud(daemon)
            if (v.interval > STALENESS) == seldom}
    return sent_series(store, last.values())


def with_time(store, daemon):
    def arrived():
        seldom = newest(store, daemon, True)
        return {name: times for name, times in store.arrived().items()
                if name not in seldom}
    arrives(lambda: newest(store, daemon, False), arrived,
            "values of an interval below StalenessDelta, with their times")


def without_time(store, daemon):
    """Again with each scrape, and so without gaps."""
    wrong = []

    def scraped():
        arrived = store.arrived()
        last = {name: max(times.items())[1] for name, times in
                newest(store, daemon, True).items()}
        wrong[:] = [(name, number) for name, number in last.items()
                    if len(arrived.get(name, {})) < 3 or
                    not equal(max(arrived[name].items())[1], number)]
        return last and not wrong
    ok(wait(scraped, 120), "values of longer ones, anew with each scrape",
       wrong[:3])


def alive():
    with Sim() as sim, Prometheus() as store:
        with Sender(store.collectd(), *(
                cloud(name, sim, Meter=METERS, Interval=seconds)
                for name, seconds in (("prod", 60), ("slow", 300)))) as daemon:
            walked(daemon)
            walked(daemon, cloud="slow")
            with_time(store, daemon)
            without_time(store, daemon)
            is_({row["metric"]["instance"] for row in
                 store.query("collectd_openstack_bool")}, {"prod", "slow"},
                "instance is the cloud (honor_labels)")


def past():
    values = history.make(hours=2, Meter="image*")
    store = Prometheus()
    store.start(history=values)
    missing = lacks(sent_series(store, values), store.arrived(span="3h"))
    ok(values and not missing, "a history of %d values is there from the start"
       % len(values), missing[:3])
    store.stop()


alive()
past()
done()
