"""What the plugin has to write, from what the APIs list.

A function for each service gives {(meter, identifier): number as collectd
prints it}.  Written from Ceilometer's meters and the services' API reference,
on urllib; nothing here knows how the plugin does it.
"""
import collections
import hashlib
import hmac
import json
import math
import re
import time
import urllib.parse

from cloud import RGW_ACCESS, RGW_SECRET, request

# the services' types in this cloud's catalogue
TYPES = {'keystone': 'identity', 'glance': 'image', 'swift': 'object-store',
         'cinder': 'volumev3', 'neutron': 'network', 'octavia': 'load-balancer',
         'designate': 'dns', 'manila': 'sharev2',
         'radosgw': 'object-store-rgw', 'placement': 'placement',
         'nova': 'compute'}
# what the central agent of Ceilometer 19 has; all else is ours alone
CENTRAL = {
    'image.size', 'volume.size', 'volume.snapshot.size', 'volume.backup.size',
    'ip.floating', 'network.services.vpn', 'network.services.vpn.connections',
    'storage.objects', 'storage.objects.size', 'storage.objects.containers',
    'storage.containers.objects', 'storage.containers.objects.size',
    'radosgw.objects', 'radosgw.objects.size', 'radosgw.objects.containers',
    'radosgw.containers.objects', 'radosgw.containers.objects.size',
    'radosgw.api.request',
}
LONGEST = 127       # bytes that collectd's fields hold
VERY_LONG = 100     # of a longer name so much is kept, and then a hash

FLOATING = ['inactive', 'active', 'pending_create', 'down', 'created',
            'pending_update', 'pending_delete', 'error']
OPERATING = [None, 'online', 'draining', 'offline', 'degraded', 'error',
             'no_monitor']
PROVISIONING = [None, 'active', 'deleted', 'error', 'pending_create',
                'pending_update', 'pending_delete']
ZONE = [None, 'active', 'pending', 'error', 'deleted']
SHARE = [None, 'available', 'creating', 'deleting', 'error', 'error_deleting',
         'migrating', 'extending', 'shrinking', 'reverting', 'inactive',
         'manage_starting', 'manage_error', 'unmanage_starting',
         'unmanage_error', 'unmanaged', 'extending_error', 'shrinking_error',
         'reverting_error', 'awaiting_transfer', 'backup_creating',
         'backup_restoring', 'backup_restoring_error',
         'creating_from_snapshot', 'shrinking_possible_data_loss_error',
         'migrating_to', 'replication_change']


def cut(identifier):
    """the part of an identifier that does not depend on a hash"""
    if len(identifier) < LONGEST:
        return identifier
    return identifier[:VERY_LONG] + '...'


def identifier(id_):
    """a resource's id as it is in a collectd identifier"""
    mapped = re.sub(rb'[^A-Za-z0-9._:@-]|^\.', b'_', id_.encode())
    return cut(mapped.decode())


def state(known, status):
    status = (status or '').lower()
    return known.index(status) if status in known else -1


class Samples(dict):
    def __init__(self):
        super().__init__()
        self.records = collections.defaultdict(list)

    def add(self, meter, id_, n):
        """n None: the meter has no value"""
        if n is not None:
            key = meter, identifier(id_)
            assert key not in self, key
            self[key] = '%.6f' % n

    def count(self, name, project, size=None):
        """a record of `name`; where it has a size, that is summed up as well"""
        self.records[name].append((project, 1))
        if size is not None:
            self.records[name + '.size'].append((project, float(size)))

    def total(self, *names, by_project=True):
        """what count() and add() had of each of them, and of each project;
        a sum is rounded once, and not by each number that it takes"""
        for name in names:
            rows = self.records[name] if by_project else [
                (None, float(n)) for (m, _), n in self.items() if m == name]
            self.sum(name + '.total', [n for _, n in rows])
            self.groups(name + '.by_project', rows)
        return self

    def groups(self, meter, rows, known=()):
        """a sum for each text that the (text, number) begin with, but none or
        an empty one; of those that are known even where there is no row"""
        found = {text: [] for text in known}
        for text, n in rows:
            if text and n is not None:
                found.setdefault(text, []).append(float(n))
        for text, numbers in found.items():
            self.add(meter, text, math.fsum(numbers))

    def sum(self, meter, numbers):
        self.add(meter, 'total', math.fsum(numbers))

    def sums(self, name, rows):
        """of all, and of each project"""
        self.sum(name + '.total', [n for _, n in rows])
        self.groups(name + '.by_project', rows)

    def count_all(self, name, owners):
        self.sums(name, [(x, 1) for x in owners])


