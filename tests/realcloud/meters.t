#!/usr/bin/python3
# services: keystone glance swift cinder neutron octavia designate manila
# services: radosgw
"""Every meter against every service: what collectd writes is what the APIs
list, and costs the requests that it has to."""
import json
import math
import re

from access import Access, said
from cloud import Client
from daemon import ABSENT, LISTINGS, RADOSGW, ROWS, Collectd, cloud, password
import expect
import tap

EVERY = 25
BYTES = {row.name for row in ROWS if row.type == 'bytes'}
# what can be asked with a token of the system: whose catalogue has no endpoint
# with a project in its path
SYSTEM = {
    'images': ('image', '/v2/images'),
    'floatingips': ('network', '/v2.0/floatingips'),
    'vpnservices': ('network', '/v2.0/vpn/vpnservices'),
    'ipsec_site_connections': ('network', '/v2.0/vpn/ipsec-site-connections'),
    'loadbalancers': ('load-balancer', '/v2/lbaas/loadbalancers'),
    'zones': ('dns', '/v2/zones'),
    'recordsets': ('dns', '/v2/recordsets'),
    'shares': ('sharev2', '/v2/shares/detail?all_tenants=1'),
}


def pages(want, meter, size):
    return math.ceil(sum(m == meter for m, _ in want) / size)


def counts_replicas(client, want):
    """Manila's count did so up to 2024.1 or so"""
    return client.get(
        'sharev2', '/v2/shares/detail?all_tenants=1&with_count=True&limit=1',
        headers={'X-OpenStack-Manila-API-Version': '2.42'})['count'] > \
        sum(m == 'manila.share.status' for m, _ in want)


def requests_of_a_cycle(client, want):
    """the page sizes are those that services/*.sh configure; of Neutron each
    listing that expect.py has asked for counts"""
    projects = sum(m == 'storage.objects' for m, _ in want)
    return {
        'keystone': 0,
        'glance': pages(want, 'image', 100),
        'cinder': pages(want, 'volume.size', 20) + 2 +
        pages(want, 'volume.snapshot.size', 20) +
        pages(want, 'volume.backup.size', 20),
        'neutron': sum(max(1, math.ceil(n / 5))
                       for n in expect.LISTED['network'].values()),
        'octavia': pages(want, 'loadbalancer.operating', 5),
        'designate': 3,
        # the replicas of the last share: one more
        'manila': 2 + counts_replicas(client, want),
        'swift': projects + 1,      # one account has 40 containers: two pages
        'radosgw': 2 * projects,
    }


def forms(daemon, host):
    """types and identifiers of all that was written of resources"""
    values = [v for v in daemon.values if not v.id.startswith(host + ':')]
    wrong = {(v.meter, v.type) for v in values if v.type !=
             ('bytes' if v.meter in BYTES else 'gauge')}
    tap.is_(wrong, set(), 'sizes in bytes are of type bytes, all else gauge')
    good = re.compile(r'[A-Za-z0-9._:@-]{1,127}$|'
                      r'[A-Za-z0-9._:@-]{,110}-[0-9a-f]{16}$')
    wrong = [v.id for v in values if not good.match(v.id)]
    tap.is_(wrong, [], 'identifiers have only harmless characters')
    tap.is_({v.interval for v in daemon.values}, {EVERY}, 'the interval')


