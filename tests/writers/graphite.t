#!/usr/bin/env python3
"""Graphite has what was sent, as a tree and with tags."""
import os
import threading
import urllib.error

from store import arrives, sent_series
from graphite import Graphite, retained, whisper_file
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


def half_made():
    """carbon opens a file before it writes its header, and then its archives;
    graphite-web answers 500 to whoever asks in between."""
    with Graphite() as store:
        for name, size in ("empty", 0), ("header", 40):
            path = store.path("whisper/%s.wsp" % name)
            whole = whisper_file(path)
            os.truncate(path, size)
            is_(refusal(store, name), 500,
                name + ": a file that is half made fails a request")
            later = threading.Timer(1, rewrite, (path, whole))
            later.start()
            is_([row["target"] for row in store.render(name)], [name],
                name + ": asked again until it is made")
            later.join()


def refusal(store, target):
    """The status of a render that is not answered"""
    try:
        store.get("/render", target=target, format="json")
    except urllib.error.HTTPError as error:
        return error.code
    return None


def rewrite(path, content):
    with open(path, "wb") as file:
        file.write(content)


all_values()
retentions()
creates()
half_made()
done()
