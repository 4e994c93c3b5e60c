#!/usr/bin/python3
# services: keystone glance swift cinder neutron octavia designate manila
# services: radosgw placement nova
"""Every meter against every service: what collectd writes is what the APIs
list, and costs the requests that it has to."""
import json
import re
import time

from access import Access, said
from cloud import Client
from daemon import (ABSENT, LISTINGS, RADOSGW, ROWS, SERVED, Collectd, cloud,
                    password)
import expect
import expect_health
import tap

EVERY, PACE = 40, 100    # PACE: of quotas, a request for each project
QUIET = 4           # seconds without a request: the cycle has ended
NAMES = [row.name for row in ROWS]
ROW = {row.name: row for row in ROWS}
OF = {row.name: row.listing for row in ROWS}
TYPES = {row.name: row.type for row in ROWS}
# what everybody may see, with no word of it
OPEN = ('compute_zones', 'identity_regions', 'identity_registered_limits')
# of what a reader sees what is shared, or its project's own
SHARED = OPEN + ('networks', 'subnets', 'security_groups',
                 'security_group_rules', 'volume_types',
                 'identity_limits') + tuple(
    row.listing for row in ROWS if row.scope == 'project')
KEYS = ('buckets', 'usage')
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


# What services count for their quotas is what our listings add up to.
USES = {
    'compute.quota.instances.used': ['compute.server.by_project'],
    'compute.quota.cores.used': ['compute.server.vcpus.by_project'],
    'compute.quota.ram.used': ['compute.server.memory.by_project'],
    'network.quota.network.used': ['network.network.by_project'],
    'network.quota.subnet.used': ['network.subnet.by_project'],
    'network.quota.port.used': ['network.port.by_project'],
    'network.quota.router.used': ['network.router.by_project'],
    'network.quota.floatingip.used': ['ip.floating.by_project'],
    'network.quota.security_group.used': ['network.security_group.by_project'],
    'volume.quota.volumes.used': ['volume.by_project'],
    'volume.quota.snapshots.used': ['volume.snapshot.by_project'],
    'volume.quota.gigabytes.used': ['volume.size.by_project',
                                    'volume.snapshot.size.by_project'],
}
UNIT = {'compute.quota.ram.used': 2 ** 20}


def quotas_are_sums(found):
    for meter, sums in USES.items():
        used = {id_: float(n) for (m, id_), n in found.items() if m == meter}
        want = {id_: sum(float(found.get((m, id_), 0)) for m in sums) /
                UNIT.get(meter, 1) for id_ in used}
        tap.same(used, want, '%s is %s' % (meter, ' and '.join(sums)))


def taken(found, which):
    """out of what was found: meters whose numbers are others each time"""
    return {key: float(found.pop(key)) for key in list(found)
            if which(key[0])}


def services_answer(found):
    """each service that runs, and no other"""
    words = {m for m in NAMES if ROW[m].of == 'request' and
             ROW[m].service in SERVED}
    tap.is_({m for m, _ in found}, words, 'which services answer')
    tap.is_({id_ for _, id_ in found}, {'total'}, 'one value each')
    tap.is_([x for x in found.items() if x[0][0].endswith('.up') and
             x[1] != 1], [], 'all do')
    tap.is_([x for x in found.items() if not x[0][0].endswith('.up') and
             not 0 < x[1] < EVERY], [], 'and take some time')


def is_quota(meter):
    """or an inventory, or statistics: what goes on at a pace of its own"""
    return '.quota.' in meter or ROW[meter].paced == 'yes'


UNPACED = [x for x in LISTINGS if not any(
    is_quota(row.name) for row in ROWS if row.listing == x)]


def is_time(meter):
    """which is another one each second"""
    return meter.endswith(('.age', '.certificate_days'))


def of_quotas(request):
    """or of statistics, and of the load balancers whose these are"""
    return re.search(r'quota|/limits\?tenant_id|/resource_providers|/stats$|'
                     r'/loadbalancers\?limit=\d+(&marker=[^&]+)?'
                     r'(&fields=(id|project_id|name))+$', request.uri)


