#!/usr/bin/python3
# by name only: "make check-realcloud-more"
# services: keystone glance swift cinder neutron octavia designate manila
# services: placement nova
"""What "collectd-openstack check" tells of real services to an administrator, to
a reader, and to an application credential with access rules; and that it asks
little: fewer requests than one cycle takes."""
import json
import os
import subprocess
import tempfile
import time
from importlib.machinery import SourceFileLoader

from access import Access
from cloud import AUTH_URL, Client
from daemon import cloud, password
import tap

HERE = os.path.dirname(os.path.abspath(__file__))
rights = SourceFileLoader('rights',
                          os.path.join(HERE, 'rights.t')).load_module()
COMMAND = os.path.join(os.environ['top_builddir'], 'src/collectd-openstack')
LISTINGS = {row.listing for row in rights.DEFAULT}
# Debian packages no FWaaS
ABSENT = {'firewall_groups': 'absent', 'firewall_policies': 'absent'}
# a reader gets no error and no record, and the row names what it lacks
HIDDEN = ('volumes', 'floatingips', 'routers', 'agents', 'shares')
REFUSED = ('volume_services', 'network_quotas', 'zones', 'compute_services',
           'servers', 'loadbalancers', 'hypervisors')


def run(block, *words):
    """(exit status, standard output, seconds)"""
    with tempfile.NamedTemporaryFile('w', suffix='.conf') as conf:
        conf.write('<Plugin openstack>\n%s</Plugin>\n' % block)
        conf.flush()
        begun = time.monotonic()
        done = subprocess.run([COMMAND, '--config', conf.name, *words],
                              stdout=subprocess.PIPE, text=True, check=False)
        return done.returncode, done.stdout, time.monotonic() - begun


def check(name, keys):
    """{listing: its row}, and the number of requests"""
    access = Access()
    status, out, took = run(cloud(name, **keys), 'check', '--json')
    asked = sum(access.counts().values())
    tap.note('%s: %d requests, %.1f s' % (name, asked, took))
    rows = {x['listing']: x for x in json.loads(out)[0]['listings']}
    tap.is_(LISTINGS - set(rows), set(), name + ': a row for each listing')
    return status, rows, asked


def troubles(rows):
    return {x: r['state'] for x, r in rows.items()
            if r['state'] not in ('works', 'empty')}


def administrator():
    keys = password(Meter=rights.NAMES)
    status, rows, asked = check('admin', keys)
    tap.is_((status, troubles(rows)), (0, ABSENT), 'an administrator: all works')
    access = Access()
    run(cloud('admin', **keys), 'values')
    cycle = sum(access.counts().values())
    tap.note('a cycle: %d requests' % cycle)
    tap.ok(asked < cycle, 'it asks less than a cycle does', asked, cycle)


def reader():
    status, rows, _ = check('reader', password('watcher', Meter=rights.NAMES))
    tap.is_(status, 1, 'a reader: something does not work')
    for x in HIDDEN:
        row = rows[x]
        tap.ok(row['state'] == 'empty' and 'role' in json.dumps(row),
               x + ': empty, and a line names the role', row)
    for x in REFUSED:
        row = rows[x]
        tap.ok(row['state'] == 'refused' and 'give the user' in json.dumps(row),
               x + ': refused, and what to give', row)


def credential():
    rights.policies()
    meter = rights.polling_user()
    made = rights.credential(meter, rights.access_rules(meter))
    status, rows, _ = check('rules', dict(
        AuthURL=AUTH_URL, Meter=rights.NAMES, ApplicationCredentialID=made['id'],
        ApplicationCredentialSecret=made['secret']))
    tap.is_((status, troubles(rows)), (0, ABSENT), 'access rules: all works')


def mistaken():
    """what Keystone does not tell of a login that it refuses"""
    for keys, said in (
            (dict(ProjectName='nowhere'), 'the user may use service'),
            (dict(ProjectDomainName='nowhere'), 'the user may use service'),
            (dict(Username='nobody'), 'the password is wrong'),
            (dict(Password='wrong'), 'the password is wrong')):
        status, out, _ = run(cloud('prod', **dict(password(), **keys)), 'check')
        tap.ok(status == 1 and said in out, '%s: %s' % (next(iter(keys)), said), out)


if __name__ == '__main__':
    Client().login()
    administrator()
    reader()
    credential()
    mistaken()
    tap.done()
