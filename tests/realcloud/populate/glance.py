"""Images: all visibilities, hidden ones, queued ones without a size, sizes
beyond 32 bits and beyond what a double holds, every status there is"""
import os

from populate import name_of, projects, sql

N_IMAGES = int(os.environ['REALCLOUD_IMAGES'])
SIZES = (1, 1023, 4096, 65536, 70000, 131072, 1048576, 0, 12345, 3)
FORMATS = ('raw', 'qcow2', 'iso', 'vmdk', 'vdi', 'ami')


def image(i, owner):
    body = {'name': name_of(i, 'image'), 'owner': owner,
            'visibility': ('public', 'private', 'shared')[i % 3],
            'min_disk': i % 7, 'protected': i % 11 == 0,
            'tags': ['t%d' % k for k in range(i % 4)]}
    disk = FORMATS[i % 6]
    if i % 20 != 19:
        body['disk_format'] = disk
        body['container_format'] = 'ami' if disk == 'ami' else 'bare'
    if i % 15 == 4:
        body['visibility'] = 'community'
    if i % 60 == 13:
        body['os_hidden'] = True
    if i == 40:
        del body['name']
    if i == 41:
        body.update({'prop_%03d' % k: 'v' * 100 for k in range(60)})
    if i == 42:
        body.update({'description': 'grün "quoted" \\ back', 'empty': '',
                     'a.dotted': 'key', 'size_': '1'})
    return body


def fill(client):
    owners = projects(client)
    ids = []
    for i in range(N_IMAGES):
        id_ = client.post('image', '/v2/images',
                          image(i, owners[i % len(owners)]))['id']
        ids.append(id_)
        if i % 10 == 9:
            continue    # stays queued
        client.put('image', '/v2/images/%s/file' % id_,
                   data=b'\0' * SIZES[i % 10],
                   headers={'Content-Type': 'application/octet-stream'})
        if i % 37 == 5:
            client.post('image', '/v2/images/%s/actions/deactivate' % id_)
    # what takes a larger file than we want, or a crash at the right moment
    for i, size in ((50, 5368709120), (51, 2 ** 53 + 1), (52, 2 ** 32),
                    (53, 2 ** 31)):
        sql('glance', 'update images set size=? where id=?', size, ids[i])
    for i, status in enumerate(('saving', 'killed', 'importing', 'uploading',
                                'pending_delete'), 60):
        sql('glance', 'update images set status=? where id=?', status, ids[i])
    sql('glance', 'update images set owner=NULL where id=?', ids[65])
