#!/usr/bin/python3
"""contrib/access-rules: a catalogue in, access rules out."""
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))

from harness import done, is_  # noqa: E402

SCRIPT = os.path.join(ROOT, 'contrib', 'access-rules')
MINE = '0123456789abcdef0123456789abcdef'


def run(catalog, *options):
    return subprocess.run([SCRIPT, *options], input=json.dumps(catalog),
                          text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)


def entry(type_, *urls):
    return {'Name': 'x', 'Type': type_, 'Endpoints': [
        {'interface': 'public', 'url': url} for url in urls]}


def rules(catalog, *options):
    return {'%s %s %s' % (x['service'], x['method'], x['path'])
            for x in json.loads(run(catalog, *options).stdout)}


is_(rules([entry('image', 'http://h:9292')]), {'image GET /v2/images'},
    'a rule of the path alone')
is_(rules([entry('image', 'http://h/image/v2/', 'http://i/image')]),
    {'image GET /image/v2/images'},
    'two endpoints with one path; a version in it counts once')
found = rules([entry('volumev3', 'http://h:8776/v3/' + MINE)])
is_('volumev3 GET /v3/%s/volumes/detail' % MINE in found, True,
    'another type of the service, and the project of the endpoint')
is_('volumev3 GET /v3/%s/os-quota-sets/{project}' % MINE in found, True,
    'and of each project asked for')
is_('volumev3 GET /v3/%s/types' % MINE in found, False,
    'what comes only by its name is not allowed')
is_('volumev3 GET /v3/%s/types' % MINE in rules(
    [entry('volumev3', 'http://h:8776/v3/' + MINE)], '--all'), True,
    'but with --all')
is_(rules([entry('object-store', 'http://h/v1/KEY_' + MINE)]),
    {'object-store %s /v1/KEY_{project}' % m for m in ('GET', 'HEAD')},
    'accounts, whatever prefix they have')
found = rules([entry('identity', 'http://h/identity')])
is_('identity GET /identity/v3/projects' in found, True,
    'projects, which all meters by project need')
is_('identity GET /identity/v3/users' in found, False, 'but not users')
found = rules([entry('placement', 'http://h/placement')])
is_('placement GET /placement/resource_providers' in found, True,
    'providers, which inventories need')
is_({x.split()[1] for x in rules([entry(x, 'http://h') for x in (
    'compute', 'network', 'dns')], '--all')}, {'GET'}, 'nothing but GET')
none = run([entry('nothing', 'http://h')])
is_((none.stdout, none.returncode), ('', 1), 'nothing of nothing')
done()
