"""3 domains, 20 projects (one disabled, one nested) with a user each; groups,
a user, a domain and an endpoint that are disabled, a second region, limits"""
from cloud import PASSWORD
from ctl import Identity

from populate import DISABLED, DOMAINS, project_names


def fill(client):
    known = Identity(client)
    domains = {d: known.named('domain', d) for d in DOMAINS}
    domains['Default'] = 'default'
    ids = {}
    for i, (name, domain) in enumerate(project_names()):
        body = {'name': name, 'domain_id': domains[domain],
                'enabled': i != DISABLED}
        if name == 'nested-child':
            body['parent_id'] = ids['project-02']
        ids[name] = client.post('identity', '/v3/projects',
                                {'project': body})['project']['id']
        user = client.post('identity', '/v3/users', {'user': {
            'name': 'user-%02d' % i, 'password': PASSWORD,
            'domain_id': domains[domain]}})['user']['id']
        known.grant(user, 'projects/' + ids[name], 'member', 'reader')
    rest(client, known, domains)
    limits(client, known, ids)


def rest(client, known, domains):
    def post(kind, **body):
        return client.post('identity', '/v3/%ss' % kind, {kind: body})[kind]

    for n, domain in enumerate(domains.values()):
        post('group', name='group %d' % n, domain_id=domain)
    post('user', name='gone', domain_id=domains['Default'], enabled=False)
    post('domain', name='abgeschaltet', enabled=False)
    post('region', id='RegionOfNothing')
    post('role', name='a-role-of-one-s-own')
    service = known.named('service', 'nothing', type='nothing')
    post('endpoint', service_id=service, interface='public', enabled=False,
         region_id='RegionOfNothing', url='http://127.0.0.1:1/')


def limits(client, known, ids):
    """defaults of the cloud, and of projects and a domain their own; up to
    2023.1 or so a token shows those of its own project only"""
    ids['service'] = known.named('project', 'service')
    service = known.named('service', 'keystone')
    defaults = [
        {'service_id': service, 'region_id': region, 'default_limit': n,
         'resource_name': name, 'description': 'ü "x"'}
        for name, region, n in (('image_count_total', None, 100),
                                ('class:VCPU', None, 2147483647),
                                ('servers', 'RegionOne', 10),
                                ('snapshot', None, -1))]
    client.post('identity', '/v3/registered_limits',
                {'registered_limits': defaults})
    own = [dict(service_id=service, resource_name=name, resource_limit=n,
                project_id=ids[project])
           for project, name, n in (('project-00', 'image_count_total', 0),
                                    ('project-01', 'image_count_total', 7),
                                    ('project-00', 'class:VCPU', -1),
                                    ('service', 'class:VCPU', -1),
                                    ('service', 'image_count_total', 3))]
    own.append(dict(service_id=service, resource_name='image_count_total',
                    resource_limit=50, domain_id='default'))
    client.post('identity', '/v3/limits', {'limits': own})
