#!/usr/bin/python3
# by name only: "make check-realcloud-more"
# services: keystone glance cinder neutron placement nova heat ironic magnum
# services: trove
"""Heat, Ironic, Magnum and Trove: what collectd writes is what they list."""
import re

from access import Access, said
from cloud import Client
from daemon import ROWS, Collectd, cloud, password
import expect
import expect_clusters
import tap

EVERY = 40
TYPES = expect_clusters.TYPES
SERVED = ('orchestration', 'baremetal', 'container-infrastructure-management',
          'database')
MINE = [row for row in ROWS if row.service in SERVED]
NAMES = [row.name for row in MINE]
LISTED = [row.name for row in MINE if row.of != 'request']
LISTINGS = list(dict.fromkeys(row.listing for row in MINE
                              if row.of != 'request'))


def all_meters(poller):
    expect.REQUESTS.clear()
    want = expect_clusters.everything(poller)
    tap.is_(set(LISTED) - {m for m, _ in want}, set(),
            'there is something of each meter')
    access = Access(*TYPES)
    with Collectd(cloud('all', **password(Interval=EVERY, Meter=NAMES))) as d:
        for listing in LISTINGS:
            tap.ok(d.wait_walks('all', listing, 1, 2 * EVERY),
                   'walk: ' + listing, *d.log())
        requests(access)
        found, twice = d.cycle('all')
        answer = {k: float(n) for k, n in found.items()
                  if k[0] not in LISTED and k[0].endswith('.up')}
        tap.is_(answer, {(m, 'total'): 1 for m in NAMES
                         if m not in LISTED and m.endswith('.up')},
                'each service answers')
        for meter in LISTED:
            tap.same({k: n for k, n in found.items() if k[0] == meter},
                     {k: n for k, n in want.items() if k[0] == meter}, meter)
        tap.is_(twice, [], 'nothing is written twice')
        tap.is_(d.log('error', 'warning'), [], 'nothing fails')


def requests(access):
    """of one walk of each listing; Trove may log only now what the test itself
    has asked, which is all without a limit"""
    taken = {s: sum(s != 'trove' or 'limit=' in x.uri for x in access.since(s))
             for s in TYPES}
    tap.is_(taken, {s: expect.REQUESTS[t] for s, t in TYPES.items()},
            'its requests are those that it has to take') or tap.note(
                [said(access.since(s)) for s in TYPES])


def few_rights():
    """an administrator lists them all; a reader gets nothing, and is told why"""
    with Collectd(cloud('few', **password('watcher', Interval=EVERY,
                                          Meter=LISTED))) as d:
        d.wait(lambda: all(any(' %s: ' % x in line for line in d.log())
                           for x in LISTINGS), EVERY)
        found = {k: n for k, n in d.cycle('few')[0].items() if float(n) > 0}
        tap.is_(found, {}, 'a reader gets nothing')
        for listing in LISTINGS:
            lines = [x for x in d.log() if ' %s: ' % listing in x]
            tap.ok(lines and len(set(lines)) == len(lines),
                   listing + ': a line tells why', *lines)
        tap.is_([x for x in d.log('error') if not re.search(
            ' database_instances: .* 401 ', x)], [],
            'none of it is an error, but that Trove answers 401, not 403')


if __name__ == '__main__':
    all_meters(Client('poller', 'service'))
    few_rights()
    tap.done()