def is_total(meter):
    return meter.endswith(('.total', '.by_project')) and \
        meter != 'volume.provider.pool.capacity.total'


def listed(client, service, path, name, **kw):
    """all pages of a collection; only path and query of a link are used"""
    pages = []
    while path:
        answer = client.get(service, path, **kw)
        pages.append(answer[name])
        links = answer.get(name + '_links') or answer.get('links') or []
        if isinstance(links, dict):
            links = [{'rel': k, 'href': v} for k, v in links.items()]
        links += [{'rel': 'next', 'href': answer.get('next')}]
        path = next((link['href'] for link in links
                     if link['rel'] == 'next' and link['href']), None)
        if path:
            parts = urllib.parse.urlsplit(path)
            path = parts.path + '?' + parts.query
    return pages


# How many requests it takes to list all that the plugin lists, once.
REQUESTS = collections.Counter()


def again(client, service, path, name, **kw):
    """what is listed already, or the plugin has from another listing"""
    return sum(listed(client, service, path, name, **kw), [])


def every(client, service, path, name, **kw):
    pages = listed(client, service, path, name, **kw)
    REQUESTS[service] += len(pages)
    return pages[0] if isinstance(pages[0], dict) else sum(pages, [])


IMAGES = ['image', 'image.size', 'image.total', 'image.by_project',
          'image.size.total', 'image.size.by_project']


def images(client):
    want = Samples()
    for x in every(client, 'image', '/v2/images?limit=100', 'images'):
        want.add('image', x['id'], 1)
        want.add('image.size', x['id'], x['size'])
        want.count('image', x['owner'], x['size'])
    return want.total('image', 'image.size')


def volumes(client):
    want = Samples()
    client.login()
    root = '/v3/' + client.project_id
    for meter, name, owner in (
            ('volume.size', 'volumes', 'os-vol-tenant-attr:tenant_id'),
            ('volume.snapshot.size', 'snapshots',
             'os-extended-snapshot-attributes:project_id'),
            ('volume.backup.size', 'backups',
             'os-backup-project-attr:project_id')):
        for x in every(client, 'volumev3',
                       '%s/%s/detail?all_tenants=1' % (root, name), name,
                       headers={'OpenStack-API-Version': 'volume 3.18'}):
            want.add(meter, x['id'], x['size'])
            want.count(meter[:-5], x[owner], x['size'])
    for x in every(client, 'volumev3', root + '/os-services', 'services'):
        want.add('volume.service.health', x['binary'] + '@' + x['host'],
                 {'up': 1, 'down': 0}.get(x['state']))
    for x in every(client, 'volumev3',
                   root + '/scheduler-stats/get_pools?detail=True', 'pools'):
        pool(want, x['name'], x['capabilities'])
    return want.total('volume', 'volume.size', 'volume.snapshot',
                      'volume.snapshot.size', 'volume.backup',
                      'volume.backup.size')


def numeric(x):
    return x if isinstance(x, (int, float)) else None


