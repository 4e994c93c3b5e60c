#!/usr/bin/env python3
"""InfluxDB has what was sent, by collectd's protocol and by its own over UDP."""
from store import arrives, live, note, sent_series
from influxdb import InfluxDB
from harness import done

for udp in False, True:
    with InfluxDB(udp) as store:
        values = live(store)
        arrives(lambda: sent_series(store, values), store.arrived,
                "InfluxDB's listener of %s has all values" % (
                    "lines over UDP" if udp else "collectd's protocol"))
done()
