"""What the plugin has to write beyond Ceilometer's meters: of hosts, services,
agents, quotas, and how many there are of what.

As expect.py: from what the APIs list, by code of its own, written from the
services' API reference.
"""
import math

import expect
from expect import (OPERATING, PROVISIONING, Samples, again, every, projects,
                    state)

MIB, GIB = 2 ** 20, 2 ** 30
UP = {'up': 1, 'down': 0}
ENABLED = {'enabled': 1, 'disabled': 0}
UNLIMITED = -1

# Statuses that are counted where nothing has them, too.
SERVERS = '''ACTIVE BUILD DELETED ERROR HARD_REBOOT MIGRATING PASSWORD PAUSED
    REBOOT REBUILD RESCUE RESIZE REVERT_RESIZE SHELVED SHELVED_OFFLOADED SHUTOFF
    SOFT_DELETED SUSPENDED UNKNOWN VERIFY_RESIZE'''.split()


def one(client, service, path, name, **kw):
    """an answer that is no list: quotas and inventories, which have a pace of
    their own"""
    return client.get(service, path, **kw)[name]


def unless(forbidden, n):
    return None if n == forbidden else n


def product(n, by):
    return None if n is None else n * by


def services(want, word, rows, down=True):
    """what Nova, Cinder and Manila say of their daemons alike"""
    for x in rows:
        id_ = '%s@%s' % (x['binary'], x['host'])
        want.add(word + '.service.enabled', id_, ENABLED.get(x['status']))
        if word != 'volume':        # which expect.py has
            want.add(word + '.service.health', id_, UP.get(x['state']))
        if 'forced_down' in x:
            want.add(word + '.service.forced_down', id_, int(x['forced_down']))
    dead = [(x['binary'], x['state'] == 'down') for x in rows
            if x['state'] in UP]
    want.groups(word + '.service.down.by_binary', dead)


# ---- Nova ------------------------------------------------------------------

def nova(version):
    return {'X-OpenStack-Nova-API-Version': version}


def compute(client):
    want = Samples()
    rows = every(client, 'compute', '/v2.1/os-services', 'services',
                 headers=nova('2.69'))
    services(want, 'compute', rows)
    want.sum('compute.service.failed.total', [
        x['state'] == 'down' for x in rows
        if x['status'] == 'enabled' and x['state'] in UP])
    hypervisors(client, want)
    servers(client, want)
    for project in projects(client):
        nova_limits(want, project, one(
            client, 'compute', '/v2.1/limits?tenant_id=' + project, 'limits',
            headers=nova('2.57')))
    rest_of_nova(client, want)
    return want


def hypervisors(client, want):
    """2.87: the last version that has numbers"""
    rows = every(client, 'compute', '/v2.1/os-hypervisors/detail?limit=1000',
                 'hypervisors', headers=nova('2.87'))
    numbers = {
        'vcpus': ('vcpus', 1), 'vcpus.used': ('vcpus_used', 1),
        'memory': ('memory_mb', MIB), 'memory.used': ('memory_mb_used', MIB),
        'disk': ('local_gb', GIB), 'disk.used': ('local_gb_used', GIB),
        'disk.free': ('free_disk_gb', GIB), 'servers': ('running_vms', 1)}
    others = {'disk.available_least': ('disk_available_least', GIB),
              'workload': ('current_workload', 1)}
    word = 'compute.hypervisor.'
    for x in rows:
        want.add(word + 'health', x['id'], UP.get(x['state']))
        want.add(word + 'enabled', x['id'], ENABLED.get(x['status']))
        for name, (field, unit) in {**numbers, **others}.items():
            want.add(word + name, x['id'], product(x[field], unit))
    want.add(word + 'total', 'total', len(rows))
    for name, (field, unit) in numbers.items():
        want.sum(word + name + '.total', [x[field] * unit for x in rows])


