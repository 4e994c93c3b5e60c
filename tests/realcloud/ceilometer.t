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
import sys

from access import LOGS, Access
from cloud import DIR, Client
from daemon import Collectd, poller_of_all
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
# what Ceilometer 19 has not, or not any more
OURS_ALONE = {
    'image', 'volume.service.health', 'loadbalancer.operating',
    'loadbalancer.provisioning', 'dns.zone.status', 'dns.zone.ttl',
    'dns.zone.serial', 'dns.zone.recordsets', 'manila.share.status',
    'manila.share.size', 'volume.provider.pool.capacity.total',
    'volume.provider.pool.capacity.free',
    'volume.provider.pool.capacity.provisioned',
    'volume.provider.pool.capacity.virtual_free',
    'volume.provider.pool.capacity.allocated',
}


def ceilometer():
    """({(meter, identifier): number}, requests by port, seconds)"""
    run = subprocess.run(
        ['/usr/bin/python3', os.path.join(os.path.dirname(__file__),
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


def ours(access):
    with Collectd(poller_of_all()) as daemon:
        tap.ok(daemon.wait_quiet('all', 90), 'every walk works',
               *daemon.log('error', 'warning', 'notice'))
        found, _ = daemon.cycle('all', daemon.first_times('all'))
        access.mark()
        daemon.wait_walks('all', 'images', 2, 90)
        daemon.wait_quiet('all', 90)
    return found


def compare_meter(meter, mine, theirs):
    mine = {k: v for k, v in mine.items() if k[0] == meter}
    theirs = {k: v for k, v in theirs.items() if k[0] == meter}
    why, explains = DIFFERENCES.get(meter, (None, None))
    explained = [k for k in set(mine) | set(theirs) if why and
                 mine.get(k) != theirs.get(k) and
                 explains(mine.get(k), theirs.get(k))]
    for k in explained:
        mine.pop(k, None), theirs.pop(k, None)
    tap.same(mine, theirs, meter)
    if why:
        tap.ok(explained, '%s: %d differ: %s' % (meter, len(explained), why))


def say_requests(access, client, theirs):
    client.login()
    ports = {'keystone': os.environ['REALCLOUD_PORT']}
    for service, type_ in TYPES.items():
        ports[service] = client.endpoint(type_).rsplit(':', 1)[1]
    counts = access.counts()
    tap.note('requests of a cycle: %-10s ours  Ceilometer' % '')
    for service in LOGS:
        tap.note('%31s %5d  %5d' % (service, counts[service],
                                    theirs.get(ports[service], 0)))
