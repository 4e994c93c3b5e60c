#!/usr/bin/python3
"""Records answers of the cloud that runs, as tests/data/README names them.

    . $REALCLOUD_DIR/settings
    tests/realcloud/record.py 2025.1        # the services' release
    tests/realcloud/record.py zed compute-servers identity-limits ...

Without names, all. Of each listing the first page, cut short by the API's own limit, and the last.
Of an answer without pages all. Bytes stay as they came, but for addresses: a
server is cloud.example (internal.example) at its usual port.
"""
import json
import os
import re
import sys
import urllib.parse

from cloud import DIR, PASSWORD, Client
from expect import get_signed
from populate import projects, uid

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(os.path.dirname(HERE), 'data')
FEW = 2
USUAL = {'identity': 5000, 'image': 9292, 'volumev3': 8776, 'network': 9696,
         'load-balancer': 9876, 'dns': 9001, 'sharev2': 8786,
         'object-store': 8080, 'object-store-rgw': 7480, 'compute': 8774,
         'placement': 8778}
CINDER = '/v3/{project}'
VOLUME = {'OpenStack-API-Version': 'volume 3.63'}
MANILA = {'X-OpenStack-Manila-API-Version': '2.42'}
PLACEMENT = {'OpenStack-API-Version': 'placement 1.14'}
ALL = {'X-Auth-All-Projects': 'true'}


def nova(version):
    return {'OpenStack-API-Version': 'compute ' + version}


# file: (service, path, headers); the list is called like the file's end
BY_MARKER = {
    'identity-domains': ('identity', '/v3/domains', {}),
    'identity-projects': ('identity', '/v3/projects', {}),
    'identity-users': ('identity', '/v3/users', {}),
    'image-images': ('image', '/v2/images', {}),
    'volume-volumes': ('volumev3', CINDER + '/volumes/detail?all_tenants=True',
                       VOLUME),
    'volume-snapshots': ('volumev3', CINDER +
                         '/snapshots/detail?all_tenants=True', VOLUME),
    'volume-backups': ('volumev3', CINDER + '/backups/detail?all_tenants=True',
                       VOLUME),
    'network-floatingips': ('network', '/v2.0/floatingips', {}),
    'network-vpnservices': ('network', '/v2.0/vpn/vpnservices', {}),
    'network-ipsec_site_connections': (
        'network', '/v2.0/vpn/ipsec-site-connections', {}),
    'load_balancer-loadbalancers': ('load-balancer', '/v2/lbaas/loadbalancers',
                                    {}),
    'dns-zones': ('dns', '/v2/zones', ALL),
    'dns-recordsets': ('dns', '/v2/recordsets', ALL),
    'compute-hypervisors': ('compute', '/v2.1/os-hypervisors/detail',
                            nova('2.53')),
    'compute-servers': ('compute', '/v2.1/servers/detail?all_tenants=1',
                        nova('2.69')),
    'compute-flavors': ('compute', '/v2.1/flavors/detail?is_public=None',
                        nova('2.75')),
    'network-ip_availabilities': (
        'network', '/v2.0/network-ip-availabilities', {}),
    'network-networks': ('network', '/v2.0/networks', {}),
    'network-subnets': ('network', '/v2.0/subnets', {}),
    'network-ports': ('network', '/v2.0/ports', {}),
    'network-routers': ('network', '/v2.0/routers', {}),
    'network-security_groups': ('network', '/v2.0/security-groups', {}),
    'load_balancer-listeners': ('load-balancer', '/v2/lbaas/listeners', {}),
    'load_balancer-lb_pools': ('load-balancer', '/v2/lbaas/pools', {}),
    'load_balancer-amphorae': ('load-balancer', '/v2/octavia/amphorae', {}),
    'dns-dns_services': ('dns', '/v2/service_statuses', {}),
}
WHOLE = {
    'volume-pools': ('volumev3', CINDER + '/scheduler-stats/get_pools?'
                     'detail=True', {}),
    'volume-volume_services': ('volumev3', CINDER + '/os-services', {}),
    'volume-volume_quotas': ('volumev3', CINDER +
                             '/os-quota-sets/{second}?usage=True', {}),
    'volume-volume_type_quotas': ('volumev3', CINDER +
                                  '/os-quota-sets/{second}?usage=True', {}),
    'volume-volume_clusters': ('volumev3', CINDER + '/clusters/detail',
                               {'OpenStack-API-Version': 'volume 3.7'}),
    'compute-compute_services': ('compute', '/v2.1/os-services', nova('2.69')),
    'compute-compute_limits': ('compute', '/v2.1/limits?tenant_id={second}',
                               nova('2.57')),
    'compute-compute_zones': ('compute', '/v2.1/os-availability-zone', {}),
    'compute-aggregates': ('compute', '/v2.1/os-aggregates', {}),
    'compute-migrations': ('compute', '/v2.1/os-migrations?status=error',
                           nova('2.59')),
    'placement-providers': ('placement', '/resource_providers',
                            PLACEMENT),
    'placement-inventories': ('placement', '/resource_providers/{host}/'
                              'inventories', PLACEMENT),
    'placement-provider_usages': ('placement', '/resource_providers/{host}/'
                                  'usages', PLACEMENT),
    'network-agents': ('network', '/v2.0/agents', {}),
    'network-network_quotas': ('network', '/v2.0/quotas', {}),
    'identity-identity_limits': ('identity', '/v3/limits', {}),
    'identity-registered_limits': ('identity', '/v3/registered_limits', {}),
    'load_balancer-lb_quotas': ('load-balancer', '/v2/lbaas/quotas', {}),
    'share-share_services': ('sharev2', '/v2/services', MANILA),
    'share-share_pools': ('sharev2', '/v2/scheduler-stats/pools/detail',
                          MANILA),
}
SHARES = 'sharev2', '/v2/shares/detail?all_tenants=1&with_count=True', MANILA
ADMIN = {'radosgw-buckets': '/admin/bucket?format=json&stats=true&uid=',
         'radosgw-usage': '/admin/usage?format=json&show-entries=False&uid='}


