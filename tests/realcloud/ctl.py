#!/usr/bin/python3
"""Small chores of the real cloud.

  ctl.py ports                    the first of 48 free ports in a row
  ctl.py register SERVICE=URL...  catalogue entries, service users, roles
  ctl.py get TYPE PATH [USER]     what an API says, for a look by hand
"""
import random
import socket
import sys

# service: (type, name, path of the endpoint), ...
CATALOG = {
    'keystone': [],
    'glance': [('image', 'glance', '')],
    'swift': [('object-store', 'swift', '/v1/AUTH_%(project_id)s')],
    'cinder': [('volumev3', 'cinderv3', '/v3/%(project_id)s'),
               ('block-storage', 'cinder', '/v3')],
    'neutron': [('network', 'neutron', '')],
    'octavia': [('load-balancer', 'octavia', '')],
    'designate': [('dns', 'designate', '')],
    'manila': [('sharev2', 'manilav2', '/v2')],
    'radosgw': [('object-store-rgw', 'radosgw',
                 '/swift/v1/AUTH_%(project_id)s')],
    'placement': [('placement', 'placement', '')],
    'nova': [('compute', 'nova', '/v2.1')],
    'heat': [('orchestration', 'heat', '/v1/%(project_id)s')],
    'ironic': [('baremetal', 'ironic', '')],
    'magnum': [('container-infra', 'magnum', '/v1')],
    'trove': [('database', 'trove', '/v1.0/%(project_id)s')],
}


def free(port):
    with socket.socket() as s:
        try:
            s.bind(('127.0.0.1', port))
        except OSError:
            return False
    return True


def ports():
    """below those that the kernel gives to clients"""
    for _ in range(100):
        first = random.randrange(12000, 32000, 48)
        if all(free(first + n) for n in range(48)):
            return print(first)
    sys.exit('no 48 free ports in a row')


class Identity:
    """what Keystone has by name, and makes if it has not"""

    def __init__(self, client):
        self.client = client

    def named(self, kind, name, **more):
        """the id of the domain, project, user, role or service of that name"""
        plural = kind + 's'
        self.client.login()
        for x in self.client.get('identity', '/v3/' + plural)[plural]:
            if x['name'] == name:
                return x['id']
        body = {kind: dict(more, name=name)}
        return self.client.post('identity', '/v3/' + plural, body)[kind]['id']

    def grant(self, user, target, *roles):
        for role in roles:
            self.client.put('identity', '/v3/%s/users/%s/roles/%s' % (
                target, user, self.named('role', role)))


def register_endpoints(client, known, service, base):
    for type_, name, path in CATALOG[service]:
        service_id = known.named('service', name, type=type_)
        for interface, host in (('public', '127.0.0.1'),
                                ('internal', 'localhost'),
                                ('admin', '127.0.0.1')):
            client.post('identity', '/v3/endpoints', {'endpoint': {
                'service_id': service_id, 'interface': interface,
                'region_id': 'RegionOne',
                'url': base.replace('127.0.0.1', host) + path}})


def register(*services):
    import cloud
    client = cloud.Client()
    known = Identity(client)
    project = 'projects/' + known.named('project', 'service',
                                        domain_id='default')

    def user(name, *roles):
        user_id = known.named('user', name, domain_id='default',
                              password=cloud.PASSWORD)
        known.grant(user_id, project, *roles)
        return user_id

    for arg in services:
        service, base = arg.split('=')
        register_endpoints(client, known, service, base)
        if service != 'keystone':
            user(service, 'admin', 'service')
    # what an operator gives to a poller, and what is too little for one
    poller = user('poller', 'admin', 'service', 'ResellerAdmin')
    known.grant(poller, 'system', 'admin')
    user('watcher', 'reader')
    admin = 'projects/' + known.named('project', 'admin')
    known.grant(known.named('user', 'admin'), admin, 'member', 'ResellerAdmin')


def get(type_, path, user='admin'):
    import cloud
    client = cloud.Client(user, 'admin' if user == 'admin' else 'service')
    status, headers, body = client.send('GET', type_, path)
    print(status, headers, body.decode(), sep='\n')


if __name__ == '__main__':
    globals()[sys.argv[1]](*sys.argv[2:])