def requests_of_a_cycle():
    """as many as it took to list all that there is"""
    return {daemon: expect.REQUESTS[type_]
            for daemon, type_ in expect.TYPES.items()}


def is_question(service, request):
    """whether Placement answers: asked in a cycle in which no inventory is"""
    return service == 'placement' and request.uri == '/'


def of_a_cycle(service, requests):
    """but those for quotas, which go at a pace of their own, and the list of
    projects that the plugin itself needs each ten minutes: it is the request
    of a listing, too"""
    taken_ = [x for x in requests if not of_quotas(x) and
              not is_question(service, x)]
    projects = [x for x in taken_ if x.uri.startswith('/v3/projects?')]
    return [x for x in taken_ if x not in projects] + projects[:1]


def requests_taken(access):
    return {s: len(of_a_cycle(s, access.since(s))) for s in access.services}


def forms(daemon, host):
    """types and identifiers of all that was written of resources"""
    values = [v for v in daemon.values if not v.id.startswith(host + ':')]
    wrong = {(v.meter, v.type) for v in values if v.type != TYPES[v.meter]}
    tap.is_(wrong, set(), 'sizes in bytes are of type bytes, what only rises of '
            'type derive, all else gauge')
    good = re.compile(r'[A-Za-z0-9._:@-]{1,127}$|'
                      r'[A-Za-z0-9._:@-]{,110}-[0-9a-f]{16}$')
    wrong = [v.id for v in values if not good.match(v.id)]
    tap.is_(wrong, [], 'identifiers have only harmless characters')
    tap.is_({v.interval for v in values if not is_quota(v.meter)}, {EVERY},
            'the interval')
    tap.is_({v.interval % PACE for v in values if is_quota(v.meter)}, {0},
            'that of quotas, or several where they do not fit into one')


def all_meters(poller):
    want = {k: n for k, n in expect_health.everything(poller).items()
            if k[0] in NAMES}
    tap.is_({x for x in NAMES if OF[x] in LISTINGS and not
             is_time(x)} - {m for m, _ in want}, set(),
            'there is something of each meter')
    access = Access()
    paced = ('*.quota.*', 'placement.inventory.*', 'loadbalancer.bytes.*',
             'loadbalancer.connections.*', 'loadbalancer.request_errors')
    own = ''.join('  <Meter "%s">\n    Interval %d\n  </Meter>\n' % x for x in [
        ('*', EVERY)] + [(x, PACE) for x in paced]) + '</Cloud>'
    with Collectd(cloud('all', **password(Interval=EVERY, Meter=NAMES),
                        **RADOSGW).replace('</Cloud>', own)) as d:
        for listing in UNPACED:
            tap.ok(d.wait_walks('all', listing, 1, EVERY), 'walk: ' + listing)
        times = {time for x in UNPACED for time, _ in d.walks('all', x)[:1]}
        found, twice = d.cycle('all', times)
        taken(found, lambda m: ROW[m].of == 'request' or is_quota(m))
        taken(found, is_time)
        quotas = {k for k in want if is_quota(k[0])}
        tap.ok(d.wait(lambda: quotas <= set(d.cycle('all')[0]), 2 * PACE),
               'quotas, one after the other')
        whenever = d.cycle('all')[0]
        requested = taken(whenever, lambda m: ROW[m].of == 'request')
        found.update((k, n) for k, n in whenever.items() if is_quota(k[0]))
        for meter in sorted({m for m, _ in want} | {m for m, _ in found}):
            tap.same({k: n for k, n in found.items() if k[0] == meter},
                     {k: n for k, n in want.items() if k[0] == meter}, meter)
        tap.is_(twice, [], 'nothing is written twice')
        services_answer(requested)
        quotas_are_sums(found)
        forms(d, 'all')
        a_cycle(d, access)
        complaints(d)
        tap.ok(d.stop() < 2, 'collectd stops at once')