def pool(want, id_, x):
    """a capacity may be a word: infinite, unknown"""
    total = numeric(x['total_capacity_gb'])
    provisioned = numeric(x.get('provisioned_capacity_gb'))
    virtual = None
    if total is not None and provisioned is not None:
        reserved = math.floor(x['reserved_percentage'] / 100 * total)
        ratio = float(x['max_over_subscription_ratio']) \
            if x['thin_provisioning_support'] else 1
        virtual = ratio * (total - reserved) - provisioned
    for name, n in (('total', total), ('virtual_free', virtual),
                    ('free', numeric(x['free_capacity_gb'])),
                    ('provisioned', provisioned),
                    ('allocated', numeric(x['allocated_capacity_gb']))):
        want.add('volume.provider.pool.capacity.' + name, id_, n)


def network(client):
    want = Samples()
    for x in every(client, 'network', '/v2.0/floatingips', 'floatingips'):
        want.add('ip.floating', x['id'], state(FLOATING, x['status']))
        want.count('ip.floating', x['project_id'])
    for x in every(client, 'network', '/v2.0/vpn/vpnservices', 'vpnservices'):
        want.add('network.services.vpn', x['id'], state(FLOATING, x['status']))
        want.count('network.services.vpn', x['project_id'])
    for x in every(client, 'network', '/v2.0/vpn/ipsec-site-connections',
                   'ipsec_site_connections'):
        want.add('network.services.vpn.connections', x['id'], 1)
        want.count('network.services.vpn.connections', x['project_id'])
    return want.total('ip.floating', 'network.services.vpn',
                      'network.services.vpn.connections')


def projects(client):
    return [x['id'] for x in
            client.get('identity', '/v3/projects')['projects']]


def object_store(client):
    """one page after the other, until one is empty"""
    want = Samples()
    for id_ in projects(client):
        account = '/v1/AUTH_%s?format=json' % id_
        _, headers, body = client.send('GET', 'object-store', account)
        for meter, header in (('storage.objects', 'Object-Count'),
                              ('storage.objects.size', 'Bytes-Used'),
                              ('storage.objects.containers',
                               'Container-Count')):
            want.add(meter, id_, int(headers['X-Account-' + header]))
        page = json.loads(body)
        REQUESTS['object-store'] += not page
        while page:
            REQUESTS['object-store'] += 1
            for x in page:
                name = id_ + '/' + x['name']
                want.add('storage.containers.objects', name, x['count'])
                want.add('storage.containers.objects.size', name, x['bytes'])
            marker = urllib.parse.quote(page[-1]['name'], safe='')
            page = client.get('object-store', account + '&marker=' + marker)
    return want.total('storage.objects', 'storage.objects.size',
                      'storage.objects.containers', by_project=False)


def load_balancers(client):
    want = Samples()
    for x in every(client, 'load-balancer', '/v2/lbaas/loadbalancers',
                   'loadbalancers'):
        want.add('loadbalancer.operating', x['id'],
                 state(OPERATING, x['operating_status']))
        want.add('loadbalancer.provisioning', x['id'],
                 state(PROVISIONING, x['provisioning_status']))
        want.count('loadbalancer', x['project_id'])
    return want.total('loadbalancer')


def dns(client):
    want = Samples()
    headers = {'X-Auth-All-Projects': 'true'}
    # Whose projects they are is known from the zones.
    every(client, 'dns', '/v2/recordsets?limit=1000', 'recordsets',
          headers=headers)
    for x in every(client, 'dns', '/v2/zones?limit=1000', 'zones',
                   headers=headers):
        want.add('dns.zone.status', x['id'], state(ZONE, x['status']))
        want.add('dns.zone.ttl', x['id'], x['ttl'] or 0)
        want.add('dns.zone.serial', x['id'], x['serial'] or 0)
        sets = again(client, 'dns', '/v2/zones/%s/recordsets' % x['id'],
                     'recordsets', headers=headers)
        want.add('dns.zone.recordsets', x['id'], len(sets))
        want.count('dns.zone', x['project_id'])
        for _ in sets:
            want.count('dns.zone.recordsets', x['project_id'])
    return want.total('dns.zone', 'dns.zone.recordsets')


