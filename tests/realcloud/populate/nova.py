"""Servers in all states on hosts in all states, of both cells; flavors, zones,
groups, migrations and quotas.

Through the APIs, and Nova's own objects for what a compute host would make."""
import os

from cloud import DIR

from populate import (DISABLED, UNUSED, name_of, owners, projects, sql, uid,
                      wait)
from populate.placement import HOSTS, V

FLAVORS = (('m1.tiny', 1, 512, 1, 0, 0), ('m1.small', 1, 2048, 20, 0, 0),
           ('grün "large"', 8, 16384, 160, 40, 1024),
           ('no disk', 2, 1000, 0, 0, 0))
# vm_state, power_state, task_state, of a server on a host or without one
STATES = (
    ('active', 1, None), ('active', 1, None), ('stopped', 4, None),
    ('error', 0, None), ('building', 0, 'spawning'), ('paused', 3, None),
    ('active', 1, 'migrating'), ('suspended', 7, None),
    ('shelved_offloaded', 4, None), ('rescued', 1, None),
    ('active', 1, 'rebooting'), ('active', 1, 'rebooting_hard'),
    ('active', 1, 'updating_password'), ('active', 1, 'rebuilding'),
    ('stopped', 4, 'resize_prep'), ('resized', 1, None),
    ('resized', 1, 'resize_reverting'), ('shelved', 4, None),
    ('soft-delete', 4, None), ('building', 0, 'scheduling'))
NOWHERE = ('building', 'shelved_offloaded')
# what an operator has done to hosts 2 to 5
DISABLED_HOSTS, FORCED_DOWN, DEAD = (2, 5), (3,), (4, 5)


def through_api(client, ids):
    for n, (name, cpus, ram, disk, ephemeral, swap) in enumerate(FLAVORS):
        client.post('compute', '/v2.1/flavors', {'flavor': {
            'name': name, 'vcpus': cpus, 'ram': ram, 'disk': disk,
            'OS-FLV-EXT-DATA:ephemeral': ephemeral, 'swap': swap,
            'id': 'f%d' % n, 'os-flavor-access:is_public': n != 3}})
    for i, quota in ((1, {'instances': -1, 'cores': -1, 'ram': -1}),
                     (2, {'cores': 3, 'server_groups': 0}),
                     (3, {'ram': 2147483647, 'key_pairs': -1})):
        client.put('compute', '/v2.1/os-quota-sets/' + ids[i],
                   {'quota_set': dict(quota, force=True)})
    for i, user in enumerate(owners()):
        for k in range(0 if i in (DISABLED, UNUSED, 2) else i % 3):
            user.post('compute', '/v2.1/os-server-groups', {'server_group': {
                'name': 'Gruppe ü %d' % k, 'policies': [
                    ('affinity', 'soft-anti-affinity')[k]]}},
                headers={'X-OpenStack-Nova-API-Version': '2.15'})


def objects():
    import eventlet
    eventlet.monkey_patch()
    from nova import config, context, objects
    config.parse_args(['nova', '--config-file',
                       os.path.join(DIR, 'etc/nova/nova.conf')])
    objects.register_all()
    ctx = context.get_admin_context()
    cells = objects.CellMappingList.get_all(ctx)
    return context, objects, ctx, sorted(cells, key=lambda c: not c.is_cell0())


def hosts(cell, cctx, ctx, objects):
    """compute services that are up, disabled, forced down, dead; a conductor
    of a host that is gone"""
    import datetime
    from oslo_utils import timeutils
    now, long_ago = timeutils.utcnow(), datetime.datetime(2020, 1, 1)
    objects.Service(cctx, host='ghost', binary='nova-conductor',
                    topic='conductor', report_count=1,
                    last_seen_up=long_ago).create()
    for n in range(HOSTS):
        host, off = 'compute%d' % n, n in DISABLED_HOSTS
        service = objects.Service(
            cctx, host=host, binary='nova-compute', topic='compute',
            report_count=1, disabled=off, forced_down=n in FORCED_DOWN,
            last_seen_up=long_ago if n in DEAD else now,
            disabled_reason='kaputt é "2"' if off else None)
        service.create()
        bare = n == 7       # a machine of Ironic's that is deployed
        objects.ComputeNode(
            cctx, uuid=uid('compute', n), service_id=service.id, host=host,
            hypervisor_hostname=host + '.real', vcpus=0 if bare else 32,
            memory_mb=131072, local_gb=2000 + n, vcpus_used=n * 4,
            memory_mb_used=512 + n * 2048, local_gb_used=n * 20,
            free_ram_mb=131072 - 512 - n * 2048, free_disk_gb=2000 - n * 19,
            current_workload=n % 2, running_vms=n * 3,
            hypervisor_type='ironic' if bare else 'QEMU',
            hypervisor_version=7002000,
            disk_available_least=(1500, None, -20)[n % 3],
            host_ip='10.0.0.%d' % (n + 1), supported_hv_specs=[],
            cpu_info='{"arch": "x86_64", "model": "Skylake"}',
            cpu_allocation_ratio=4.0, ram_allocation_ratio=1.0,
            disk_allocation_ratio=1.0, mapped=1).create()
        objects.HostMapping(ctx, cell_mapping=cell, host=host).create()


