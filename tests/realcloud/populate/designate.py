"""30 zones in all statuses, with some record sets"""
from populate import projects, sql, uid


def fill(client):
    for i, project in enumerate(projects(client)):
        headers = {'X-Auth-Sudo-Project-ID': project}
        for j in range(i % 4):
            zone = client.post('dns', '/v2/zones', {
                'name': 'zone%d.project%d.example.org.' % (j, i),
                'ttl': 300 + j, 'email': 'admin@example.org'},
                headers=headers)
            for k in range(j):
                client.post('dns', '/v2/zones/%s/recordsets' % zone['id'], {
                    'name': 'www%d.%s' % (k, zone['name']), 'type': 'A',
                    'records': ['192.0.2.%d' % (k + 1)]}, headers=headers)
    # a worker's work; there are no DNS servers
    for table in ('zones', 'records'):
        sql('designate', 'update %s set status="ACTIVE", action="NONE"' % table)
    for n, status in enumerate(('ERROR', 'PENDING', 'PENDING')):
        sql('designate', 'update zones set status=? where id=(select id from '
            'zones where deleted="0" order by name limit 1 offset ?)',
            status, n)
    sql('designate', 'update zones set serial=4294967295 where id=(select id '
        'from zones where deleted="0" order by name limit 1 offset 4)')
    for n, (name, status) in enumerate((
            ('central', 'UP'), ('api', 'UP'), ('worker', 'DOWN'),
            ('producer', 'WARNING'), ('mdns', 'UP'), ('worker', 'UP'))):
        sql('designate', 'insert into service_statuses (id, created_at, '
            'service_name, hostname, heartbeated_at, status, stats, '
            'capabilities) values (?, ?, ?, ?, ?, ?, "{}", "{}")',
            uid('status', n).replace('-', ''), '2020-01-01 00:00:00', name,
            'dns%d' % n, '2020-01-01 00:00:00', status)