def shares(client):
    """by offset: Manila's links do not lead on. It counts replicas, so that
    pages overlap where there are some, and up to 2024.1 or so its count does
    so as well: then one request more finds nothing."""
    want, n, seen = Samples(), 0, set()
    count = client.get(
        'sharev2', '/v2/shares/detail?all_tenants=1&with_count=True&limit=1',
        headers={'X-OpenStack-Manila-API-Version': '2.42'})['count']
    while True:
        page = client.get('sharev2', '/v2/shares/detail?all_tenants=1&'
                          'limit=400&offset=%d' % n)['shares']
        if not page:
            REQUESTS['sharev2'] += math.ceil(len(seen) / 1000) + \
                (count > len(seen))
            return want.total('manila.share', 'manila.share.size')
        n += len(page)
        for x in (x for x in page if x['id'] not in seen):
            seen.add(x['id'])
            want.add('manila.share.status', x['id'],
                     state(SHARE, x['status']))
            want.add('manila.share.size', x['id'], x['size'] or 0)
            want.count('manila.share', x['project_id'], x['size'] or 0)


def get_signed(url):
    """(status, headers, body) of a GET with AWS signature version 4"""
    u = urllib.parse.urlsplit(url)
    now = time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())
    scope = now[:8] + '/us-east-1/s3/aws4_request'
    nothing = hashlib.sha256(b'').hexdigest()
    query = '&'.join(sorted(u.query.split('&')))
    canonical = 'GET\n%s\n%s\nhost:%s\nx-amz-date:%s\n\nhost;x-amz-date\n%s' % (
        u.path, query, u.netloc, now, nothing)
    text = 'AWS4-HMAC-SHA256\n%s\n%s\n%s' % (
        now, scope, hashlib.sha256(canonical.encode()).hexdigest())
    key = ('AWS4' + RGW_SECRET).encode()
    for part in scope.split('/') + [text]:
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return request('GET', '%s://%s%s?%s' % (
        u.scheme, u.netloc, u.path, query), {
            'X-Amz-Date': now, 'X-Amz-Content-Sha256': nothing,
            'Authorization': 'AWS4-HMAC-SHA256 Credential=%s/%s, '
            'SignedHeaders=host;x-amz-date, Signature=%s' % (
                RGW_ACCESS, scope, key.hex())})


def signed(url):
    status, _, body = get_signed(url)
    return json.loads(body) if status == 200 else None


def radosgw(client):
    """a project that has never stored anything has no user there"""
    want = Samples()
    client.login()
    admin = client.endpoint('object-store-rgw') + '/admin'
    for id_ in projects(client):
        REQUESTS['object-store-rgw'] += 2
        buckets = signed(admin + '/bucket?stats=true&uid=' + id_)
        if buckets is None:
            continue
        total = [0, 0]
        for x in buckets:
            use = [sum(u[k] for u in x['usage'].values())
                   for k in ('num_objects', 'size_kb')]
            total = [a + b for a, b in zip(total, use)]
            name = id_ + '/' + x['bucket']
            want.add('radosgw.containers.objects', name, use[0])
            want.add('radosgw.containers.objects.size', name, use[1] * 1024)
        want.add('radosgw.objects', id_, total[0])
        want.add('radosgw.objects.size', id_, total[1] * 1024)
        want.add('radosgw.objects.containers', id_, len(buckets))
        usage = signed(admin + '/usage?uid=' + id_)['summary']
        want.add('radosgw.api.request', id_,
                 sum(x['total']['ops'] for x in usage))
    return want.total('radosgw.objects', 'radosgw.objects.size',
                      'radosgw.objects.containers', by_project=False)


SERVICES = {
    'glance': images, 'cinder': volumes, 'neutron': network,
    'swift': object_store, 'octavia': load_balancers, 'designate': dns,
    'manila': shares, 'radosgw': radosgw,
}

