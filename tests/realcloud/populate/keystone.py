"""3 domains, 20 projects (one disabled, one nested) with a user each"""
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
