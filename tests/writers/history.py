"""Some hours in the life of a cloud, in half a minute.

A cloud that grows is polled once in each of its stages, by the real collectd.
These values are then spread over hours: each stage follows on the one before,
and each value comes once in every step, or once in its own interval.
"""

import time

from store import Replay, Sender, bail_out, note, of_cloud, wait
from harness import Sim, cloud

STAGES = tuple(
    ("--images", 12 + 2 * n, "--volumes", 8 + 3 * n, "--servers", 6 + n)
    for n in range(4))


def poll(*options, faults=(), **keys):
    """Values of one poll of all default meters; options: cloudsim's"""
    keys = dict({"Meter": "*", "MaxRequestRate": 0}, **keys)
    text = ""
    for attempt in range(5):
        with Sim(*options) as sim:
            sim.fault(*faults)
            daemon = Sender("", cloud("prod", sim, **keys))
            by_blocks(daemon.path("collectd.conf"))
            status, text = daemon.run("-T", seconds=120)
        if daemon.values and LOST not in text:
            return of_cloud(daemon)
    bail_out("no poll comes to its end: " + text[-2000:])


# What collectd logs when it ends before the writer does.
LOST = "value lists were left"


def by_blocks(path):
    """csv on stdout, which has a buffer, so that it does not lag behind."""
    with open(path) as file:
        text = file.read()
    with open(path, "w") as file:
        file.write(text.replace('DataDir "stderr"', 'DataDir "stdout"'))


def make(hours=3, step=300, stages=STAGES, end=None, **keys):
    """Values of so many hours, up to `end`, now if it is None"""
    return spread([poll(*options, **keys) for options in stages], hours, step, end)


def spread(polls, hours, step=300, end=None):
    """Values of polls, each for its part of the hours. What comes seldom, such as
    quotas, is as old at the end as it can be."""
    end = (time.time() if end is None else end) // step * step
    steps = max(len(polls), int(hours * 3600 / step))

    def comes(v, back):
        every = max(1, int(v.interval // step))
        return back % every == min(every, steps) - 1
    return [v._replace(time=float(end - (steps - 1 - n) * step),
                       interval=max(float(step), v.interval))
            for n in range(steps)
            for v in polls[n * len(polls) // steps] if comes(v, steps - 1 - n)]


def send(store, values):
    """By collectd and the store's writer, as they are."""
    with Replay(store.collectd()) as daemon:
        daemon.put(values)
        wait(lambda: len(daemon.values) >= len(values), 300)
    note("%d values of history sent" % len(values))
