#!/usr/bin/env python3
"""Graphite has what was sent, as a tree and with tags."""
from store import arrives, sent_series
from graphite import Graphite, retained
from harness import done, is_, note, ok
import history

METERS = ["image*", "volume.size*", "volume.snapshot*"]



def all_values():
    for tags in False, True:
        with Graphite(tags) as store:
            values = history.make(hours=2, Meter=METERS)
            history.send(store, values)
            arrives(lambda: sent_series(store, values),
                    lambda: store.arrived(**{"from": "-3h"}),
                    "Graphite has all values, %s" % (
                        "with tags" if tags else "in a tree"))


def retentions():
    """What is shown of a value every 300 s that is 25 to 30 hours old"""
    is_(retained("stock"), (0, 60), "Debian's retentions show nothing")
    is_(retained("contrib"), (60, 60), "those of contrib/writers show all")


def creates():
    """Debian's MAX_CREATES_PER_MINUTE makes files for some series only."""
    with Graphite(creates=50) as store:
        values = history.make(hours=1, Meter=METERS)
        history.send(store, values)
        store.ready(store.arrived)
        sent, arrived = sent_series(store, values), store.arrived()
        note("%d of %d series have a file" % (len(arrived), len(sent)))
        ok(len(arrived) < len(sent), "50 creates a minute: not all series")


all_values()
retentions()
creates()
done()