def servers(client, want):
    """up to an empty page, whatever links say"""
    pages = expect.listed(
        client, 'compute', '/v2.1/servers/detail?all_tenants=1&limit=1000',
        'servers', headers=nova('2.93'))
    expect.REQUESTS['compute'] += len(pages) + (1 if pages[-1] else 0)
    rows = sum(pages, [])
    word, host = 'compute.server.', 'OS-EXT-SRV-ATTR:hypervisor_hostname'
    owner = [(x['tenant_id'], x) for x in rows]
    want.count_all(word[:-1], [p for p, _ in owner])
    want.groups(word + 'by_status', [(x['status'], 1) for x in rows], SERVERS)
    want.groups(word + 'by_host', [(x[host], 1) for x in rows])
    want.groups(word + 'active.by_host', [
        (x[host], x['status'] == 'ACTIVE') for x in rows])
    want.groups(word + 'by_host_and_status', [
        (x[host] and '%s:%s' % (x[host], x['status']), 1) for x in rows])
    want.groups(word + 'by_zone', [
        (x['OS-EXT-AZ:availability_zone'], 1) for x in rows])
    want.groups(word + 'by_flavor', [
        (x['flavor']['original_name'], 1) for x in rows])
    for name, of in (
            ('vcpus', lambda f: f['vcpus']), ('memory', lambda f: f['ram'] * MIB),
            ('disk', lambda f: (f['disk'] + f['ephemeral']) * GIB)):
        want.sums(word + name, [(p, of(x['flavor'])) for p, x in owner])
    for x in rows:
        want.add(word + 'status', x['id'], SERVER_STATUS.get(x['status'], -1))


SERVER_STATUS = {
    'ACTIVE': 0, 'BUILD': 1, 'DELETED': 3, 'ERROR': 4, 'HARD_REBOOT': 5,
    'PASSWORD': 6, 'REBOOT': 7, 'REBUILD': 8, 'RESCUE': 9, 'RESIZE': 10,
    'SHUTOFF': 11, 'SUSPENDED': 12, 'UNKNOWN': 13, 'VERIFY_RESIZE': 14,
    'MIGRATING': 15, 'PAUSED': 16, 'REVERT_RESIZE': 17, 'SHELVED': 18,
    'SHELVED_OFFLOADED': 19, 'SOFT_DELETED': 20}


def nova_limits(want, project, answer):
    x = answer['absolute']
    for key, limit, used in (
            ('instances', 'maxTotalInstances', 'totalInstancesUsed'),
            ('cores', 'maxTotalCores', 'totalCoresUsed'),
            ('ram', 'maxTotalRAMSize', 'totalRAMUsed'),
            ('server_groups', 'maxServerGroups', 'totalServerGroupsUsed'),
            ('key_pairs', 'maxTotalKeypairs', None),
            ('metadata_items', 'maxServerMeta', None),
            ('server_group_members', 'maxServerGroupMembers', None)):
        want.add('compute.quota.%s.limit' % key, project,
                 unless(UNLIMITED, x[limit]))
        if used:
            want.add('compute.quota.%s.used' % key, project,
                     unless(UNLIMITED, x[used]))


def flavors(client, want):
    rows = every(client, 'compute',
                 '/v2.1/flavors/detail?is_public=None&limit=1000', 'flavors',
                 headers=nova('2.75'))
    want.add('compute.flavor.total', 'total', len(rows))
    for x in rows:
        for name, n in (('vcpus', x['vcpus']), ('memory', x['ram'] * MIB),
                        ('disk', x['disk'] * GIB),
                        ('ephemeral', x['OS-FLV-EXT-DATA:ephemeral'] * GIB),
                        ('swap', x['swap'] * MIB)):
            want.add('compute.flavor.' + name, x['id'], n)


def rest_of_nova(client, want):
    flavors(client, want)
    rows = every(client, 'compute', '/v2.1/os-availability-zone',
                 'availabilityZoneInfo')
    want.add('compute.zone.total', 'total', len(rows))
    for x in rows:
        want.add('compute.zone.available', x['zoneName'],
                 int(x['zoneState']['available']))
    for x in every(client, 'compute', '/v2.1/os-aggregates', 'aggregates'):
        want.add('compute.aggregate.hosts', str(x['id']), len(x['hosts']))
    rows = by_offset(client, 'compute',
                     '/v2.1/os-server-groups?all_projects=True',
                     'server_groups', headers=nova('2.13'))
    want.count_all('compute.server_group', [x['project_id'] for x in rows])
    rows = every(client, 'compute',
                 '/v2.1/os-migrations?status=error&limit=1000', 'migrations',
                 headers=nova('2.59'))
    want.add('compute.migration.error.total', 'total', len(rows))


