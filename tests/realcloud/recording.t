#!/usr/bin/python3
# by name only: "make check-realcloud-more"
# services: keystone glance swift cinder neutron octavia designate manila
# services: placement nova radosgw
"""A recording of all real services, replayed: the same values byte for byte, to
an administrator and to a reader; with --anonymous the same numbers under other
names. No secret in any of them."""
import collections
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.parse

from cloud import DIR, PASSWORD, RGW_ACCESS, RGW_SECRET, Client
from daemon import RADOSGW, ROWS, cloud, password
import tap

COMMAND = os.path.join(os.environ['top_builddir'], 'src/collectd-openstack')
NAMES = [row.name for row in ROWS]
SECRETS = (PASSWORD, RGW_ACCESS, RGW_SECRET, 'gAAAAA')
FOLDER = tempfile.mkdtemp(prefix='recording.', dir=DIR)
# no network and nobody's home
ALONE = {'PATH': os.environ['PATH'], 'HOME': '/nonexistent',
         'http_proxy': 'http://127.0.0.1:1', 'no_proxy': ''}


def command(*words, env=None):
    """(exit status, standard output, standard error, seconds)"""
    begun = time.monotonic()
    done = subprocess.run([COMMAND, *words], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False, env=env)
    return (done.returncode, done.stdout, done.stderr,
            time.monotonic() - begun)


def configuration(name, keys):
    path = os.path.join(FOLDER, name + '.conf')
    with open(path, 'w', encoding='utf-8') as file:
        file.write('<Plugin openstack>\n%s</Plugin>\n' % cloud(name, **keys))
    return path


def text_of(folder):
    found = ''
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding='utf-8') as file:
            found += file.read()
    return found


def record(name, keys, *words):
    """(the folder, its values, all its text)"""
    folder = os.path.join(FOLDER, name)
    status, out, said, took = command(
        'record', folder, '-C', configuration(name, keys), '--putval', *words)
    played = command('replay', folder, '--putval', env=ALONE)
    text = text_of(folder)
    tap.note('%s: %d values, %d exchanges, %.1f MB, %.1f s, replayed in %.1f s' % (
        name, out.count('\n'), len(os.listdir(folder)) - 2, len(text) / 1e6,
        took, played[3]))
    tap.is_([s for s in SECRETS if s in text], [], name + ': no secret')
    return folder, (status, out, said), played[:3], text


def ports(folder):
    with open(os.path.join(folder, 'index.json'), encoding='utf-8') as file:
        return {urllib.parse.urlsplit(x['url']).port
                for x in json.load(file)['exchanges']}


def numbers(text):
    """how often each number of a meter is there, whatever it belongs to"""
    return collections.Counter(
        re.search(r'/([^/"]*)" interval=([0-9.]+) ([0-9.]+):(.*)', line).groups()
        for line in text.splitlines())


def exact(name, keys, *words):
    folder, wanted, got, text = record(name, keys, *words)
    tap.ok(got == wanted, name + ': the same values, words and exit status',
           *[line for a, b in zip(wanted[1:], got[1:])
             for line in sorted(set(a.split('\n')) ^ set(b.split('\n')))[:9]])
    return folder, wanted, text


def names_of(path):
    """what a recording without names must not hold"""
    found = set()
    for value in json.loads(command('values', '-C', path, '--json')[1]):
        meta = value['meta']
        if re.match('[0-9a-f-]{32,36}$', value['plugin_instance']):
            found.add(value['plugin_instance'])
        found.update(meta.get(key, '') for key in (
            'name', 'project_id', 'project_name', 'user_id', 'user_name',
            'domain_name'))
    return {x for x in found if len(x) > 8}


def main():
    client = Client()
    client.login()
    keys = password(Meter=NAMES, Metadata='all', **RADOSGW)
    folder, wanted, text = exact('admin', keys)
    tap.ok(wanted[1].count('\n') > 3000, 'which are many')
    served = {urllib.parse.urlsplit(url).port for url in client.catalog.values()}
    tap.is_(served - ports(folder), set(), 'each service of the catalogue')
    exact('reader', password('watcher', Meter='*'))
    folder, wanted, got, text = record('hidden', keys, '--anonymous')
    tap.is_(got[0], wanted[0], 'hidden: the same exit status')
    tap.ok(numbers(got[1]) == numbers(wanted[1]), 'hidden: the same numbers',
           *sorted((numbers(got[1]) - numbers(wanted[1])).items())[:5],
           *sorted((numbers(wanted[1]) - numbers(got[1])).items())[:5])
    names = names_of(configuration('hidden', keys))
    tap.ok(len(names) > 500, 'there are names', len(names))
    tap.is_(sorted(x for x in names if x in text), [], 'hidden: none of them')
    tap.ok('127.0.0.1' not in text and 'localhost' not in text,
           'nor an address of a service')


if __name__ == '__main__':
    try:
        main()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    tap.done()
