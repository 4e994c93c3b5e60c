#!/usr/bin/python3
# services: keystone glance
"""Image meters from a real Keystone and Glance, through collectd.

One collectd, `main`, runs all along, with tokens that live 60 s and a cycle
each 25 s.  It knows the services as 127.0.0.1; whatever runs beside it calls
them localhost, so that the services' access logs tell them apart.
"""
import os
import re
import subprocess
import sys

from cloud import AUTH_URL, PASSWORD, REGION, Client
from access import Access, said
from daemon import Collectd, cloud, password
import expect
import tap

HERE = os.path.dirname(os.path.abspath(__file__))
LOCALHOST = AUTH_URL.replace('127.0.0.1', 'localhost')
EVERY = 25


def service(action, *names, **env):
    """up.sh or down.sh for some of the services"""
    options = ['--no-install', '--no-populate'] if action == 'up' else []
    subprocess.run([os.path.join(HERE, action + '.sh'), *options, *names],
                   env=dict(os.environ, **env), check=True,
                   stderr=subprocess.DEVNULL)


def aside(*args, **keys):
    """the same for a collectd that runs beside the main one"""
    return password(*args, **dict({
        'AuthURL': LOCALHOST, 'Interface': 'internal', 'Interval': EVERY,
        'Meter': expect.IMAGES}, **keys))


def compare(daemon, host, want, name, when=None):
    found, twice = daemon.cycle(host, when)
    tap.same(found, want, name)
    if twice:
        tap.ok(False, name + ': nothing is written twice', *twice[:5])


def first_cycles(main, access, want, pages):
    """the values, their names, and what they cost"""
    tap.ok(main.wait_walks('main', 'images', 1, 30),
           'a walk of the images works', *main.log(), *main.noise) or tap.done()
    tap.is_(said(access.since('keystone')),
            ['POST /v3/auth/tokens -> 201'], 'it asks Keystone for one token')
    tap.is_(len(access.since('glance')), pages,
            'and Glance for %d pages' % pages) or \
        tap.note('\n'.join(said(access.since('glance'))))
    when = main.walks('main', 'images')[0][0]
    compare(main, 'main', want, 'every image and size that Glance lists', when)
    kinds = {(v.type, v.meter, v.interval) for v in main.values
             if not v.id.startswith('main:')}
    tap.is_(kinds, {(type_, meter + of, EVERY)
                    for type_, meter in (('gauge', 'image'),
                                         ('bytes', 'image.size'))
                    for of in ('', '.total', '.by_project')},
            'types, meters and interval')
    about = main.about('main', when, 'images')
    tap.note('the walk about itself: %s' % about)
    access.mark()
    tap.ok(main.wait_walks('main', 'images', 2, EVERY + 10), 'a second cycle')
    tap.is_([len(access.since(s)) for s in ('keystone', 'glance')],
            [0, pages], 'costs the same pages and no token')


def last_cycles(main, access, want):
    """tokens live 60 s; cycles 3 and 4 are at 50 and 75 s"""
    tap.ok(main.wait_walks('main', 'images', 4, 3 * EVERY),
           'cycles 3 and 4', *main.log())
    walks = main.walks('main', 'images')[:4]
    for n, (when, _) in enumerate(walks, 1):
        compare(main, 'main', want, 'cycle %d has every value' % n, when)
    tokens = access.since('keystone', host='127.0.0.1')
    tap.is_(said(tokens), ['POST /v3/auth/tokens -> 201'],
            'one more token, for the one that ended')
    tap.is_([r for r in access.since('glance', host='127.0.0.1')
             if r.status != '200'], [], 'no request was refused meanwhile')
    tap.is_(main.log('error', 'warning'), [], 'nothing to complain about')


def application_credentials(client):
    client.login()
    made = client.post('identity', '/v3/users/%s/application_credentials' %
                       client.user_id, {'application_credential': {
                           'name': 'for "collectd" %d' % os.getpid()}})
    return made['application_credential']


def many_ways_in(poller, want):
    """one cycle of each: other ways to log in, other spellings"""
    credential = application_credentials(poller)
    ways = {
        'application credential by id': {
            'AuthURL': LOCALHOST,
            'ApplicationCredentialID': credential['id'],
            'ApplicationCredentialSecret': credential['secret']},
        'application credential by name': {
            'AuthURL': LOCALHOST,
            'ApplicationCredentialName': credential['name'],
            'Username': 'poller', 'UserDomainID': 'default',
            'ApplicationCredentialSecret': credential['secret']},
        'token': {'AuthURL': LOCALHOST, 'Token': poller.token},
        'ids instead of names': {
            'AuthURL': LOCALHOST, 'UserID': poller.user_id,
            'Password': PASSWORD, 'ProjectID': poller.project_id},
        'region named': aside(Region=REGION),
        'URL with a slash': aside(AuthURL=LOCALHOST + '/'),
        'URL without version': aside(AuthURL=LOCALHOST[:-3]),
    }
    blocks = [cloud('way-%d' % n, **dict(keys, Meter=expect.IMAGES, Interval=60,
                                         Interface='internal'))
              for n, keys in enumerate(ways.values())]
    with Collectd(*blocks) as daemon:
        for n, way in enumerate(ways):
            host = 'way-%d' % n
            daemon.wait_walks(host, 'images', 1, 20)
            compare(daemon, host, want, 'login: ' + way)
        tap.is_(daemon.log('error', 'warning'), [], 'without a complaint')