def by_offset(client, service, path, name, **kw):
    """until a page is empty"""
    rows, page = [], True
    while page:
        page = every(client, service, '%s&offset=%d' % (path, len(rows)), name,
                     **kw)
        rows += page
    return rows


# ---- Placement -------------------------------------------------------------

def placement(client):
    want = Samples()
    version = {'OpenStack-API-Version': 'placement 1.20'}
    rows = again(client, 'placement', '/resource_providers',
                 'resource_providers', headers=version)
    want.add('placement.provider.total', 'total', len(rows))
    capacity, use = [], []
    for x in rows:
        id_ = x['uuid']
        want.add('placement.provider.generation', id_, x['generation'])
        for class_, have in one(
                client, 'placement', '/resource_providers/%s/inventories' % id_,
                'inventories', headers=version).items():
            key = '%s/%s' % (id_, class_)
            for name in 'total', 'reserved', 'allocation_ratio':
                want.add('placement.inventory.' + name, key, have[name])
            n = math.floor((have['total'] - have['reserved']) *
                           have['allocation_ratio'])
            want.add('placement.inventory.capacity', key, n)
            capacity.append((class_, n))
        for class_, n in one(
                client, 'placement', '/resource_providers/%s/usages' % id_,
                'usages', headers=version).items():
            want.add('placement.inventory.used', '%s/%s' % (id_, class_), n)
            use.append((class_, n))
    want.groups('placement.inventory.capacity.by_class', capacity)
    want.groups('placement.inventory.used.by_class', use)
    return want


# ---- Neutron ---------------------------------------------------------------

def network(client):
    want = Samples()
    for part in (agents, addresses, networks, ports, routers, floating_ips,
                 vpn):
        part(client, want)
    # (Listing security groups makes that of one's own project.)
    for name, path, key in (
            ('network.subnet', 'subnets', 'subnets'),
            ('network.security_group', 'security-groups', 'security_groups'),
            ('network.security_group_rule', 'security-group-rules',
             'security_group_rules'),
            ('network.rbac_policy', 'rbac-policies', 'rbac_policies'),
            ('network.address_scope', 'address-scopes', 'address_scopes'),
            ('network.subnetpool', 'subnetpools', 'subnetpools')):
        rows = every(client, 'network', '/v2.0/%s?limit=1000' % path, key)
        want.count_all(name, [x['project_id'] for x in rows])
    for name, path in (('ike_policy', 'ikepolicies'),
                       ('ipsec_policy', 'ipsecpolicies'),
                       ('endpoint_group', 'endpoint_groups')):
        rows = every(client, 'network', '/v2.0/vpn/%s?limit=1000' %
                     path.replace('_', '-'), path)
        want.add('network.services.vpn.%s.total' % name, 'total', len(rows))
    network_quotas(client, want)
    return want


def agents(client, want):
    rows = every(client, 'network', '/v2.0/agents', 'agents')
    dead = [(x['binary'], not x['alive']) for x in rows]
    for x in rows:
        id_ = '%s@%s' % (x['binary'], x['host'])
        want.add('network.agent.health', id_, int(x['alive']))
        want.add('network.agent.enabled', id_, int(x['admin_state_up']))
        for name in 'routers', 'networks', 'ports':
            want.add('network.agent.' + name, id_,
                     x['configurations'].get(name))
    want.add('network.agent.total', 'total', len(rows))
    want.groups('network.agent.by_binary', [(x['binary'], 1) for x in rows])
    want.sum('network.agent.down.total', [n for _, n in dead])
    want.groups('network.agent.down.by_binary', dead)


def addresses(client, want):
    rows = every(client, 'network', '/v2.0/network-ip-availabilities',
                 'network_ip_availabilities')
    size, use = [], []
    for x in rows:
        if x['subnet_ip_availability']:     # else 0 of 0
            want.add('network.ip.capacity', x['network_id'], x['total_ips'])
            want.add('network.ip.used', x['network_id'], x['used_ips'])
        for s in x['subnet_ip_availability']:
            want.add('network.subnet.ip.capacity', s['subnet_id'],
                     s['total_ips'])
            want.add('network.subnet.ip.used', s['subnet_id'], s['used_ips'])
            size.append((str(s['ip_version']), s['total_ips']))
            use.append((str(s['ip_version']), s['used_ips']))
    want.groups('network.subnet.ip.capacity.by_version', size)
    want.groups('network.subnet.ip.used.by_version', use)


