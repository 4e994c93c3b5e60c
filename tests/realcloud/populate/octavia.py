"""Load balancers in all statuses, some with a listener and a pool of members,
amphorae, quotas"""
from populate import NAMES, projects, sql, uid

LBAAS = '/v2.0/lbaas/'
OPERATING = ('ONLINE', 'OFFLINE', 'DEGRADED', 'ERROR', 'NO_MONITOR')
PROVISIONING = ('ACTIVE', 'ACTIVE', 'ERROR', 'PENDING_UPDATE',
                'PENDING_CREATE', 'PENDING_DELETE')


def fill(client):
    ids = projects(client)

    def post(kind, body, path=None):
        made = client.post('load-balancer', LBAAS + (path or kind + 's'),
                           {kind: body})
        # a provider's work
        for table in ('load_balancer', 'listener', 'pool', 'member',
                      'health_monitor'):
            sql('octavia', 'update %s set provisioning_status="ACTIVE"' % table)
        return made[kind]['id']

    balancers = []
    for i in range(14):
        balancers.append(post('loadbalancer', {
            'name': NAMES[i], 'project_id': ids[i % 8],
            'vip_subnet_id': uid('subnet', i),
            'vip_address': '192.0.2.%d' % (i + 1)}))
    for i, id_ in enumerate(balancers[:6]):
        post('listener', {'name': 'listener %d' % i, 'loadbalancer_id': id_,
                          'protocol': 'HTTP', 'protocol_port': 80,
                          'connection_limit': (-1, 1000)[i % 2]})
        pool = post('pool', {'name': 'pool "%d"' % i, 'loadbalancer_id': id_,
                             'protocol': 'HTTP',
                             'lb_algorithm': 'ROUND_ROBIN'})
        for j in range(i % 4):
            post('member', {'address': '10.9.%d.%d' % (i, j + 1),
                            'protocol_port': 8080}, 'pools/%s/members' % pool)
        if i < 2:
            post('healthmonitor', {'pool_id': pool, 'type': 'HTTP', 'delay': 5,
                                   'timeout': 4, 'max_retries': 3})
    amphorae(balancers)
    statistics()
    for i, quota in ((1, {'load_balancer': 20, 'listener': -1, 'pool': 0,
                          'l7policy': 3, 'l7rule': 4}),
                     (2, {'member': 2000000000, 'health_monitor': 5,
                          'listener': 6})):
        client.put('load-balancer', LBAAS + 'quotas/' + ids[i],
                   {'quota': quota})
    for i, id_ in enumerate(balancers):
        sql('octavia', 'update load_balancer set operating_status=?, '
            'provisioning_status=? where id=?', OPERATING[i % 5],
            PROVISIONING[i % 6], id_)
    for table in ('listener', 'pool', 'member'):
        rows = sql('octavia', 'select id from %s order by id' % table)
        for i, (id_,) in enumerate(rows):
            sql('octavia', 'update %s set operating_status=?, '
                'provisioning_status=? where id=?' % table, OPERATING[i % 5],
                PROVISIONING[i % 4], id_)


def statistics():
    """of each listener on two amphorae, of which one may count no more what is
    open, and what a provider without amphorae tells"""
    rows = sql('octavia', 'select id from listener order by id')
    for i, (id_,) in enumerate(rows):
        for amphora in (uid('amphora', 1), uid('amphora', 7),
                        id_)[:i % 4]:
            sql('octavia', 'insert into listener_statistics (listener_id, '
                'amphora_id, bytes_in, bytes_out, active_connections, '
                'total_connections, request_errors) values (?,?,?,?,?,?,?)',
                id_, amphora, 2 ** 40 + i, 7 * i, 3 + i, 1000 * i, i % 2)


def amphorae(balancers):
    for i, status in enumerate((
            'BOOTING', 'ALLOCATED', 'ALLOCATED', 'READY', 'PENDING_CREATE',
            'PENDING_DELETE', 'DELETED', 'ERROR', 'ALLOCATED')):
        sql('octavia', 'insert into amphora (id, load_balancer_id, status, '
            'role, cert_expiration, cert_busy, created_at) '
            'values (?, ?, ?, ?, ?, 0, "2020-01-01 00:00:00")',
            uid('amphora', i), balancers[i] if i % 3 else None, status,
            (None, 'MASTER', 'BACKUP', 'STANDALONE')[i % 4],
            '2030-01-0%d 00:00:00' % (i + 1) if i else None)
