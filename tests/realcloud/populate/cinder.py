"""Volumes, snapshots and backups in all statuses, services that are dead,
clusters, transfers, quotas"""
import datetime
import os

from cloud import DIR

from populate import (DISABLED, NAMES, UNUSED, name_of, owners, projects, sql,
                      uid, wait)

VOLUME = 'volumev3'
SIZES = (1, 2, 10, 100, 16384)
TYPES = {'back1-ssd': 'back1', 'back2-größe': 'back2'}


def volume(k):
    body = {'size': SIZES[k % 5], 'name': name_of(k, 'volume'),
            'volume_type': [*TYPES, None][k % 3]}
    if k % 13 == 12:
        body['name'] = 'fail-%03d' % k      # ends in status error
    if k % 9 == 8:
        del body['name']
    return body


def creating(table):
    return sql('cinder', 'select count(*) from %s where status="creating" '
               'and deleted=0' % table)[0][0]


def volumes(ids, users):
    k = 0
    for i, (id_, user) in enumerate(zip(ids, users)):
        for _ in range(0 if i in (DISABLED, UNUSED) else
                       20 if i == 1 else i % 6):
            user.post(VOLUME, '/v3/%s/volumes' % id_, {'volume': volume(k)})
            k += 1
    wait('volumes', lambda: not creating('volumes'))


def snapshots(ids, users):
    rows = sql('cinder', 'select id, project_id from volumes where '
               'status="available" order by created_at')
    for k, (volume_id, project) in enumerate(rows[::3]):
        users[ids.index(project)].post(
            VOLUME, '/v3/%s/snapshots' % project, {'snapshot': {
                'volume_id': volume_id, 'force': True,
                'name': NAMES[k] if k < len(NAMES) else None}})
    wait('snapshots', lambda: not creating('snapshots'))


def fill(client):
    ids, users = projects(client), owners()
    client.login()
    admin = '/v3/' + client.project_id
    client.put(VOLUME, admin + '/os-quota-class-sets/default', {
        'quota_class_set': {'volumes': 30, 'snapshots': 30, 'gigabytes': -1}})
    for name, backend in TYPES.items():
        made = client.post(VOLUME, admin + '/types', {'volume_type': {
            'name': name}})['volume_type']
        client.post(VOLUME, '%s/types/%s/extra_specs' % (admin, made['id']),
                    {'extra_specs': {'volume_backend_name': backend}})
    volumes(ids, users)
    snapshots(ids, users)
    transfers(ids, users)
    objects()
    quotas(client, admin, ids)
    settled(client, admin)


def transfers(ids, users):
    rows = sql('cinder', 'select id, project_id from volumes where '
               'status="available" order by created_at desc limit 2')
    for volume_id, project in rows:
        users[ids.index(project)].post(
            VOLUME, '/v3/%s/volume-transfers' % project,
            {'transfer': {'volume_id': volume_id, 'name': 'ü'}},
            headers={'OpenStack-API-Version': 'volume 3.55'})


def settled(client, admin):
    """the backends have told the scheduler of their pools once more"""
    now = datetime.datetime.utcnow().isoformat()
    pools = admin + '/scheduler-stats/get_pools?detail=True'

    def told():
        times = [x['capabilities']['timestamp']
                 for x in client.get(VOLUME, pools)['pools']]
        return times and min(times) > now
    wait('pools', told)


def quotas(client, admin, ids):
    """at the end: what is there may be more than what is allowed"""
    for project, quota in (
            (ids[1], {'volumes': -1, 'backups': 2, 'gigabytes': 1000000,
                      'gigabytes_back2-größe': 5000}),
            (ids[2], {'snapshots': 0, 'backup_gigabytes': -1, 'groups': 1}),
            (ids[3], {'per_volume_gigabytes': 100, 'volumes': 2147483647})):
        client.put(VOLUME, '%s/os-quota-sets/%s' % (admin, project),
                   {'quota_set': quota})


def objects():
    """through Cinder's own object layer: what its daemons would make"""
    from cinder import context, objects, rpc
    from cinder.common import config  # noqa: F401
    from oslo_config import cfg
    objects.register_all()
    cfg.CONF(['--config-file', os.path.join(DIR, 'etc/cinder/cinder.conf')],
             project='cinder')
    rpc.init(cfg.CONF)
    ctx = context.get_admin_context()
    all_ = sorted(objects.VolumeList.get_all(ctx),
                  key=lambda v: (str(v.created_at), v.id))
    backups(ctx, objects, all_)
    attachments(ctx, objects, [v for v in all_ if v.status == 'available'])
    rest = ('maintenance', 'reserved', 'error_deleting', 'deleting', None,
            'awaiting-transfer', 'extending')
    for v, status in zip([v for v in all_ if v.status == 'available'], rest):
        v.status = status or v.status
        v.save()
    for v in all_[:3]:
        v.bootable = True
        v.save()
    dead_services(ctx, objects)


def backups(ctx, objects, volumes):
    """of every second volume, an increment each third time"""
    statuses = ('available', 'available', 'creating', 'error', 'restoring',
                'deleting')
    previous = None
    for k, v in enumerate(volumes[::2]):
        b = objects.Backup(
            ctx, user_id=v.user_id, project_id=v.project_id, volume_id=v.id,
            status=statuses[k % 6], size=v.size, container='backups',
            display_name='backup-%d "ü/' % k if k % 4 else None,
            object_count=k * 3, availability_zone='nova', host='real',
            service='cinder.backup.drivers.posix.PosixBackupDriver',
            fail_reason='no space' if k % 6 == 3 else None,
            parent_id=previous if k % 3 == 1 else None,
            num_dependent_backups=0)
        b.create()
        previous = b.id


def attachments(ctx, objects, volumes):
    for k, v in enumerate(volumes[1::4]):
        for n in range(2 if k == 1 else 1):
            objects.VolumeAttachment(
                ctx, volume_id=v.id, instance_uuid=uid('instance', k * 2 + n),
                attached_host='compute%d' % n, attach_mode='rw',
                mountpoint='/dev/vd' + 'bc'[n],
                attach_status='attached').create()
        v.status, v.attach_status = 'in-use', 'attached'
        v.save()


def dead_services(ctx, objects):
    like = [s for s in objects.ServiceList.get_all(ctx)
            if s.binary == 'cinder-volume'][0]
    for name, disabled in (('ghost@cluster', False), ('off@cluster', True)):
        objects.Cluster(ctx, name=name, binary='cinder-volume',
                        disabled=disabled).create()
    for host, disabled in (('ghost@lvm', False), ('ghost@off', True)):
        objects.Service(
            ctx, host=host, binary='cinder-volume', topic='cinder-volume',
            report_count=1, cluster_name='ghost@cluster', disabled=disabled, availability_zone='nova',
            disabled_reason='maintenance é' if disabled else None,
            rpc_current_version=like.rpc_current_version,
            object_current_version=like.object_current_version).create()
    # dead for long: else they die while a test looks
    sql('cinder', "update services set created_at='2020-01-01 00:00:00', "
        "updated_at='2020-01-01 00:00:00' where host like 'ghost@%'")