NETWORK = 'ACTIVE BUILD DOWN ERROR'.split()
PORT = NETWORK + ['N/A']
ROUTER = 'ACTIVE ALLOCATING DOWN ERROR'.split()
FLOATING_IP = 'ACTIVE DOWN ERROR'.split()
VPN = '''ACTIVE BUILD DOWN ERROR PENDING_CREATE PENDING_UPDATE
    PENDING_DELETE'''.split()


def networks(client, want):
    rows = every(client, 'network', '/v2.0/networks?limit=1000', 'networks')
    word = 'network.network'
    want.count_all(word, [x['project_id'] for x in rows])
    want.groups(word + '.by_status', [(x['status'], 1) for x in rows], NETWORK)
    want.sum(word + '.external.total', [x['router:external'] for x in rows])
    want.sum(word + '.shared.total', [x['shared'] for x in rows])
    for x in rows:
        want.add(word + '.mtu', x['id'], x['mtu'])
        want.add(word + '.enabled', x['id'], int(x['admin_state_up']))
        want.add(word + '.port_security', x['id'],
                 int(x['port_security_enabled']))


# The numbers that Ceilometer has for a text of Neutron's.
STATUS = ['inactive', 'active', 'pending_create', 'down', 'created',
          'pending_update', 'pending_delete', 'error']


def ports(client, want):
    rows = every(client, 'network', '/v2.0/ports?limit=1000', 'ports')
    word = 'network.port'
    for x in rows:
        want.add(word + '.status', x['id'], state(STATUS, x['status']))
    want.count_all(word, [x['project_id'] for x in rows])
    want.groups(word + '.by_status', [(x['status'], 1) for x in rows], PORT)
    want.groups(word + '.by_owner', [(x['device_owner'], 1) for x in rows])
    want.sum(word + '.without_ip.total', [
        not x['fixed_ips'] for x in rows if x['status'] == 'ACTIVE'])
    want.sum(word + '.loadbalancer_down.total', [
        x['device_owner'] == 'neutron:LOADBALANCERV2' and
        x['status'] != 'ACTIVE' for x in rows])
    want.sum(word + '.binding_failed.total', [
        x['binding:vif_type'] == 'binding_failed' for x in rows])


def routers(client, want):
    rows = every(client, 'network', '/v2.0/routers?limit=1000', 'routers')
    word = 'network.router'
    want.count_all(word, [x['project_id'] for x in rows])
    want.groups(word + '.by_status', [(x['status'], 1) for x in rows], ROUTER)
    want.sum(word + '.down.total', [x['status'] != 'ACTIVE' for x in rows])
    for x in rows:
        want.add(word + '.status', x['id'], state(STATUS, x['status']))
    on = []
    for agent in every(client, 'network', '/v2.0/agents?agent_type=L3%20agent'
                       '&alive=True', 'agents'):
        on += [(x['id'], 1) for x in every(
            client, 'network', '/v2.0/agents/%s/l3-routers' % agent['id'],
            'routers')]
    want.groups(word + '.agents', on)


def floating_ips(client, want):
    rows = again(client, 'network', '/v2.0/floatingips', 'floatingips')
    used = [x for x in rows if x['port_id']]
    want.groups('ip.floating.by_status', [(x['status'], 1) for x in rows],
                FLOATING_IP)
    want.add('ip.floating.associated.total', 'total', len(used))
    want.sum('ip.floating.down.total', [x['status'] != 'ACTIVE' for x in used])


def vpn(client, want):
    for name, path in (('', 'vpnservices'),
                       ('connections.', 'ipsec-site-connections')):
        rows = again(client, 'network', '/v2.0/vpn/' + path,
                     path.replace('-', '_'))
        want.groups('network.services.vpn.%sby_status' % name,
                    [(x['status'], 1) for x in rows], VPN)