def server(objects, cctx, flavor, k, project, state, host):
    from nova.network import model
    vm_state, power_state, task_state = state
    instance = objects.Instance(
        cctx, uuid=uid('server', k), project_id=project,
        user_id='u%d' % (k % 8), display_name=name_of(k, 'server'),
        hostname='server-%d' % k, image_ref='', vm_state=vm_state,
        power_state=power_state, task_state=task_state, host=host,
        node=host and host + '.real', launched_on=host,
        availability_zone='süd' if k % 4 == 0 and host else
        'nova' if host else None,
        memory_mb=flavor.memory_mb, vcpus=flavor.vcpus, root_gb=flavor.root_gb,
        ephemeral_gb=flavor.ephemeral_gb, flavor=flavor, old_flavor=None,
        new_flavor=None, system_metadata={}, instance_type_id=flavor.id,
        locked=False, progress=0, metadata={'k': 'v "%d"' % k},
        reservation_id='r-%08d' % k, user_data=None, cleaned=False,
        config_drive='', ephemeral_key_uuid=None,
        info_cache=objects.InstanceInfoCache(
            network_info=model.NetworkInfo.hydrate([])))
    if 'compute_id' in objects.Instance.fields:     # since 2023.2
        instance.compute_id = host and objects.ComputeNode. \
            get_by_host_and_nodename(cctx, host, instance.node).id
    instance.create()
    return instance


def servers(context, objects, ctx, cells, ids):
    """60 in a cell, of the first 8 projects; 3 that no host was found for"""
    flavors = [objects.Flavor.get_by_flavor_id(ctx, 'f%d' % n)
               for n in range(len(FLAVORS))]
    made = []
    for k in range(63):
        cell = cells[k < 60]
        state = STATES[k % 20] if k < 60 else ('error', 0, None)
        nowhere = k >= 60 or state[0] in NOWHERE or k % 20 == 3
        host = None if nowhere else 'compute%d' % (k % 6)
        with context.target_cell(ctx, cell) as cctx:
            made.append(server(objects, cctx, flavors[k % 4], k, ids[k % 8],
                               state, host))
        objects.InstanceMapping(
            ctx, instance_uuid=made[-1].uuid, cell_mapping=cell,
            project_id=ids[k % 8], user_id='u%d' % (k % 8),
            queued_for_delete=False).create()
    return made


def migrations(cctx, objects, made):
    for n, status in enumerate(('error', 'error', 'failed', 'completed',
                                'running', 'error', 'error', 'error')):
        objects.Migration(
            cctx, uuid=uid('migration', n), instance_uuid=made[n].uuid,
            source_compute='compute0', dest_compute='compute1',
            status=status, migration_type='live-migration',
            project_id=made[n].project_id).create()


def allocate(client, made):
    """as a host does: of servers on hosts with room, by the API"""
    for x in made:
        if x.host in ('compute0', 'compute3', 'compute4'):
            client.put('placement', '/allocations/' + x.uuid, {
                'allocations': {uid('compute', int(x.host[7:])): {
                    'resources': {'VCPU': x.vcpus, 'MEMORY_MB': x.memory_mb}}},
                'project_id': x.project_id, 'user_id': 'u',
                'consumer_generation': None}, headers=V)


def aggregates(client):
    for n, (name, zone, members) in enumerate((
            ('Süd', 'süd', (0, 4)), ('ssd', None, (0, 1, 2, 3)),
            ('leer', 'leer', ()), ('aus', 'aus', (2, 5)))):
        id_ = client.post('compute', '/v2.1/os-aggregates', {'aggregate': {
            'name': name, 'availability_zone': zone}})['aggregate']['id']
        for m in members:
            client.post('compute', '/v2.1/os-aggregates/%d/action' % id_, {
                'add_host': {'host': 'compute%d' % m}})


def an_image(client):
    """that fits on each flavor"""
    images = client.get('image', '/v2/images?status=active&visibility=public')
    return next((x['id'] for x in images['images'] if not x['min_disk']), None)


def scheduled(client):
    """by conductor and scheduler: one goes to a host, where nobody listens,
    and one finds none"""
    for name, flavor in (('goes', 'f0'), ('finds none', 'huge')):
        client.post('compute', '/v2.1/servers', {'server': {
            'name': name, 'imageRef': an_image(client), 'flavorRef': flavor,
            'networks': 'none'}},
            headers={'X-OpenStack-Nova-API-Version': '2.37'})
    wait('servers', lambda: not sql('nova_api', 'select * from build_requests'))


def fill(client):
    ids = projects(client)
    through_api(client, ids)
    context, obj, ctx, cells = objects()
    with context.target_cell(ctx, cells[1]) as cctx:
        hosts(cells[1], cctx, ctx, obj)
    wait('providers', lambda: len(client.get(
        'placement', '/resource_providers', headers=V)[
            'resource_providers']) == HOSTS + 3)
    aggregates(client)      # the zone of a host with servers stays what it is
    made = servers(context, obj, ctx, cells, ids)
    with context.target_cell(ctx, cells[1]) as cctx:
        migrations(cctx, obj, made)
    allocate(client, made)
    client.post('compute', '/v2.1/flavors', {'flavor': {
        'name': 'huge', 'vcpus': 1, 'ram': 512, 'disk': 100000000,
        'id': 'huge'}})
    wait('an image', lambda: an_image(client))
    scheduled(client)
