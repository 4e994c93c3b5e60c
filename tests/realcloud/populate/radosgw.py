"""Buckets through its Swift API, which makes the users (their uid is the
project's id), and an administrator for /admin"""
import os
import subprocess

from cloud import DIR, RGW_ACCESS, RGW_SECRET

from populate import DISABLED, UNUSED, owners, projects


def fill(client):
    headers = {'Content-Type': 'application/octet-stream'}
    for i, (user, id_) in enumerate(zip(owners(), projects(client))):
        for k in range(0 if i in (DISABLED, UNUSED) else i % 4):
            bucket = '/swift/v1/AUTH_%s/bucket-%d-%d' % (id_, i, k)
            user.put('object-store-rgw', bucket, headers=headers)
            for o in range(k + 1):
                user.put('object-store-rgw', '%s/object%d' % (bucket, o),
                         data=b'x' * (1000 * (o + 1)), headers=headers)
    subprocess.run([
        'radosgw-admin', '-c', os.path.join(DIR, 'etc/radosgw/ceph.conf'),
        '-n', 'client.rgw', 'user', 'create', '--uid=poller',
        '--display-name=poller', '--access-key=' + RGW_ACCESS,
        '--secret=' + RGW_SECRET,
        '--caps=buckets=read;usage=read;users=read;metadata=read'],
        check=True, timeout=60)
