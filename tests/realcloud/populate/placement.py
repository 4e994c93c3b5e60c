"""Providers of resources: Nova's hosts (one full, one with everything reserved,
one with dedicated CPUs only), one below another, one that shares its disk, one
without any inventory, and one whose name is free text"""
from populate import projects, uid

HOSTS = 8
V = {'OpenStack-API-Version': 'placement 1.36'}


def host_inventory(n):
    have = {
        'VCPU': {'total': 32, 'allocation_ratio': (4.0, 16.0, 1.1)[n % 3]},
        'MEMORY_MB': {'total': 131072, 'reserved': 512,
                      'allocation_ratio': (1.0, 1.5, 0.9)[n % 3]},
        'DISK_GB': {'total': 2000 + n}}
    if n == 1:
        have['VCPU']['allocation_ratio'] = 1.0
    if n == 2:
        have['DISK_GB']['reserved'] = 2002
    if n == 5:
        have['PCPU'] = have.pop('VCPU')
    return have


def fill(client):
    def put(path, body):
        client.put('placement', path, body, headers=V)

    def provider(id_, name, inventories, parent=None):
        body = {'uuid': id_, 'name': name}
        if parent:
            body['parent_provider_uuid'] = parent
        client.post('placement', '/resource_providers', body, headers=V)
        put('/resource_providers/%s/inventories' % id_, {
            'resource_provider_generation': 0, 'inventories': inventories})

    def allocate(n, id_, **resources):
        put('/allocations/' + uid('consumer', n), {
            'allocations': {id_: {'resources': resources}},
            'project_id': project, 'user_id': 'nobody',
            'consumer_generation': None})

    project = projects(client)[1]
    put('/resource_classes/CUSTOM_LICENSE', None)
    for n in range(HOSTS):
        provider(uid('compute', n), 'compute%d.real' % n, host_inventory(n))
    gpu, pool = uid('provider', 0), uid('provider', 1)
    provider(gpu, 'compute0.real_pci_0000:84:00.0', {
        'VGPU': {'total': 16, 'reserved': 1},
        'CUSTOM_LICENSE': {'total': 2147483647}}, uid('compute', 0))
    provider(pool, 'Speicher "größer"/1', {
        'DISK_GB': {'total': 1048576, 'reserved': 1024,
                    'allocation_ratio': 20.5}})
    put('/resource_providers/%s/traits' % pool, {
        'resource_provider_generation': 1,
        'traits': ['MISC_SHARES_VIA_AGGREGATE']})
    for id_ in pool, uid('compute', 6), uid('compute', 7):
        put('/resource_providers/%s/aggregates' % id_, {
            'resource_provider_generation': 2 if id_ == pool else 1,
            'aggregates': [uid('aggregate', 0)]})
    provider(uid('provider', 2), 'empty', {})
    allocate(0, uid('compute', 1), VCPU=32, MEMORY_MB=65536)     # full
    allocate(1, gpu, VGPU=15, CUSTOM_LICENSE=2000000000)
    allocate(2, pool, DISK_GB=500000)
    allocate(3, uid('compute', 5), PCPU=7)
