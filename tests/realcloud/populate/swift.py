"""Containers with every name that a container may have, accounts with none,
with 40 (two pages) and one that does not exist; two storage policies"""
import os
import subprocess
import sys
from urllib.parse import quote

from cloud import DIR

from populate import DISABLED, UNUSED, owners, projects

SPECIAL = ['Bilder größer', '日本語', 'emoji-\U0001f4e6', 'per%20cent', 'quo"te',
           "apos'trophe", 'back\\slash', 'c' * 256, ' space ', 'q?x=1&y=2',
           'new\nline', '.hidden', 'semi;colon', '<xml>&amp;', 'tab\tbed']
SIZES = (0, 10, 5000, 100000)


def containers(i):
    if i == 0:
        return SPECIAL
    if i == 1:
        return ['many-%03d' % k for k in range(40)]
    return ['c%d' % k for k in range(i % 5)]


def fill(client):
    headers = {'Content-Type': 'application/octet-stream'}
    for i, (user, id_) in enumerate(zip(owners(), projects(client))):
        if i in (DISABLED, UNUSED):
            continue
        account = '/v1/AUTH_' + id_
        if not containers(i):
            user.post('object-store', account,
                      headers={'X-Account-Meta-Note': 'empty'})
        for k, name in enumerate(containers(i)):
            path = account + '/' + quote(name)
            user.put('object-store', path, headers=dict(
                headers, **{'X-Storage-Policy': 'silver'} if k == 2 else {}))
            for o in range(k % 4):
                user.put('object-store', '%s/%s' % (path, quote('ü/%d' % o)),
                         data=b'x' * SIZES[(k + o) % 4], headers=headers)
    subprocess.run([sys.executable, 'serve.py', 'swift_updater', os.path.join(
        DIR, 'etc/swift/container-server.conf')], check=True)