QUOTAS = '''network subnet subnetpool port router floatingip rbac_policy
    security_group security_group_rule'''.split()


def network_quotas(client, want):
    """of the projects with an override, and of all others"""
    client.login()
    rows = again(client, 'network', '/v2.0/quotas', 'quotas')
    default = one(client, 'network', '/v2.0/quotas/%s/default' %
                  client.project_id, 'quota')
    for key in QUOTAS:
        word = 'network.quota.'
        for x in rows:
            want.add(word + key + '.limit', x['project_id'],
                     unless(UNLIMITED, x[key]))
        want.add(word + 'default.' + key + '.limit', 'default',
                 unless(UNLIMITED, default[key]))
    for project in projects(client):
        details = one(client, 'network', '/v2.0/quotas/%s/details' % project,
                      'quota')
        for key in QUOTAS:
            for name in 'used', 'reserved':
                want.add('network.quota.%s.%s' % (key, name), project,
                         unless(UNLIMITED, details[key][name]))


# ---- Cinder ----------------------------------------------------------------

VOLUME = '''creating available reserved attaching detaching in-use maintenance
    deleting awaiting-transfer error error_deleting backing-up restoring-backup
    error_backing-up error_restoring error_extending downloading uploading
    retyping extending'''.split()
SNAPSHOT = '''available backing-up creating deleted deleting error
    error_deleting restoring unmanaging updating'''.split()
BACKUP = '''available creating deleted deleting error error_deleting
    restoring'''.split()
VOLUME_QUOTAS = '''volumes gigabytes snapshots backups backup_gigabytes
    groups'''.split()


def volume(client):
    want = Samples()
    client.login()
    root = '/v3/' + client.project_id
    volumes(client, root, want)
    for name, known in (('snapshot', SNAPSHOT), ('backup', BACKUP)):
        rows = again(client, 'volumev3',
                     '%s/%ss/detail?all_tenants=1' % (root, name), name + 's')
        want.groups('volume.%s.by_status' % name,
                    [(x['status'], 1) for x in rows], known)
    rows = again(client, 'volumev3', root + '/os-services', 'services')
    services(want, 'volume', rows)
    for x in rows:
        want.add('volume.service.frozen', '%s@%s' % (x['binary'], x['host']),
                 x.get('frozen'))
    for x in again(client, 'volumev3',
                   root + '/scheduler-stats/get_pools?detail=True', 'pools'):
        pool(want, 'volume.provider.pool.', x['name'], x['capabilities'])
    for project in projects(client):
        # of each kind; and of all members, among them those of types
        for part in volume_quotas, type_quotas:
            part(want, project, one(
                client, 'volumev3', '%s/os-quota-sets/%s?usage=True' % (
                    root, project), 'quota_set'))
    rest_of_cinder(client, root, want)
    return want


def volumes(client, root, want):
    rows = again(client, 'volumev3', root + '/volumes/detail?all_tenants=1',
                 'volumes')
    for name, field, known in (('status', 'status', VOLUME),
                               ('type', 'volume_type', ()),
                               ('host', 'os-vol-host-attr:host', ())):
        want.groups('volume.by_' + name, [(x[field], 1) for x in rows], known)
        want.groups('volume.size.by_' + name,
                    [(x[field], x['size']) for x in rows], known)
    want.sum('volume.bootable.total', [x['bootable'] == 'true' for x in rows])
    want.sum('volume.attached.total', [bool(x['attachments']) for x in rows])
    for x in rows:
        want.add('volume.status', x['id'], state(VOLUME, x['status']))


def numeric(x):
    return x if isinstance(x, (int, float)) else None


def pool(want, word, name, x):
    ratio = x.get('max_over_subscription_ratio')
    want.add(word + 'reserved_percentage', name, x['reserved_percentage'])
    want.add(word + 'max_over_subscription_ratio', name,
             None if ratio is None else float(ratio))
    if word.startswith('manila'):
        for key in 'total', 'free', 'allocated', 'provisioned':
            want.add(word + 'capacity.' + key, name,
                     numeric(x.get(key + '_capacity_gb')))
        for key in 'snapshot', 'share_extend':
            key = 'reserved_%s_percentage' % key
            want.add(word + key, name, x.get(key))
        return
    want.add(word + 'health', name, UP.get(x.get('backend_state')))
    total, free = (numeric(x[key + '_capacity_gb'])
                   for key in ('total', 'free'))
    provisioned = numeric(x.get('provisioned_capacity_gb'))
    if total:
        want.add(word + 'free_percent', name, product(free, 100 / total))
        want.add(word + 'overcommit', name, product(provisioned, 1 / total))