def between_cycles(daemon, access, walked):
    """Waits until all listings have been walked once more than `walked` says
    and the services have had no request of a cycle for some seconds. Returns
    how often each has been walked, or None."""
    taken_, since = None, 0

    def is_quiet():
        nonlocal taken_, since
        if any(len(daemon.walks('all', x)) <= walked.get(x, 0)
               for x in UNPACED):
            return False
        now = requests_taken(access)
        if now != taken_:
            taken_, since = now, time.monotonic()
        return time.monotonic() - since > QUIET

    if not daemon.wait(is_quiet, 3 * EVERY):
        return None
    return {x: len(daemon.walks('all', x)) for x in UNPACED}


def a_cycle(daemon, access):
    """from the pause before to the pause after it"""
    access.mark()
    before = between_cycles(daemon, access, {})
    access.mark()
    after = before and between_cycles(daemon, access, before)
    tap.is_({after[x] - before[x] for x in UNPACED} if after else None, {1},
            'one more cycle')
    got, want = requests_taken(access), requests_of_a_cycle()
    for s in access.services:
        if got[s] != want[s]:
            tap.note('\n'.join([s + ':'] + said(access.since(s))))
    tap.is_(got, want, 'its requests are those that it has to take')


def complaints(daemon):
    tap.is_(daemon.log('error', 'warning'), [], 'nothing fails')
    notices = [x for x in daemon.log('notice')
               if 'do not fit into an interval' not in x]  # of a slow machine
    services = {row.service for row in ROWS if row.listing in ABSENT} - \
        set(SERVED)
    for service in services:
        tap.is_(len([x for x in notices if
                     'catalogue has no "%s"' % service in x]), 1,
                'one notice that %s is not there' % service)
    others = [x for x in ABSENT if all(
        row.service in SERVED for row in ROWS if row.listing == x)]
    for listing in others:
        tap.is_(len([x for x in notices if ' %s: ' % listing in x]), 1,
                'one notice that %s are not there' % listing)
    nobody = [x for x in notices if ' name no project' in x]
    tap.ok(len(nobody) == 2 and all(x in ''.join(nobody) for x in (
        ' images: ', ' ports: ')), 'one that an image has no owner, and one of '
        'ports of floating IPs', *nobody)
    tap.is_(len(notices), len(services) + len(others) + 2, 'and no other')
    tap.ok(not any('a-pre-shared-key' in x for x in daemon.log()),
           'no pre-shared key in the log')


def few_rights():
    """a reader sees public images and flavors, and either nothing or a refusal
    else"""
    watcher = Client('watcher', 'service')
    want = expect.images(watcher)
    want.update(expect_health.image(watcher))
    expect_health.flavors(watcher, want)
    want = {k: n for k, n in want.items() if k[0] in NAMES}
    names = [x for x in NAMES if OF[x] not in KEYS]
    with Collectd(cloud('few', **password('watcher', Interval=EVERY,
                                          Meter=names))) as d:
        tap.ok(d.wait_walks('few', 'images', 1, 20), 'a reader')
        d.wait(lambda: all(any(' %s: ' % x in line for line in d.log())
                           for x in LISTINGS if x not in OPEN + KEYS), 20)
        found = {k: n for k, n in d.cycle('few')[0].items()
                 if k in want or float(n) and OF[k[0]] not in SHARED and
                 ROW[k[0]].of != 'request' and not is_time(k[0])}
        tap.same(found, want, 'a reader gets what its rights show')
        for listing in LISTINGS:
            lines = [x for x in d.log() if ' %s: ' % listing in x]
            if listing in OPEN + KEYS:
                tap.is_(lines, [], listing + ': not a word')
            else:
                tap.ok(('role' in ''.join(lines) or
                        'identity:list_projects' in ''.join(lines)) and
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
    keys['Meter'] = [x for x in NAMES if OF[x] in SYSTEM]
    want = {k: n for k, n in expect_health.everything(poller).items()
            if OF.get(k[0]) in served}
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
                 if OF[k[0]] in SYSTEM and not is_time(k[0])}
        tap.same(found, want, 'all values of ' + ', '.join(served))


if __name__ == '__main__':
    client = Client('poller', 'service')
    all_meters(client)
    few_rights()
    system_scope(client)
    tap.done()
