"""Load balancers in all statuses, some with a listener and a pool"""
from populate import NAMES, projects, sql, uid

LBAAS = '/v2.0/lbaas/'
OPERATING = ('ONLINE', 'OFFLINE', 'DEGRADED', 'ERROR', 'NO_MONITOR')
PROVISIONING = ('ACTIVE', 'ACTIVE', 'ERROR', 'PENDING_UPDATE',
                'PENDING_CREATE', 'PENDING_DELETE')


def fill(client):
    ids = projects(client)

    def post(kind, body):
        made = client.post('load-balancer', LBAAS + kind + 's', {kind: body})
        # a provider's work
        for table in ('load_balancer', 'listener', 'pool'):
            sql('octavia', 'update %s set provisioning_status="ACTIVE"' % table)
        return made[kind]['id']

    balancers = []
    for i in range(14):
        balancers.append(post('loadbalancer', {
            'name': NAMES[i], 'project_id': ids[i % 8],
            'vip_subnet_id': uid('subnet', i),
            'vip_address': '192.0.2.%d' % (i + 1)}))
    for i, id_ in enumerate(balancers[:3]):
        post('listener', {'name': 'listener %d' % i, 'loadbalancer_id': id_,
                          'protocol': 'HTTP', 'protocol_port': 80})
        post('pool', {'name': 'pool "%d"' % i, 'loadbalancer_id': id_,
                      'protocol': 'HTTP', 'lb_algorithm': 'ROUND_ROBIN'})
    for i, id_ in enumerate(balancers):
        sql('octavia', 'update load_balancer set operating_status=?, '
            'provisioning_status=? where id=?', OPERATING[i % 5],
            PROVISIONING[i % 6], id_)