def rows(answer):
    """the list that an answer is"""
    return next(x for key, x in answer.items()
                if isinstance(x, list) and not key.endswith('links'))


class Recorder:
    def __init__(self, release):
        self.release = release
        self.client = Client('poller', 'service')
        self.client.login()
        ports = {urllib.parse.urlsplit(self.client.catalog[x]).port: usual
                 for x, usual in USUAL.items() if x in self.client.catalog}
        self.usual = ports
        self.projects = projects(Client())

    def tidy(self, text):
        def server(found):
            return '%s:%d' % (
                {'127.0.0.1': 'cloud.example',
                 'localhost': 'internal.example'}[found[1]],
                self.usual[int(found[2])])
        text = re.sub(r'(127\.0\.0\.1|localhost):(\d+)', server, text)
        assert DIR not in text and PASSWORD not in text, text
        return text

    def write(self, name, body, end='json'):
        path = os.path.join(DATA, '%s.%s' % (name, end))
        with open(path, 'w', encoding='utf-8') as file:
            file.write(self.tidy(body))

    def get(self, service, path, headers, **query):
        """(headers, body)"""
        for word, id_ in (('project', self.client.project_id),
                          ('second', self.projects[1]),
                          ('host', uid('compute', 0))):
            path = path.replace('{%s}' % word, id_)
        if query:
            path += ('&' if '?' in path else '?') + urllib.parse.urlencode(query)
        status, got, body = self.client.send('GET', service, path,
                                             headers=headers)
        assert status == 200, (path, status, body)
        return got, body.decode()

    def name(self, listing, what=''):
        return '%s-%s%s' % (listing, self.release, what)

    def ids(self, listing, ask):
        """of all records, page after page, in the order of the service"""
        ids, marker = [], {}
        while True:
            page = rows(json.loads(self.get(*ask, **marker)[1]))
            new = [id_ for id_ in (x.get('id') or x['network_id']
                                   for x in page) if id_ not in ids]
            if not new:
                return ids
            ids += new
            marker = {'marker': ids[-1]}

    def paged(self, listing, ask):
        ids = self.ids(listing, ask)
        assert len(ids) > FEW, (listing, ids)
        self.write(self.name(listing), self.get(*ask, limit=FEW)[1])
        self.write(self.name(listing, '-last'),
                   self.get(*ask, limit=FEW, marker=ids[-2])[1])

    def shares(self):
        """by offset"""
        count = json.loads(self.get(*SHARES, limit=1)[1])['count']
        self.write(self.name('share-shares'), self.get(*SHARES, limit=FEW)[1])
        self.write(self.name('share-shares', '-last'), self.get(
            *SHARES, limit=FEW, offset=count - 1)[1])

    def accounts(self):
        """the first project has containers with odd names"""
        ask = 'object-store', '/v1/AUTH_%s?format=json' % self.projects[0], {}
        names = [x['name'] for x in json.loads(self.get(*ask)[1])]
        headers, body = self.get(*ask, limit=FEW)
        self.write(self.name('object_store-accounts'), body)
        self.write(self.name('object_store-accounts'), ''.join(
            '%s: %s\n' % (k, v) for k, v in headers.items()
            if k.lower().startswith(('x-account', 'content-type'))), 'headers')
        self.write(self.name('object_store-accounts', '-last'),
                   self.get(*ask, limit=FEW, marker=names[-2])[1])

    def radosgw(self):
        root = self.client.endpoint('object-store-rgw')
        for listing, path in ADMIN.items():
            for id_ in self.projects:
                status, _, body = get_signed(root + path + id_)
                if status == 200 and len(body) > 200:
                    self.write(self.name(listing), body.decode())
                    break


def main(release, *names):
    recorder = Recorder(release)
    for listing, ask in BY_MARKER.items():
        if not names or listing in names:
            recorder.paged(listing, ask)
    for listing, ask in WHOLE.items():
        if not names or listing in names:
            recorder.write(recorder.name(listing), recorder.get(*ask)[1])
    if not names:
        recorder.write(recorder.name('keystone-token'),
                       recorder.client.answer.decode())
        recorder.shares()
        recorder.accounts()
        recorder.radosgw()


if __name__ == '__main__':
    main(*sys.argv[1:])
