#!/usr/bin/python3
# services: keystone
"""More projects than a Keystone lists at once: 2025.1 and later answer 1000 of
them, without a link or a mark, to whoever does not ask for pages.

All are asked for their accounts. The object store is a stand-in that counts
them; Keystone is the real one, to which the projects are added by SQL, since by
its API they would take a minute.
"""
import http.server
import os
import sqlite3
import threading

from cloud import DIR, Client
from ctl import Identity
from daemon import Collectd, cloud, password
import tap

MANY = 1501
APART = 3       # of a domain of their own, whose ids come last


class Store(http.server.BaseHTTPRequestHandler):
    """every account has one object"""
    protocol_version = 'HTTP/1.1'
    asked = set()

    def do_HEAD(self):
        self.asked.add(self.path.rsplit('/AUTH_', 1)[1].split('?')[0])
        self.send_response(204)
        for name, value in (('Container-Count', 0), ('Object-Count', 1),
                            ('Bytes-Used', 10)):
            self.send_header('X-Account-' + name, str(value))
        self.end_headers()

    def log_message(self, *_):
        pass


class Projects:
    """those that this test adds, and takes away again"""

    def __init__(self, client):
        self.client = client
        self.db = os.path.join(DIR, 'db', 'keystone.db')

    def listed(self, query=''):
        """ids of all: by pages where Keystone has some"""
        ids, path = set(), '/v3/projects?limit=500' + query
        while path:
            answer = self.client.get('identity', path)
            ids |= {p['id'] for p in answer['projects']}
            link = answer['links'].get('next')
            path = '/v3/projects?' + link.split('?')[1] if link else None
        return ids

    def add(self, n, domain, id_):
        with sqlite3.connect(self.db, timeout=30) as db:
            db.executemany(
                'insert into project (id, name, extra, description, enabled,'
                ' domain_id, parent_id, is_domain)'
                " values (?, ?, '{}', '', 1, ?, ?, 0)",
                [(id_ % i, 'many-' + id_ % i, domain, domain)
                 for i in range(n)])

    def remove(self):
        with sqlite3.connect(self.db, timeout=30) as db:
            db.execute("delete from project where name like 'many-%'")


def walked(daemon, host, want, total):
    Store.asked.clear()
    tap.ok(daemon.wait_walks(host, 'accounts', 1, 90),
           host + ': a walk over all accounts works', *daemon.log())
    tap.ok(Store.asked == want, '%s: %d projects are asked, of %d' % (
        host, len(Store.asked & want), len(want)),
        *sorted(want ^ Store.asked)[:5])
    found, _ = daemon.cycle(host)
    tap.is_(float(found.get(('storage.objects.total', 'total'), 'nan')), total,
            host + ': the total')
    lines = [x for x in daemon.log('error', 'warning', 'notice')
             if 'the token is of one domain' not in x]
    tap.is_(lines, [], host + ': nothing to complain about')


def poll(name, want, store, **keys):
    keys = password(Interval=120, MaxRequestRate=1000, MaxConnections=8,
                    Timeout=60000, Meter='storage.objects*',
                    Endpoint=('object-store', store), **keys)
    with Collectd(cloud(name, **keys)) as daemon:
        walked(daemon, name, want, float(len(want)))


def main():
    client = Client('poller', 'service')
    known = Identity(Client())
    apart = known.named('domain', 'apart')
    known.grant(known.named('user', 'poller'), 'domains/' + apart, 'admin')
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Store)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    store = 'http://127.0.0.1:%d/v1' % server.server_port
    projects = Projects(client)
    try:
        projects.add(APART, apart, 'ffffffffffffffffffffffffffff%04d')
        projects.add(MANY - len(projects.listed()), 'default',
                     '0000000000000000000000000000%04d')
        want = projects.listed()
        tap.is_(len(want), MANY, 'Keystone has %d projects' % MANY)
        poll('many', want, store)
        poll('apart', projects.listed('&domain_id=' + apart), store,
             ProjectName=None, ProjectDomainName=None, DomainName='apart')
    finally:
        projects.remove()
        server.shutdown()
    tap.done()


if __name__ == '__main__':
    main()
