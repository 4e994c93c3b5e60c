"""Fills the real cloud with the same things at each run, one module for each
service:  python3 -m populate SERVICE

Through the APIs where they can do it.  What an API cannot make without an
agent or a storage behind it (statuses, statistics, backups) is put into the
service's database afterwards.
"""
import os
import sqlite3
import time
import uuid

from cloud import DIR, Client

# Besides Default, where every third project is: names are free text.
DOMAINS = ['Grün & Söhne', 'corp/eu']
N_PROJECTS = 20
DISABLED = 9      # the number of the project that is disabled
UNUSED = 10       # and of the one that has never stored anything

# names that have hurt somebody's parser once
NAMES = [
    'Ubuntu 22.04 LTS', 'grün-weiß', '日本語イメージ', '☃ snowman',
    'path/with/slashes', '/leading', 'trailing/', 'double "quotes"',
    "single 'quotes'", 'back\\slash', 'percent%20encoded%', 'tab\there',
    'new\nline', 'n' * 255, '名' * 80, ' leading space', 'trailing space ',
    'dots.in.the.name', 'equals=and;semicolon', 'comma,comma', '{"json": 1}',
    '<b>html&amp;</b>', '$(shell)`id`', 'עברית', 'e\u0301 combining',
    'nul\\u0000 escaped', '-', '..', '*', 'null', 'a:b|c', 'same', 'same',
]


def name_of(n, otherwise):
    return NAMES[n] if n < len(NAMES) else '%s-%03d' % (otherwise, n)


def project_names():
    """(name, domain name) of the projects; the same name in three domains"""
    special = {3: 'Büro Köln/"Test"', 4: 'p' * 64, 5: 'same-name',
               6: 'same-name', 7: 'same-name', 8: 'nested-child'}
    domains = ['Default'] + DOMAINS
    return [(special.get(i, 'project-%02d' % i), domains[i % 3])
            for i in range(N_PROJECTS)]


def projects(client):
    """their ids, in that order"""
    domains = {d['id']: d['name']
               for d in client.get('identity', '/v3/domains')['domains']}
    ids = {(p['name'], domains.get(p['domain_id'])): p['id']
           for p in client.get('identity', '/v3/projects')['projects']}
    return [ids[key] for key in project_names()]


def owners():
    """a client for each project, as its own user"""
    return [Client('user-%02d' % i, project, domain)
            for i, (project, domain) in enumerate(project_names())]


def uid(kind, n):
    """the same uuid at each run"""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, '%s/%d' % (kind, n)))


def connect(database):
    path = os.path.join(DIR, 'db', database + '.db')
    return sqlite3.connect(path, timeout=60)


def sql(database, statement, *args):
    con = connect(database)
    with con:
        rows = con.execute(statement, args).fetchall()
    con.close()
    return rows


def sql_many(database, statement, rows):
    con = connect(database)
    with con:
        con.executemany(statement, rows)
    con.close()


def copies(database, table, which, n, change):
    """n rows more, like those of `which` in turn but for their ids and for what
    change(k) says: in a moment, where an API takes many minutes"""
    con = connect(database)
    con.row_factory = sqlite3.Row
    like = [dict(row) for row in con.execute(
        'select * from %s where %s' % (table, which))]
    new = [{**like[k % len(like)], 'id': uid('copy of ' + table, k),
            **change(k)} for k in range(n)]
    with con:
        con.executemany('insert into %s (%s) values (%s)' % (
            table, ', '.join(new[0]), ', '.join(':' + key for key in new[0])),
            new)
    con.close()


def wait(what, done, seconds=90):
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise SystemExit('%s: not done after %d s' % (what, seconds))
        time.sleep(0.3)