def volume_quotas(want, project, x):
    for key in VOLUME_QUOTAS + ['per_volume_gigabytes']:
        want.add('volume.quota.%s.limit' % key, project,
                 unless(UNLIMITED, x[key]['limit']))
    for key in VOLUME_QUOTAS:
        for name, field in (('used', 'in_use'), ('reserved', 'reserved')):
            want.add('volume.quota.%s.%s' % (key, name), project,
                     unless(UNLIMITED, x[key][field]))


def type_quotas(want, project, x):
    for key, quota in x.items():
        if isinstance(quota, dict) and key not in VOLUME_QUOTAS + [
                'per_volume_gigabytes']:
            id_ = '%s/%s' % (project, key)
            want.add('volume.quota.type.limit', id_,
                     unless(UNLIMITED, quota['limit']))
            want.add('volume.quota.type.used', id_,
                     unless(UNLIMITED, quota['in_use']))


def rest_of_cinder(client, root, want):
    for x in every(client, 'volumev3', root + '/clusters/detail', 'clusters',
                   headers={'OpenStack-API-Version': 'volume 3.7'}):
        id_ = '%s@%s' % (x['binary'], x['name'])
        for name, n in (('health', UP.get(x['state'])),
                        ('enabled', ENABLED.get(x['status'])),
                        ('hosts', x['num_hosts']),
                        ('hosts_down', x['num_down_hosts'])):
            want.add('volume.cluster.' + name, id_, n)
    rows = every(client, 'volumev3', root +
                 '/volume-transfers/detail?all_tenants=True', 'transfers',
                 headers={'OpenStack-API-Version': 'volume 3.59'})
    want.add('volume.transfer.total', 'total', len(rows))
    rows = every(client, 'volumev3', root + '/types?is_public=None',
                 'volume_types')
    want.add('volume.type.total', 'total', len(rows))


# ---- Keystone, Glance ------------------------------------------------------

def identity(client):
    want = Samples()
    for name in 'domain', 'project', 'user', 'group', 'region', 'service', \
            'endpoint', 'role':
        rows = every(client, 'identity', '/v3/%ss?limit=1000' % name,
                     name + 's')
        word = 'identity.' + name
        want.add(word + '.total', 'total', len(rows))
        if name in ('domain', 'project', 'user', 'endpoint'):
            want.sum(word + '.disabled.total', [not x['enabled'] for x in rows])
        if name in ('project', 'user'):
            want.groups(word + '.by_domain',
                        [(x['domain_id'], 1) for x in rows])
    for name, path, field in (
            ('limit', 'limits', 'resource_limit'),
            ('limit.default', 'registered_limits', 'default_limit')):
        for x in every(client, 'identity', '/v3/%s?limit=1000' % path, path):
            want.add('identity.' + name, x['id'], unless(UNLIMITED, x[field]))
    return want


IMAGE = '''queued saving active killed deleted pending_delete deactivated
    uploading importing'''.split()
VISIBILITY = 'public private shared community'.split()


def image(client):
    want = Samples()
    rows = again(client, 'image', '/v2/images?limit=100', 'images')
    want.groups('image.by_status', [(x['status'], 1) for x in rows], IMAGE)
    want.groups('image.by_visibility', [(x['visibility'], 1) for x in rows],
                VISIBILITY)
    want.groups('image.by_format', [(x['disk_format'], 1) for x in rows])
    want.groups('image.size.by_visibility', [
        (x['visibility'], x['size']) for x in rows], VISIBILITY)
    return want


# ---- Octavia ---------------------------------------------------------------

# lists have these names and the right ones, single answers these alone
MISSPELT = {'loadbalancer': 'load_balancer', 'healthmonitor': 'health_monitor'}
ON = 'ONLINE DRAINING OFFLINE DEGRADED ERROR NO_MONITOR'.split()
MADE = '''ACTIVE DELETED ERROR PENDING_CREATE PENDING_UPDATE
    PENDING_DELETE'''.split()
