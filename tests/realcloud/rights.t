#!/usr/bin/python3
# by name only: "make check-realcloud-more"
# services: keystone glance swift cinder neutron octavia designate manila
# services: placement nova
"""An application credential whose access rules contrib/access-rules makes, of a
role that the policies of contrib/rights know: all meters that come by default
work with it, and nothing else does.  (Keystone itself, of 2023.1, keeps to no
access rules: there the role does.)"""
import json
import os
import re
import shutil
import subprocess

from cloud import AUTH_URL, DIR, PASSWORD, Client, Error, request
from ctl import Identity
from daemon import ROWS, Collectd, cloud
import expect
import expect_health
import tap

EVERY, PACE = 40, 100       # PACE: of quotas, a request for each project
PACED = ('*.quota.*', 'placement.inventory.*')
SERVED = ('identity', 'image', 'block-storage', 'network', 'object-store',
          'load-balancer', 'dns', 'shared-file-system', 'compute', 'placement')
TIMES = ('.age', '.certificate_days')
ROLES = ('collectd', 'load-balancer_global_observer')
RIGHTS = os.path.join(os.environ['top_srcdir'], 'contrib/rights')
SCRIPT = os.path.join(os.environ['top_srcdir'], 'contrib/access-rules')
DEFAULT = [row for row in ROWS if row.choice == 'always' and
           row.service in SERVED and row.root == '-' and
           not row.name.endswith(TIMES)]
NAMES = [row.name for row in DEFAULT]


def catalog(client):
    """as "openstack catalog list -f json" prints it"""
    client.login()
    return json.dumps([{'Type': e['type'], 'Endpoints': e['endpoints']}
                       for e in json.loads(client.answer)['token']['catalog']])


def access_rules(client):
    run = subprocess.run([SCRIPT], input=catalog(client), text=True,
                         stdout=subprocess.PIPE, check=True)
    return json.loads(run.stdout)


def credential(client, rules):
    made = client.post('identity', '/v3/users/%s/application_credentials' %
                       client.user_id, {'application_credential': {
                           'name': 'collectd %d' % os.getpid(),
                           'access_rules': rules,
                           'roles': [{'name': x} for x in ROLES]}})
    return made['application_credential']


class Holder(Client):
    """who has that credential, and no password"""

    def __init__(self, made):
        super().__init__()
        self.made = made

    def login(self):
        if self.renew_at:
            return
        self.renew_at = 1
        body = {'auth': {'identity': {
            'methods': ['application_credential'], 'application_credential': {
                'id': self.made['id'], 'secret': self.made['secret']}}}}
        status, headers, answer = request(
            'POST', AUTH_URL + '/auth/tokens',
            {'Content-Type': 'application/json'}, json.dumps(body).encode())
        if status != 201:
            raise Error(answer)
        token = json.loads(answer)['token']
        self.token = headers['X-Subject-Token']
        self.catalog = {e['type']: e['endpoints'][0]['url']
                        for e in token['catalog'] if e['endpoints']}


def default_meters(poller, made):
    want = {k: n for k, n in expect_health.everything(poller).items()
            if k[0] in NAMES}
    own = ''.join('  <Meter "%s">\n    Interval %d\n  </Meter>\n' % (x, PACE)
                  for x in PACED) + '</Cloud>'
    block = cloud('rights', AuthURL=AUTH_URL, Interval=EVERY, Meter=NAMES,
                  ApplicationCredentialID=made['id'],
                  ApplicationCredentialSecret=made['secret'])
    with Collectd(block.replace('</Cloud>', own)) as d:
        d.wait(lambda: set(want) <= set(d.cycle('rights')[0]), 3 * PACE)
        found = d.cycle('rights')[0]
        for meter in sorted({m for m, _ in want}):
            tap.same({k: n for k, n in found.items() if k[0] == meter},
                     {k: n for k, n in want.items() if k[0] == meter}, meter)
        tap.is_(d.log('error', 'warning'), [], 'nothing is refused')


def refused(holder, method, service, path):
    """by whoever looks at the token: the service does not get to see it"""
    status, _, _ = holder.send(method, service, path,
                               data=None if method == 'GET' else b'')
    return status in (401, 403, 405)    # 405: Swift knows no PATCH


def nothing_else(holder, rules):
    ways = ('POST', 'PUT', 'PATCH', 'DELETE')
    for rule in rules:
        path = re.sub(r'{[^}]*}', 'x', rule['path'])
        if rule['service'] not in expect.TYPES.values() or rule[
                'method'] != 'GET' or rule['service'] == 'identity':
            continue
        let = [m for m in ways if not refused(holder, m, rule['service'], path)]
        tap.is_(let, [], 'only GET: %s %s' % (rule['service'], path))
    for service, path in (
            ('image', '/v2/images/x'), ('image', '/v2/metadefs/namespaces'),
            ('image', '/v2/images/x/file'), ('network', '/v2.0/ports'),
            ('network', '/v2.0/rbac-policies'), ('dns', '/v2/tsigkeys'),
            ('compute', '/v2.1/servers/x'), ('compute', '/v2.1/os-keypairs'),
            ('compute', '/v2.1/servers/detail/x'),
            ('load-balancer', '/v2/octavia/amphorae'),
            ('placement', '/allocations/x'), ('sharev2', '/v2/share-servers')):
        tap.ok(refused(holder, 'GET', service, path),
               'not even GET: %s %s' % (service, path))


def keystone_refuses(holder):
    """what the role may not, as it looks at roles alone"""
    for path in ('users', 'roles', 'credentials', 'role_assignments', 'groups',
                 'services', 'domains'):
        status, _, answer = holder.send('GET', 'identity', '/v3/' + path)
        own = status == 200 and not json.loads(answer)[path]
        tap.ok(status == 403 or own, 'Keystone does not show ' + path)
    for path in 'users', 'projects', 'roles', 'domains':
        one = path[:-1]
        tap.is_(holder.send('POST', 'identity', '/v3/' + path,
                            {one: {'name': 'x'}})[0], 403,
                'Keystone makes no ' + one)


def policies():
    """services read them again when they change"""
    for name in os.listdir(RIGHTS):
        folder = os.path.join(DIR, 'etc', name.split('.')[0], 'policy.d')
        os.makedirs(folder, exist_ok=True)
        shutil.copy(os.path.join(RIGHTS, name), folder)


def polling_user():
    """who makes the credential: of these roles, and no administrator"""
    admin = Client()
    admin.login()
    known = Identity(admin)
    user = known.named('user', 'meter', domain_id='default', password=PASSWORD)
    known.grant(user, 'projects/' + known.named('project', 'service'), *ROLES)
    return Client('meter', 'service')


if __name__ == '__main__':
    policies()
    METER = polling_user()
    RULES = access_rules(METER)
    tap.ok(len(RULES) > 25, 'there are rules', *RULES)
    MADE = credential(METER, RULES)
    default_meters(Client('poller', 'service'), MADE)
    HOLDER = Holder(MADE)
    nothing_else(HOLDER, RULES)
    keystone_refuses(HOLDER)
    tap.done()
