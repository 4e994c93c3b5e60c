#!/usr/bin/python3
# services: keystone glance swift cinder neutron octavia designate manila
# services: radosgw ceilometer
"""The plugin beside Debian's ceilometer-agent-central, on the same cloud.

For every meter that both have: the same resources, the same numbers.  Where
they differ, DIFFERENCES says why.
"""
import collections
import json
import os
import subprocess

from access import Access
from cloud import DIR, IN_ROOT, Client
from daemon import RADOSGW, ROWS, Collectd, cloud, password
import expect
import tap

# meter: (what the reason is, whether it is the reason for this difference);
# ours and theirs are None where one has no sample, "null" is Ceilometer's
DIFFERENCES = {
    'image.size': (
        'an image without data has no size: Ceilometer sends null',
        lambda ours, theirs: ours is None and theirs == 'null'),
    'storage.containers.objects': (
        'Ceilometer reads the first page of an account only',
        lambda ours, theirs: theirs is None),
    'storage.containers.objects.size': (
        'Ceilometer reads the first page of an account only',
        lambda ours, theirs: theirs is None),
}


def ceilometer():
    """({(meter, identifier): number}, requests by port, seconds)"""
    run = subprocess.run(
        IN_ROOT + ['/usr/bin/python3', os.path.join(os.path.dirname(__file__),
                                          'central_agent.py'),
         os.path.join(DIR, 'etc/ceilometer/ceilometer.conf'), '2'],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
    answer = json.loads(run.stdout)
    found = collections.defaultdict(float)
    for s in answer['samples']:
        key = s['counter_name'], expect.identifier(s['resource_id'])
        if s['counter_volume'] is None:
            found[key] = None
        else:   # several for a bucket, one for each of its categories
            found[key] += s['counter_volume']
    samples = {key: 'null' if n is None else '%.6f' % n
               for key, n in found.items()}
    tap.note('ceilometer-agent-central: %.1f s, %.2f s of CPU' % (
        answer['seconds'], answer['cpu_seconds']))
    return samples, answer['requests']


def plugin(access):
    """what it writes in its first cycle; its second one is counted"""
    listings = {row.listing for row in ROWS if row.name in expect.CENTRAL}
    keys = password(Interval=25, Meter=sorted(expect.CENTRAL))
    with Collectd(cloud('all', **keys, **RADOSGW)) as d:
        tap.ok(d.wait_all('all', listings, 1, 20), 'every walk works',
               *d.log('error', 'warning', 'notice'))
        found, _ = d.cycle('all')
        access.mark()
        tap.ok(d.wait_all('all', listings, 2, 45), 'and once more')
        return found, access.counts()


def compare(meter, ours, theirs):
    ours = {k: v for k, v in ours.items() if k[0] == meter}
    theirs = {k: v for k, v in theirs.items() if k[0] == meter}
    differ = {k for k in set(ours) | set(theirs)
              if ours.get(k) != theirs.get(k)}
    why, explains = DIFFERENCES.get(meter, ('', lambda *_: False))
    explained = {k for k in differ if explains(ours.get(k), theirs.get(k))}
    tap.ok(differ <= explained, '%s: %d here, %d there, %d alike' % (
        meter, len(ours), len(theirs),
        len(set(ours) & set(theirs) - differ)),
        *('%s: here %s, there %s' % (k, ours.get(k), theirs.get(k))
          for k in sorted(differ - explained)[:8]))
    if why:
        tap.ok(explained, '%s: %d differ, for: %s' % (
            meter, len(explained), why))


def say_requests(client, ours, theirs):
    client.login()
    tap.note('requests of a cycle: here, there')
    for service in ours:
        port = os.environ['REALCLOUD_PORT'] if service == 'keystone' else \
            client.endpoint(expect.TYPES[service]).rsplit(':', 1)[1]
        tap.note('  %-10s %5d %5d' % (service, ours[service],
                                      theirs.get(port, 0)))
    tap.ok(sum(ours.values()) < sum(theirs.values()),
           'in all: %d here, %d there' % (sum(ours.values()),
                                          sum(theirs.values())))


def main():
    client = Client('poller', 'service')
    theirs, their_requests = ceilometer()
    ours, our_requests = plugin(Access())
    meters = {m for m, _ in ours if not expect.is_total(m)}, \
        {m for m, _ in theirs}
    tap.is_(meters[1], expect.CENTRAL, 'what Ceilometer has')
    tap.is_(meters[1] - meters[0], set(), 'and all of it is here')
    for meter in sorted(meters[0] & meters[1]):
        compare(meter, ours, theirs)
    say_requests(client, our_requests, their_requests)
    tap.done()


if __name__ == '__main__':
    main()
