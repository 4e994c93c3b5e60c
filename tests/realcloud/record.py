#!/usr/bin/python3
"""Makes recorded answers for tests/data, as its README names them, of a recording
by "collectd-openstack record" of the cloud that runs.

    . $REALCLOUD_DIR/settings
    export top_builddir=.                   # where the command is built
    tests/realcloud/record.py 2025.1        # the services' release
    tests/realcloud/record.py zed compute-servers network-ports ...

Without names, all listings that have records. So the requests are the plugin's
own. Of a listing with pages the first is cut to two records and the last to one;
of a listing per project or owner the longest answer is taken. Addresses become
cloud.example (internal.example) at the usual port of the service, and this
machine's name is "real".
"""
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import urllib.parse

from cloud import DIR, PASSWORD
from daemon import RADOSGW, ROWS, cloud, password

DATA = os.path.join(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))), 'data')
COMMAND = os.path.join(os.environ['top_builddir'], 'src/collectd-openstack')
FEW = 2
# type in the catalogue: how src/meters calls it, and its usual port
SERVICES = {'identity': ('identity', 5000), 'image': ('image', 9292),
            'block-storage': ('volume', 8776), 'network': ('network', 9696),
            'load-balancer': ('load_balancer', 9876), 'dns': ('dns', 9001),
            'sharev2': ('share', 8786), 'object-store': ('object_store', 8080),
            'object-store-rgw': ('radosgw', 7480), 'compute': ('compute', 8774),
            'placement': ('placement', 8778),
            'orchestration': ('orchestration', 8004),
            'baremetal': ('baremetal', 6385),
            'container-infra': ('container', 9511),
            'database': ('database', 8779)}
ALIASES = {'shared-file-system': 'sharev2',
           'container-infrastructure-management': 'container-infra'}


def make_recording(folder):
    """one cycle of all meters"""
    conf = os.path.join(folder, 'collectd.conf')
    with open(conf, 'w', encoding='utf-8') as file:
        file.write('<Plugin openstack>\n%s</Plugin>\n' % cloud('prod', **password(
            Meter=[row.name for row in ROWS], Metadata='all', **RADOSGW)))
    made = os.path.join(folder, 'recording')
    subprocess.run([COMMAND, 'record', made, '-C', conf], check=False)
    return made


def exchanges(folder):
    with open(os.path.join(folder, 'index.json'), encoding='utf-8') as file:
        for entry in json.load(file)['exchanges']:
            with open(os.path.join(folder, entry['file']),
                      encoding='utf-8') as file:
                yield json.load(file)


def ports_of(login):
    """{service: port}"""
    return {service['type']: urllib.parse.urlsplit(endpoint['url']).port
            for service in login['json']['token']['catalog']
            for endpoint in service['endpoints']
            if service['type'] in SERVICES and endpoint['interface'] == 'public'}


class Listing:
    def __init__(self, row):
        own = row.listing in ('buckets', 'usage')
        self.service = 'object-store-rgw' if own else ALIASES.get(row.service,
                                                                  row.service)
        self.name = row.listing
        path, _, query = row.path.partition('?')
        self.path = re.sub(r'\\\{.*?\\\}', '[^/]*', re.escape(path)) + '$'
        self.query = {x.split('=')[0] for x in query.split('&') if x}
        self.list = row.record.split('[]')[0] if '[]' in row.record else None

    def file(self):
        return '%s-%s' % (SERVICES[self.service][0], self.name)

    def is_answer(self, x, ports):
        url = urllib.parse.urlsplit(x['url'])
        query = urllib.parse.parse_qs(url.query, keep_blank_values=True)
        return (x['method'] == 'GET' and x['status'] == 200 and 'json' in x and
                url.port == ports.get(self.service) and
                re.search(self.path, url.path) and self.query <= set(query))

    def records(self, body):
        """the list of them; None: it is elsewhere"""
        return body if self.list == '' else body.get(self.list) \
            if isinstance(body, dict) and self.list else None

    def cut(self, body, few):
        """`few` records, from the end if it is negative"""
        found = self.records(body)
        if found is not None:
            found[:] = found[:few] if few > 0 else found[few:]


# What a link to the next page changes of the query. Ironic's and Magnum's also
# say how long pages are and how they are sorted, and which fields they have.
PLACE = re.compile('(marker|offset|page)=')
PAGED = re.compile('(marker|offset|page|limit|sort_key|sort_dir)=')


def pages(found):
    """of one project or owner, and of one query: the longest answer"""
    lists = {}
    for x in found:
        path, _, query = x['url'].partition('?')
        words = query.split('&')
        key = path, frozenset(w for w in words if not PAGED.match(w))
        if any(map(PLACE.match, words)):
            key = max((k for k in lists if k[0] == path and k[1] <= key[1]),
                      key=lambda k: len(k[1]))
        lists.setdefault(key, {})[x['url']] = x
    return max((list(x.values()) for x in lists.values()), key=lambda list_: sum(
        len(json.dumps(x['json'])) for x in list_))


class Writer:
    def __init__(self, release, ports):
        self.release = release
        self.usual = {ports[x]: usual for x, (_, usual) in SERVICES.items()
                      if x in ports}

    def tidy(self, text):
        def server(found):
            return '%s:%d' % (
                {'127.0.0.1': 'cloud.example',
                 'localhost': 'internal.example'}[found[1]],
                self.usual.get(int(found[2]), 80))
        text = re.sub(r'(127\.0\.0\.1|localhost):(\d+)', server, text)
        text = text.replace('"%s"' % socket.gethostname(), '"real"')
        assert DIR not in text and PASSWORD not in text, text
        return text

    def write(self, name, text):
        with open(os.path.join(DATA, name), 'w', encoding='utf-8') as file:
            file.write(self.tidy(text))

    def write_body(self, listing, what, x):
        separators = (',', ':') if 'compact' in x else None
        self.write('%s-%s%s.json' % (listing.file(), self.release, what),
                   json.dumps(x['json'], ensure_ascii=False,
                              separators=separators))

    def write_headers(self, listing, x):
        self.write('%s-%s.headers' % (listing.file(), self.release), ''.join(
            line + '\n' for line in x['headers']
            if line.lower().startswith(('x-account', 'content-type'))))

    def listing(self, listing, found):
        of_one = pages(found)
        full = [x for x in of_one if listing.records(x['json']) != []]
        if not full:
            return
        first, last = of_one[0], full[-1]
        path = os.path.join(DATA, '%s-%s-last.json' % (listing.file(),
                                                      self.release))
        if first is not last:
            listing.cut(first['json'], FEW)
            listing.cut(last['json'], -1)
            self.write_body(listing, '-last', last)
        elif os.path.exists(path):
            os.unlink(path)
        self.write_body(listing, '', first)
        if listing.name == 'accounts':
            self.write_headers(listing, first)


def main(release, *names):
    with tempfile.TemporaryDirectory(prefix='recording.', dir=DIR) as folder:
        all_ = list(exchanges(make_recording(folder)))
    login = next(x for x in all_ if x['method'] == 'POST')
    ports = ports_of(login)
    writer = Writer(release, ports)
    listings = {row.listing: Listing(row) for row in ROWS if row.of != 'request'}
    for listing in listings.values():
        if listing.service not in SERVICES or (
                names and listing.file() not in names):
            continue
        found = [x for x in all_ if listing.is_answer(x, ports)]
        if found:
            writer.listing(listing, found)
    if not names:
        writer.write('keystone-token-%s.json' % release,
                     json.dumps(login['json'], ensure_ascii=False))


if __name__ == '__main__':
    main(*sys.argv[1:])
