"""Floating IPs, ports, networks and routers in all statuses, VPN services and
connections, subnets of both versions, agents that are alive, dead and disabled,
quotas"""
import json

from populate import DISABLED, NAMES, projects, sql, uid


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
    odd_networks(client, post, ids)
    quotas(client, ids)
    agents()
    # their work
    rows = sql('neutron', 'select id from floatingips '
               'order by floating_ip_address')
    for n, (id_,) in enumerate(rows):
        sql('neutron', 'update floatingips set status=? where id=?',
            ('ACTIVE', 'DOWN', 'ACTIVE', 'ERROR')[n % 4], id_)
    for table, statuses in (('ports', ('ACTIVE', 'DOWN', 'BUILD')),
                            ('networks', ('ACTIVE', 'DOWN', 'ACTIVE', 'ERROR')),
                            ('routers', ('ACTIVE', 'ACTIVE', 'ERROR'))):
        rows = sql('neutron', 'select p.id from %s p join standardattributes s '
                   'on s.id=p.standard_attr_id where p.status<>"N/A" '
                   'order by s.id' % table)
        for n, (id_,) in enumerate(rows):
            sql('neutron', 'update %s set status=? where id=?' % table,
                statuses[n % len(statuses)], id_)


def odd_networks(client, post, ids):
    """IPv6 beyond 64 bits, a pool that is smaller than what is used, a shared
    network, one without subnets and its ports without addresses, ports that
    no agent binds, ports of load balancers"""
    mine = {'tenant_id': ids[7]}
    both = post('network', dict(mine, name='both ü', shared=True))['id']
    post('subnet', dict(mine, network_id=both, ip_version=6, name='v6 "x"',
                        cidr='2001:db8::/48'))
    v4 = post('subnet', dict(
        mine, network_id=both, ip_version=4, cidr='10.100.0.0/24',
        allocation_pools=[{'start': '10.100.0.10', 'end': '10.100.0.11'}]))
    for n in range(5):
        post('port', dict(
            mine, network_id=both, device_id=uid('balancer', n),
            device_owner='neutron:LOADBALANCERV2' if n else '',
            fixed_ips=[{'subnet_id': v4['id'],
                        'ip_address': '10.100.0.%d' % (100 + n)}]))
    bare = post('network', dict(mine, name=''))['id']
    for n in range(4):
        post('port', {'tenant_id': ids[n], 'network_id': bare,
                      'device_owner': 'compute:süd' if n else '',
                      'binding:host_id': 'compute9' if n == 2 else ''})
    for n in range(3):
        post('security_group', {'tenant_id': ids[n], 'name': NAMES[n]},
             'security-groups')
    post('subnetpool', {'name': 'pool', 'prefixes': ['10.200.0.0/16'],
                        'default_prefixlen': 24})
    for n in range(2):
        post('address_scope', {'tenant_id': ids[n], 'ip_version': 4,
                               'name': NAMES[n]}, 'address-scopes')


def quotas(client, ids):
    for project, quota in ((ids[1], {'network': -1, 'port': 7}),
                           (ids[2], {'security_group': 2147483647,
                                     'subnet': -1}),
                           (ids[3], {'subnet': 3, 'subnetpool': 0}),
                           (ids[DISABLED], {'floatingip': 0})):
        client.put('network', '/v2.0/quotas/' + project, {'quota': quota})


def agents():
    routers = sql('neutron', 'select id from routers order by id')
    kinds = (('L3 agent', 'neutron-l3-agent', 'l3_agent',
              {'routers': 3, 'ex_gw_ports': 3}),
             ('DHCP agent', 'neutron-dhcp-agent', 'dhcp_agent',
              {'networks': 7, 'ports': 21, 'subnets': 8}),
             ('Open vSwitch agent', 'neutron-openvswitch-agent', 'N/A',
              {'devices': 4}),
             ('Metadata agent', 'neutron-metadata-agent', 'N/A', {}))
    for n in range(13):
        type_, binary, topic, configurations = kinds[n % 4]
        insert('agents', id=uid('agent', n), agent_type=type_, binary=binary,
               topic=topic, host='node%d' % (n // 4), description=None,
               availability_zone=None if n % 4 > 1 else 'nova',
               admin_state_up=n % 5 != 3, created_at='2020-01-01 00:00:00',
               started_at='2020-01-01 00:00:00', load=0,
               heartbeat_timestamp='2020-01-01 00:00:00' if n % 6 == 5 else
               sql('neutron', 'select datetime("now")')[0][0],
               configurations=json.dumps(configurations))
        for k, (id_,) in enumerate(routers if n % 4 == 0 else ()):
            if (k + n // 4) % 3:
                insert('routerl3agentbindings', router_id=id_,
                       l3_agent_id=uid('agent', n), binding_index=n // 4 + 1)


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