AMPHORA = '''BOOTING ALLOCATED READY PENDING_CREATE PENDING_DELETE DELETED
    ERROR FAILOVER_STOPPED'''.split()
LB_QUOTAS = '''loadbalancer listener pool member healthmonitor l7policy
    l7rule'''.split()
# statistics only rise
LB_STATISTICS = (('bytes.in', 'bytes_in'), ('bytes.out', 'bytes_out'),
                 ('connections.active', 'active_connections'),
                 ('connections.total', 'total_connections'),
                 ('request_errors', 'request_errors'))


def by_status(want, word, rows):
    for name, known in (('operating', ON), ('provisioning', MADE)):
        want.groups('%s.%s.by_status' % (word, name),
                    [(x[name + '_status'], 1) for x in rows], known)


def loadbalancer(client):
    want, lb = Samples(), 'load-balancer'
    balancers = again(client, lb, '/v2/lbaas/loadbalancers', 'loadbalancers')
    by_status(want, 'loadbalancer', balancers)
    for name in 'listener', 'pool':
        rows = every(client, lb, '/v2/lbaas/%ss' % name, name + 's')
        word = 'loadbalancer.' + name
        want.count_all(word, [x['project_id'] for x in rows])
        by_status(want, word, rows)
        for x in rows:
            want.add(word + '.operating', x['id'],
                     state(OPERATING, x['operating_status']))
            want.add(word + '.provisioning', x['id'],
                     state(PROVISIONING, x['provisioning_status']))
            if name == 'pool':
                want.add(word + '.members', x['id'], len(x['members']))
            else:
                want.add(word + '.connection_limit', x['id'],
                         unless(UNLIMITED, x['connection_limit']))
    rows = every(client, lb, '/v2/lbaas/healthmonitors', 'healthmonitors')
    want.add('loadbalancer.healthmonitor.total', 'total', len(rows))
    want.groups('loadbalancer.healthmonitor.operating.by_status',
                [(x['operating_status'], 1) for x in rows], ON)
    amphorae(client, want)
    members(client, want)
    for x in balancers:
        stats = one(client, lb, '/v2/lbaas/loadbalancers/%s/stats' % x['id'],
                    'stats')
        for name, field in LB_STATISTICS:
            want.add('loadbalancer.' + name, x['id'], stats[field])
    return want


def members(client, want):
    """pool by pool; which there are the plugin knows from their own walk"""
    rows, word = [], 'loadbalancer.member.'
    for pool_ in again(client, 'load-balancer', '/v2/lbaas/pools', 'pools'):
        rows += every(client, 'load-balancer',
                      '/v2/lbaas/pools/%s/members' % pool_['id'], 'members')
    want.groups(word + 'by_status', [
        (x['operating_status'], 1) for x in rows], ON)
    for x in rows:
        want.add(word + 'operating', x['id'],
                 state(OPERATING, x['operating_status']))
        want.add(word + 'provisioning', x['id'],
                 state(PROVISIONING, x['provisioning_status']))
        want.add(word + 'enabled', x['id'], int(x['admin_state_up']))
        want.add(word + 'weight', x['id'], x['weight'])


def amphorae(client, want):
    rows = every(client, 'load-balancer', '/v2/octavia/amphorae', 'amphorae')
    word = 'loadbalancer.amphora.'
    want.add(word + 'total', 'total', len(rows))
    want.groups(word + 'by_status', [(x['status'], 1) for x in rows], AMPHORA)
    want.groups(word + 'by_role', [(x['role'], 1) for x in rows])
    for x in rows:
        want.add(word + 'status', x['id'], AMPHORA.index(x['status']))
    for x in again(client, 'load-balancer', '/v2/lbaas/quotas', 'quotas'):
        for key in LB_QUOTAS:
            want.add('loadbalancer.quota.%s.limit' % key, x['project_id'],
                     unless(UNLIMITED, x[key]))
    x = one(client, 'load-balancer', '/v2/lbaas/quotas/defaults', 'quota')
    for key in LB_QUOTAS:
        want.add('loadbalancer.quota.default.%s.limit' % key, 'default',
                 unless(UNLIMITED, x[MISSPELT.get(key, key)]))


