"""1000 more images, volumes, floating IPs and projects, as rows; an account of
Swift's for each of those projects, by its API"""
from populate import copies, sql, uid

N = 1000


def there():
    return bool(sql('cinder', 'select 1 from volumes where id=?',
                    uid('copy of volumes', 0)))


def floating_ips():
    """Each has an entry of its own in the table of what all kinds have."""
    kind = "resource_type='floatingips'"
    top = 1 + sql('neutron', 'select max(id) from standardattributes')[0][0]
    copies('neutron', 'standardattributes', kind, N, lambda k: {'id': top + k})
    copies('neutron', 'floatingips', 'true', N, lambda k: {
        'floating_ip_address': '198.18.%d.%d' % divmod(k, 256),
        'fixed_port_id': None, 'fixed_ip_address': None, 'router_id': None,
        'standard_attr_id': top + k})


def projects(client):
    ids = [uid('copy of project', k).replace('-', '') for k in range(N)]
    copies('keystone', 'project', "enabled and not is_domain", N,
           lambda k: {'id': ids[k], 'name': 'many-%04d' % k})
    for id_ in ids:
        client.call('POST', 'object-store', '/v1/AUTH_' + id_,
                    headers={'X-Account-Meta-Note': 'empty'})


def fill(client):
    if there():
        return
    copies('glance', 'images', "status='active' and not os_hidden", N,
           lambda k: {'name': 'many-%04d' % k})
    floating_ips()
    projects(client)
    copies('cinder', 'volumes', "status='available' and not deleted", N,
           lambda k: {'display_name': 'many-%04d' % k})