def few_rights(want_admin):
    """a reader sees what is public, and collectd's log says so"""
    want = expect.images(Client('watcher', 'service'))
    tap.ok(len(want) < len(want_admin), 'Glance lists less to a reader')
    with Collectd(cloud('few', **aside('watcher'))) as d:
        d.wait_walks('few', 'images', 1, 20)
        compare(d, 'few', want, 'a reader gets what its rights show')
        lines = [x for x in d.log() if 'role' in x]
        tap.is_(len(lines), 1, 'and one line says that it may be too little')
        tap.note('\n'.join(lines))


def wrong_password(want):
    """changed while collectd runs; then told to it through its file"""
    admin = Client()
    admin.login()
    secret = os.path.join(os.environ['REALCLOUD_DIR'], 'password')

    def write(text):
        with open(secret, 'w') as f:
            f.write(text + '\n')
        os.chmod(secret, 0o600)

    name = 'fickle-%d' % os.getpid()
    user = admin.post('identity', '/v3/users', {'user': {
        'name': name, 'password': 'one', 'domain_id': 'default'}})['user']
    role = [r['id'] for r in admin.get('identity', '/v3/roles')['roles']
            if r['name'] == 'admin'][0]
    poller = Client('poller', 'service')
    poller.login()
    admin.put('identity', '/v3/projects/%s/users/%s/roles/%s' % (
        poller.project_id, user['id'], role))
    write('one')
    keys = aside(name, Interval=4, PasswordFile=secret)
    del keys['Password']
    with Collectd(cloud('fickle', **keys)) as d:
        tap.ok(d.wait_walks('fickle', 'images', 1, 20), 'password from a file',
               *d.log())
        admin.call('PATCH', 'identity', '/v3/users/' + user['id'],
                   {'user': {'password': 'two'}})
        tap.ok(d.wait_walks('fickle', 'images', 2, 30, good=False),
               'changed in Keystone: walks fail', *d.log())
        lines = d.log('error', 'warning')
        tap.ok(len(lines) == 1 and '401' in lines[0] and 'fickle' in lines[0],
               'one line says why', *lines)
        tap.note('\n'.join(lines))
        before = len([w for w in d.walks('fickle', 'images') if w[1]])
        write('two')
        tap.ok(d.wait_walks('fickle', 'images', before + 1, 60),
               'changed in the file: they work again', *d.log())
        when = d.walks('fickle', 'images')[-1][0]
        compare(d, 'fickle', want, 'with every value', when)
        tap.ok(not any(x in line for line in d.log()
                       for x in ('"one"', '"two"', ' one ', ' two ')),
               'no password in the log', *d.log())


def text(line):
    """of a line in the log, without its time"""
    return line.split('] ', 2)[2]


def split(lines):
    """those about records without an owner, and the rest"""
    nobody = [text(x) for x in lines if ' name no project' in x]
    return nobody, [x for x in map(text, lines) if x not in nobody]


def restart_of_glance(want):
    with Collectd(cloud('re', **aside(Interval=4))) as d:
        tap.ok(d.wait_walks('re', 'images', 1, 20), 'before a stop of Glance')
        service('down', 'glance')
        tap.ok(d.wait_walks('re', 'images', 1, 20, good=False),
               'Glance is stopped: a walk fails')
        service('up', 'glance')
        before = len([w for w in d.walks('re', 'images') if w[1]])
        tap.ok(d.wait_walks('re', 'images', before + 1, 60),
               'Glance is back: it works', *d.log())
        when = d.walks('re', 'images')[-1][0]
        compare(d, 're', want, 'with every value', when)
        bad = [text(x) for x in d.log('error', 'warning')]
        tap.ok(bad and 'images' in bad[0] and len(set(bad)) == len(bad),
               'a failure is logged, and not again for the same reason', *bad)
        nobody, good = split(d.log('notice'))
        tap.is_(len(nobody), 1, 'and so is the image without an owner')
        # It may be reached, and yet fail, while it starts.
        words = r'.*: (image: can be reached|images: works) again.*'
        over = [re.sub(words, r'\1', x) for x in sorted(good)]
        tap.ok(over in (['image: can be reached'], ['images: works'],
                        ['image: can be reached', 'images: works']),
               'recovery is, once', *good)
        tap.note('\n'.join(bad + good))
        tap.ok(d.stop() < 2, 'collectd stops at once')


def main():
    poller = Client('poller', 'service')
    want = expect.images(poller)
    pages = len(expect.listed(poller, 'image', '/v2/images?limit=100', 'images'))
    ids = {id_ for meter, id_ in want if meter == 'image'}
    tap.ok(len(ids) >= 250, 'Glance lists %d images' % len(ids))
    tap.ok(pages > 2, 'in %d pages' % pages)

    service('up', 'keystone', REALCLOUD_TOKEN_LIFE='60')
    try:
        access = Access('keystone', 'glance')
        with Collectd(cloud('main', **password(Interval=EVERY,
                                               Meter=expect.IMAGES))) as first:
            first_cycles(first, access, want, pages)
            access.mark()
            many_ways_in(poller, want)
            few_rights(want)
            wrong_password(want)
            last_cycles(first, access, want)
            tap.ok(first.stop() < 2, 'collectd stops at once', *first.noise)
            tap.is_(first.noise, [], 'and says nothing else')
    finally:    # the tests that follow count logins
        service('up', 'keystone')
    restart_of_glance(want)
    tap.done()


if __name__ == '__main__':
    sys.exit(main())
