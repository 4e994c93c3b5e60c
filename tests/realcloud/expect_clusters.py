"""What the plugin has to write of Heat's, Ironic's, Magnum's and Trove's
meters: as expect_health.py."""
from expect import Samples, every
from expect_health import UP

# the services' types in this cloud's catalogue
TYPES = {'heat': 'orchestration', 'ironic': 'baremetal',
         'magnum': 'container-infra', 'trove': 'database'}

# OpenStack-exporter's numbers of a stack's status: of each action those of its
# statuses, in this order
ACTIONS = '''INIT CREATE DELETE UPDATE ROLLBACK SUSPEND RESUME ADOPT SNAPSHOT
    CHECK'''.split()
PROGRESS = 'IN_PROGRESS FAILED COMPLETE'.split()
STACK = ['%s_%s' % (a, s) for a in ACTIONS for s in PROGRESS]

NODE = ('enroll', 'verifying', 'manageable', 'available', 'active', 'deploying',
        'wait call-back', 'deploy failed', 'cleaning', 'clean wait',
        'clean failed', 'inspecting', 'inspect wait', 'inspect failed',
        'deleting', 'error', 'rescue', 'rescuing', 'rescue failed', 'adopting',
        'adopt failed')
CLUSTER = '''CREATE_COMPLETE CREATE_FAILED CREATE_IN_PROGRESS UPDATE_IN_PROGRESS
    UPDATE_FAILED UPDATE_COMPLETE DELETE_IN_PROGRESS DELETE_FAILED
    DELETE_COMPLETE RESUME_COMPLETE RESUME_FAILED RESTORE_COMPLETE
    ROLLBACK_IN_PROGRESS ROLLBACK_FAILED ROLLBACK_COMPLETE SNAPSHOT_COMPLETE
    CHECK_COMPLETE ADOPT_COMPLETE'''.split()
HEALTH = 'HEALTHY UNHEALTHY UNKNOWN'.split()


def number(known, status):
    return known.index(status) if status in known else -1


def orchestration(client):
    """a page that is full has a link to the next, whatever is there"""
    want, word = Samples(), 'orchestration.stack'
    client.login()
    root = '/v1/' + client.project_id
    rows = every(client, 'orchestration',
                 root + '/stacks?global_tenant=True&limit=1000', 'stacks')
    want.count_all(word, [x['project'] for x in rows])
    want.groups(word + '.by_status', [(x['stack_status'], 1) for x in rows],
                STACK)
    want.sum(word + '.failed.total', [
        x['stack_status'].endswith('_FAILED') for x in rows])
    for x in rows:
        want.add(word + '.status', x['id'], number(STACK, x['stack_status']))
    rows = every(client, 'orchestration', root + '/services', 'services')
    want.groups('orchestration.service.up.by_host', [
        (x['hostname'], UP[x['status']]) for x in rows])
    for x in rows:
        want.add('orchestration.service.health', '%s@%s:%s' % (
            x['binary'], x['hostname'], x['engine_id']), UP[x['status']])
    return want


def baremetal(client):
    want, word = Samples(), 'baremetal.node.'
    version = {'X-OpenStack-Ironic-API-Version': '1.50'}
    rows = every(client, 'baremetal', '/v1/nodes/detail?limit=1000', 'nodes',
                 headers=version)
    want.add(word + 'total', 'total', len(rows))
    for name, known in (('provision_state', NODE),
                        ('power_state', ('power on', 'power off', 'error')),
                        ('resource_class', ()), ('conductor_group', ())):
        want.groups(word + 'by_' + name, [(x[name], 1) for x in rows], known)
    want.sum(word + 'maintenance.total', [x['maintenance'] for x in rows])
    want.sum(word + 'fault.total', [bool(x['fault']) for x in rows])
    want.sum(word + 'free.total', [
        not x['instance_uuid'] for x in rows
        if x['provision_state'] == 'available'])
    for x in rows:
        want.add(word + 'power', x['uuid'], {
            'power on': 1, 'power off': 0}.get(x['power_state'], -1))
        want.add(word + 'maintenance', x['uuid'], int(x['maintenance']))
    for x in every(client, 'baremetal', '/v1/conductors?limit=1000',
                   'conductors', headers=version):
        want.add('baremetal.conductor.health', x['hostname'], int(x['alive']))
    return want


def container(client):
    want, word = Samples(), 'container.cluster'
    rows = every(client, 'container-infra', '/v1/clusters/detail?limit=1000',
                 'clusters')
    want.count_all(word, [x['project_id'] for x in rows])
    want.groups(word + '.by_status', [(x['status'], 1) for x in rows], CLUSTER)
    want.groups(word + '.by_health', [(x['health_status'], 1) for x in rows],
                HEALTH)
    for x in rows:
        want.add(word + '.masters', x['uuid'], x['master_count'])
        want.add(word + '.nodes', x['uuid'], x['node_count'])
        want.add(word + '.status', x['uuid'], number(CLUSTER, x['status']))
    for x in every(client, 'container-infra', '/v1/mservices', 'mservices'):
        want.add('container.service.health', '%s@%s' % (
            x['binary'], x['host']), UP[x['state']])
    return want


def database(client):
    """those in clusters, too; Trove knows no pages here"""
    want, word = Samples(), 'database.instance'
    client.login()
    rows = every(client, 'database', '/v1.0/%s/mgmt/instances?deleted=False'
                 '&include_clustered=True' % client.project_id, 'instances')
    want.count_all(word, [x['tenant_id'] for x in rows])
    want.groups(word + '.by_status', [(x['status'], 1) for x in rows])
    want.sum(word + '.volume.total', [x['volume']['size'] or 0 for x in rows])
    return want


def everything(client):
    want = Samples()
    for part in orchestration, baremetal, container, database:
        want.update(part(client))
    return want