# ---- Designate, Manila -----------------------------------------------------

DNS = 'ACTIVE PENDING DELETED ERROR'.split()
DNS_SERVICE = 'UP DOWN WARNING STOPPED'.split()


def dns(client):
    want = Samples()
    headers = {'X-Auth-All-Projects': 'true'}
    for name, path in (('zone', 'zones'), ('recordset', 'recordsets')):
        rows = again(client, 'dns', '/v2/' + path, path, headers=headers)
        want.groups('dns.%s.by_status' % name, [
            (x['status'], 1) for x in rows], DNS)
    rows = every(client, 'dns', '/v2/service_statuses', 'service_statuses')
    for x in rows:
        want.add('dns.service.health',
                 '%s@%s' % (x['service_name'], x['hostname']),
                 int(x['status'] == 'UP'))
    want.groups('dns.service.by_status', [(x['status'], 1) for x in rows],
                DNS_SERVICE)
    return want


SHARE_QUOTAS = '''shares gigabytes snapshots snapshot_gigabytes share_networks
    share_groups share_replicas replica_gigabytes'''.split()


def manila(version):
    return {'X-OpenStack-Manila-API-Version': version}


# counted where no share has them, too
SHARE_STATUS = '''available creating deleting error error_deleting extending
    extending_error shrinking shrinking_error migrating inactive'''.split()
SNAPSHOT_STATUS = '''available creating deleting error error_deleting
    manage_starting manage_error unmanage_starting unmanage_error
    restoring'''.split()


def shares(client, want):
    """each once, of whatever page"""
    found, n, page = {}, 0, True
    while page:
        page = client.get('sharev2', '/v2/shares/detail?all_tenants=1&'
                          'limit=400&offset=%d' % n,
                          headers=manila('2.42'))['shares']
        found.update((x['id'], x) for x in page)
        n += len(page)
    rows = found.values()
    want.groups('manila.share.by_status', [(x['status'], 1) for x in rows],
                SHARE_STATUS)
    want.groups('manila.share.by_type', [
        (x.get('share_type_name'), 1) for x in rows])
    want.groups('manila.share.size.by_host', [
        (x['host'], x['size']) for x in rows])


def share(client):
    want = Samples()
    shares(client, want)
    rows = every(client, 'sharev2', '/v2/services', 'services',
                 headers=manila('2.65'))
    services(want, 'manila', rows)
    for x in every(client, 'sharev2', '/v2/scheduler-stats/pools/detail',
                   'pools', headers=manila('2.65')):
        pool(want, 'manila.pool.', x['name'], x['capabilities'])
    rows = by_offset(client, 'sharev2',
                     '/v2/snapshots/detail?all_tenants=1&limit=1000',
                     'snapshots', headers=manila('2.65'))
    want.count_all('manila.snapshot', [x['project_id'] for x in rows])
    want.groups('manila.snapshot.by_status', [(x['status'], 1) for x in rows],
                SNAPSHOT_STATUS)
    for x in rows:
        want.add('manila.snapshot.size', x['id'], x['size'])
    for project in projects(client):
        answer = one(client, 'sharev2', '/v2/quota-sets/%s/detail' % project,
                       'quota_set', headers=manila('2.62'))
        for key in SHARE_QUOTAS:
            want.add('manila.quota.%s.limit' % key, project,
                     unless(UNLIMITED, answer[key]['limit']))
            want.add('manila.quota.%s.used' % key, project,
                     unless(UNLIMITED, answer[key]['in_use']))
    return want


SERVICES = {
    'nova': compute, 'placement': placement, 'neutron': network,
    'cinder': volume, 'keystone': identity, 'glance': image,
    'octavia': loadbalancer, 'designate': dns, 'manila': share,
}


def everything(client):
    """of the services that run; and anew how many requests it takes"""
    want = Samples()
    client.login()
    expect.REQUESTS.clear()
    for name, type_ in expect.TYPES.items():
        for module in expect.SERVICES, SERVICES:
            if type_ in client.catalog and name in module:
                want.update(module[name](client))
    return want
