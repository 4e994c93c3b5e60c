"""27 shares, some in error, copies of one, more than a page holds, and one with
replicas; snapshots, services that are dead, quotas"""
from populate import (DISABLED, UNUSED, name_of, owners, projects, sql, uid,
                      wait)

VERSION = {'X-OpenStack-Manila-API-Version': '2.65'}


def share(n):
    name = 'fail-%d' % n if n % 9 == 8 else name_of(n, 'share')
    return {'share_proto': ('NFS', 'CIFS')[n % 2], 'name': name,
            'size': (1, 5, 100)[n % 3]}


def creating():
    return sql('manila', 'select count(*) from share_instances where '
               'status="creating" and deleted="False"')[0][0]


def fill(client):
    client.post('sharev2', '/v2/types', {'share_type': {
        'name': 'default', 'share_type_access:is_public': True,
        'extra_specs': {'driver_handles_share_servers': False,
                        'snapshot_support': True}}}, headers=VERSION)
    n = 0
    for i, user in enumerate(owners()):
        for _ in range(0 if i in (DISABLED, UNUSED) else i % 4):
            user.post('sharev2', '/v2/shares', {'share': share(n)},
                      headers=VERSION)
            n += 1
    wait('shares', lambda: not creating())
    snapshots(client)
    rows = sql('manila', 'select id from share_instances where '
               'status="available" order by id')
    for (id_,), status in zip(rows, ('extending', 'shrinking_error',
                                     'reverting', 'unmanage_error',
                                     'deferred_deleting')):
        sql('manila', 'update share_instances set status=? where id=?',
            status, id_)
    for n in range(1000):
        copy('shares', uid('share', n), 'deleted="False"')
        copy('share_instances', uid('instance', n), 'status="available"',
             share_id=uid('share', n))

    # The one that is listed last has two replicas besides.
    last = sql('manila', 'select id from shares where deleted="False" '
               'order by created_at, id limit 1')[0][0]
    for n in range(2):
        copy('share_instances', uid('replica', n), 'share_id="%s"' % last,
             replica_state='in_sync')
    for n, (host, disabled) in enumerate((('ghost@back', 0), ('ghost@off', 1))):
        copy('services', 100 + n, 'binary="manila-share"', host=host,
             disabled=disabled, created_at='2020-01-01 00:00:00',
             updated_at='2020-01-01 00:00:00')


def snapshots(client):
    ids, users = projects(client), owners()
    rows = sql('manila', 'select s.id, s.project_id from shares s join '
               'share_instances i on i.share_id=s.id where '
               'i.status="available" order by s.id')
    for n, (share_id, project) in enumerate(rows[::3]):
        users[ids.index(project)].post('sharev2', '/v2/snapshots', {
            'snapshot': {'share_id': share_id, 'name': name_of(n, 'snapshot')}},
            headers=VERSION)
    wait('snapshots', lambda: not sql(
        'manila', 'select * from share_snapshot_instances where '
        'status="creating" and deleted="False"'))
    for i, quota in ((1, {'shares': -1, 'gigabytes': 1000}),
                     (2, {'snapshots': 5, 'share_networks': -1})):
        client.put('sharev2', '/v2/quota-sets/' + ids[i], {'quota_set': quota},
                   headers=VERSION)


def copy(table, id_, where, **changes):
    """a row like the first one where ..., with another id"""
    changes = dict(changes, id=id_)
    columns = [row[1] for row in sql('manila', 'pragma table_info(%s)' % table)]
    sql('manila', 'insert into %s (%s) select %s from %s where %s '
        'order by rowid limit 1' % (
            table, ','.join(columns), ','.join(
                '?' if c in changes else c for c in columns), table, where),
        *[changes[c] for c in columns if c in changes])