def all_meters(poller):
    want = expect.everything(poller)
    access = Access()
    with Collectd(cloud('all', **password(Interval=EVERY), **RADOSGW)) as d:
        for listing in LISTINGS:
            tap.ok(d.wait_walks('all', listing, 1, 20), 'walk: ' + listing)
        times = {time for x in LISTINGS for time, _ in d.walks('all', x)[:1]}
        found, twice = d.cycle('all', times)
        for meter in sorted({m for m, _ in want} | {m for m, _ in found}):
            tap.same({k: n for k, n in found.items() if k[0] == meter},
                     {k: n for k, n in want.items() if k[0] == meter}, meter)
        tap.is_(twice, [], 'nothing is written twice')
        forms(d, 'all')
        first = access.counts()
        tap.is_(first['keystone'], 2, 'the first cycle: token and projects')
        access.mark()
        tap.ok(d.wait_all('all', LISTINGS, 2, EVERY + 20), 'a second cycle')
        tap.is_(access.counts(), requests_of_a_cycle(poller, want),
                'its requests are those that it has to take') or tap.note(
                    [said(access.since(s)) for s in access.services])
        complaints(d)
        tap.ok(d.stop() < 2, 'collectd stops at once')


def complaints(daemon):
    tap.is_(daemon.log('error', 'warning'), [], 'nothing fails')
    notices = daemon.log('notice')
    for listing in ABSENT:
        tap.is_(len([x for x in notices if ' %s: ' % listing in x]), 1,
                'one notice that %s are not there' % listing)
    nobody = [x for x in notices if ' name no project' in x]
    tap.is_(len(nobody), 1, 'one that an image has no owner')
    tap.is_(len(notices), len(ABSENT) + 1, 'and no other')
    tap.ok(not any('a-pre-shared-key' in x for x in daemon.log()),
           'no pre-shared key in the log')


def few_rights():
    """a reader sees public images, and either nothing or a refusal else"""
    watcher = Client('watcher', 'service')
    want = expect.images(watcher)
    with Collectd(cloud('few', **password('watcher', Interval=EVERY))) as d:
        tap.ok(d.wait_walks('few', 'images', 1, 20), 'a reader')
        d.wait(lambda: all(any(' %s: ' % x in line for line in d.log())
                           for x in LISTINGS if x not in ('buckets', 'usage')),
               20)
        found = {k: n for k, n in d.cycle('few')[0].items()
                 if k in want or not k[0].endswith('.total')}
        tap.same(found, want, 'a reader gets what its rights show')
        for listing in LISTINGS:
            lines = [x for x in d.log() if ' %s: ' % listing in x]
            if listing in ('buckets', 'usage'):
                tap.is_(lines, [], listing + ': no keys, no words')
            else:
                tap.ok('role' in ''.join(lines) and
                       len(set(lines)) == len(lines),
                       listing + ': a line names the role', *lines)
        tap.is_(d.log('error'), [], 'none of it is an error')


def serves_system(listing):
    """services let it in or refuse it, and Neutron (2023.1) hides some things"""
    status, _, body = Client('poller', None).send(
        'GET', *SYSTEM[listing], headers={'X-Auth-All-Projects': 'true'})
    tap.ok(status in (200, 403), '%s answers a token of the system: %d' % (
        listing, status), body)
    return status == 200 and len(json.loads(body)[listing]) > 0


def system_scope(poller):
    """of what is listed to it all values come, and of all else there is none,
    and a line that tells why"""
    keys = password(Interval=EVERY, SystemScope=True)
    del keys['ProjectName'], keys['ProjectDomainName']
    served = [x for x in SYSTEM if serves_system(x)]
    of = {row.name: row.listing for row in ROWS}
    want = {k: n for k, n in expect.everything(poller).items()
            if of[k[0]] in served}
    with Collectd(cloud('system', **keys)) as d:
        for x in SYSTEM:
            if x in served:
                tap.ok(d.wait_walks('system', x, 1, 20), x + ': works',
                       *d.log())
            else:
                tap.ok(d.wait(lambda x=x: any(
                    ' %s: ' % x in line for line in d.log('notice')), 20),
                    x + ': a notice tells why not', *d.log())
        found = {k: n for k, n in d.cycle('system')[0].items()
                 if of[k[0]] in SYSTEM}
        tap.same(found, want, 'all values of ' + ', '.join(served))


if __name__ == '__main__':
    client = Client('poller', 'service')
    all_meters(client)
    few_rights()
    system_scope(client)
    tap.done()
