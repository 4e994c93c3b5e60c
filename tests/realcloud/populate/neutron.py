"""Floating IPs in all statuses, VPN services and connections"""
from populate import NAMES, projects, sql, uid


def fill(client):
    ids = projects(client)

    def post(kind, body, path=None):
        return client.post('network', '/v2.0/' + (path or kind + 's'),
                           {kind: body})[kind]

    outside = post('network', {
        'name': 'outside', 'router:external': True,
        'provider:network_type': 'flat',
        'provider:physical_network': 'public'})['id']
    post('subnet', {'network_id': outside, 'ip_version': 4,
                    'enable_dhcp': False, 'cidr': '203.0.113.0/24'})
    for i, project in enumerate(ids[:6]):
        subnet, router = inside(client, post, outside, i, project)
        if i < 4:
            vpn(post, i, project, subnet, router)
    # an agent's work
    rows = sql('neutron', 'select id from floatingips '
               'order by floating_ip_address')
    for n, (id_,) in enumerate(rows):
        sql('neutron', 'update floatingips set status=? where id=?',
            ('ACTIVE', 'DOWN', 'ACTIVE', 'ERROR')[n % 4], id_)


def inside(client, post, outside, i, project):
    """a network with a router and three floating IPs, of which two are used"""
    mine = {'tenant_id': project}
    network = post('network', dict(mine, name=NAMES[i]))['id']
    subnet = post('subnet', dict(mine, network_id=network, ip_version=4,
                                 cidr='10.%d.0.0/24' % i))['id']
    router = post('router', dict(mine, name='router ü %d' % i,
                                 external_gateway_info={
                                     'network_id': outside}))['id']
    client.put('network', '/v2.0/routers/%s/add_router_interface' % router,
               {'subnet_id': subnet})
    for j in range(3):
        ip = dict(mine, floating_network_id=outside,
                  description=NAMES[i * 3 + j])
        if j < 2:
            ip['port_id'] = post('port', dict(
                mine, network_id=network, device_owner='compute:nova',
                device_id=uid('server', i * 3 + j)))['id']
        post('floatingip', ip)
    return subnet, router


def insert(table, **row):
    sql('neutron', 'insert into %s (%s) values (%s)' % (
        table, ','.join(row), ','.join('?' * len(row))), *row.values())


def vpn(post, i, project, subnet, router):
    """rows: VPNaaS opens a second session inside its first, which SQLite
    does not survive"""
    ike = post('ikepolicy', {'name': 'ike%d' % i, 'tenant_id': project},
               'vpn/ikepolicies')['id']
    ipsec = post('ipsecpolicy', {'name': 'ips%d' % i, 'tenant_id': project},
                 'vpn/ipsecpolicies')['id']
    service = uid('vpnservice', i)
    insert('vpnservices', id=service, project_id=project, name='vpn "%d"' % i,
           description='', admin_state_up=True, subnet_id=subnet,
           status=('ACTIVE', 'DOWN', 'ERROR', 'PENDING_CREATE')[i],
           external_v4_ip='203.0.113.%d' % (2 + i), router_id=router)
    for j in range(i % 3):
        n = i * 4 + j
        peer = '198.51.100.%d' % (n + 1)
        insert('ipsec_site_connections', id=uid('connection', n),
               project_id=project, name='connection-%d' % n, description='',
               peer_address=peer, peer_id=peer, local_id='', mtu=1500,
               route_mode='static', initiator='bi-directional',
               auth_mode='psk', psk='a-pre-shared-key', dpd_action='hold',
               dpd_interval=30, dpd_timeout=120, admin_state_up=True,
               status=('ACTIVE', 'DOWN')[j], vpnservice_id=service,
               ipsecpolicy_id=ipsec, ikepolicy_id=ike)
        insert('ipsecpeercidrs', cidr='192.168.%d.0/24' % n,
               ipsec_site_connection_id=uid('connection', n))
