#!/usr/bin/python3
# services: keystone glance cinder neutron
"""Three lines in collectd.conf, and a clouds.yaml; then what an operator may
choose beyond: names, filters, meta data, meters of one's own.
"""
import collections
import fnmatch
import http.server
import json
import os
import threading

from cloud import AUTH_URL, DIR, PASSWORD, REGION, Client
from daemon import LISTINGS, ROWS, Collectd, cloud
import expect
import expect_health
import tap

# the type of a service that has another one here
OTHERS = {'shared-file-system': 'sharev2'}
CLOUDS = '''\
clouds:
  prod:
    auth:
      auth_url: %s
      username: poller
      project_name: service
      user_domain_name: Default
      project_domain_id: default
    region_name: %s
''' % (AUTH_URL, REGION)
SECURE = 'clouds: {prod: {auth: {password: %s}}}\n' % PASSWORD


def home():
    """of an operator with these two files"""
    top = os.path.join(DIR, 'home')
    folder = os.path.join(top, '.config', 'openstack')
    os.makedirs(folder, exist_ok=True)
    for name, text in (('clouds', CLOUDS), ('secure', SECURE)):
        path = os.path.join(folder, name + '.yaml')
        with open(path, 'w') as f:
            f.write(text)
        os.chmod(path, 0o600)
    return {'HOME': top, 'XDG_CONFIG_HOME': '', 'OS_CLIENT_CONFIG_FILE': ''}


def quiet(daemon, name):
    tap.is_(daemon.log('error', 'warning'), [], name + ': no complaint')


def usual(row, catalog):
    """Quotas of projects come one after the other, within an hour; ages are
    others each time."""
    runs = row.listing in LISTINGS and {row.service,
                                        OTHERS.get(row.service)} & set(catalog)
    return runs and row.choice == 'always' and row.root != 'yes' and \
        '.api.' not in row.name and not row.name.endswith('.age') and \
        row.paced != 'yes'


def three_lines(client, environment):
    """every meter that is reported unless asked otherwise, of the services that
    run"""
    client.login()
    chosen = {row.name: row for row in ROWS if usual(row, client.catalog)}
    want = {k: n for k, n in expect_health.everything(client).items()
            if k[0] in chosen}
    listings = {row.listing for row in chosen.values()}
    with Collectd('<Cloud "prod">\n</Cloud>\n', environment=environment) as d:
        tap.ok(d.wait_all('prod', listings, 1, 30), 'three lines', *d.log())
        found, twice = d.cycle('prod')
        found = {k: n for k, n in found.items() if k[0] in chosen}
        for meter in sorted({m for m, _ in want} | {m for m, _ in found}):
            tap.same({k: n for k, n in found.items() if k[0] == meter},
                     {k: n for k, n in want.items() if k[0] == meter}, meter)
        tap.is_(twice, [], 'nothing is written twice')
        quiet(d, 'three lines')
        lines = [x for x in d.log('info') if 'clouds.yaml' in x]
        tap.ok(len(lines) == 1 and 'secure.yaml: Password' in lines[0] and
               PASSWORD not in lines[0], 'one line says what came from where',
               *lines)
        tap.ok(d.stop() < 2, 'collectd stops at once')


def short(**keys):
    """a block that takes its login from clouds.yaml"""
    return cloud('prod', **dict({'Interval': 60}, **keys))


def several_regions(client, environment):
    """a second region with Glance: the host says which"""
    glance = client.endpoint('image')
    admin = Client()
    service = [x['id'] for x in admin.get('identity', '/v3/services')['services']
               if x['type'] == 'image'][0]
    admin.call('PUT', 'identity', '/v3/regions/RegionTwo', {'region': {}})
    made = admin.post('identity', '/v3/endpoints', {'endpoint': {
        'service_id': service, 'interface': 'public', 'region_id': 'RegionTwo',
        'url': glance}})['endpoint']['id']
    want = expect.images(client)
    try:
        with Collectd(short(Meter=expect.IMAGES, Region=[REGION, 'RegionTwo']),
                      environment=environment) as d:
            for region in (REGION, 'RegionTwo'):
                host = 'prod.' + region
                d.wait(lambda: ('up', 'prod:images') in d.cycle(host)[0], 20)
                found = {k: n for k, n in d.cycle(host)[0].items()
                         if k[1] != 'prod:images'}
                tap.same(found, want, 'values of ' + host)
            quiet(d, 'several regions')
    finally:
        admin.call('DELETE', 'identity', '/v3/endpoints/' + made)
        admin.call('DELETE', 'identity', '/v3/regions/RegionTwo')


def projects(client):
    """all of them, by id"""
    return {p['id']: p
            for p in client.get('identity', '/v3/projects')['projects']}


def names(client, environment):
    """hosts are projects, plugin instances are images, by name"""
    owners = projects(client)
    want = collections.Counter()
    for x in expect.every(client, 'image', '/v2/images?limit=100', 'images'):
        if x['size'] is not None:
            host = owners[x['owner']]['name'] if x['owner'] else 'prod'
            want[expect.identifier(host),
                 expect.identifier(x['name'] or x['id'])] += 1
    with Collectd(short(Meter='image.size', HostnameFormat='project_name',
                        PluginInstanceFormat='name'),
                  environment=environment) as d:
        d.wait(lambda: sum(v.meter == 'image.size' for v in list(d.values)) >=
               sum(want.values()), 20)
        values = [v for v in d.values if v.meter == 'image.size']
        found = collections.Counter((v.host, expect.cut(v.id)) for v in values)
        alone = {k: n for k, n in want.items() if n == 1}
        tap.same({k: n for k, n in found.items() if k in alone}, alone,
                 "hosts and instances have Keystone's and Glance's names")
        tap.is_(len(values), sum(want.values()), 'no value is lost')
        twice = [k for k, n in collections.Counter(
            (v.host, v.id) for v in values).items() if n > 1]
        tap.is_(twice, [], 'images of one name are told apart')
        quiet(d, 'names')


def filters(client, environment):
    """some projects' values, by names and domain; what is nobody's passes none"""
    domains = {x['id']: x['name'] for x in
               client.get('identity', '/v3/domains')['domains']}
    wanted = {id_ for id_, p in projects(client).items()
              if fnmatch.fnmatchcase(p['name'], 'project-0*') and
              p['name'] != 'project-01' and
              domains[p['domain_id']] != 'Default'}
    owners = {}
    for x in expect.every(client, 'network', '/v2.0/floatingips',
                          'floatingips'):
        owners[x['id']] = x['project_id']
    for x in expect.every(client, 'image', '/v2/images?limit=100', 'images'):
        owners[x['id']] = x['owner']
    everything = expect.images(client)
    everything.update(expect.network(client))
    want = {(m, id_): n for (m, id_), n in everything.items()
            if m in ('image.size', 'ip.floating') and owners[id_] in wanted}
    with Collectd(short(Meter=['image.size', 'ip.floating'],
                        Project=['project-0*', '!project-01'],
                        Domain=['*', '!Default']),
                  environment=environment) as d:
        tap.ok(d.wait_all('prod', ['images', 'floatingips'], 1, 20), 'filters')
        tap.same(d.cycle('prod')[0], want, 'values of the projects that pass')
        tap.ok(0 < len(want) < len(owners), 'which are some, and not all')
        quiet(d, 'filters')


class Sink(http.server.BaseHTTPRequestHandler):
    """collectd's own JSON, which has the meta data"""
    seen = []

    def log_message(self, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        self.seen.extend(json.loads(body))
        self.send_response(200)
        self.send_header('Content-Length', '0')
        self.end_headers()


def ascii_of(text):
    """as collectd's JSON has it"""
    return ''.join(chr(b) if b < 128 else '?' for b in text.encode())


def meta_data(client, environment):
    """project and user by name, and the resource's own fields"""
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    rest = '''\
LoadPlugin write_http
<Plugin write_http>
  <Node "sink">
    URL "http://127.0.0.1:%d/"
    Format "JSON"
    BufferSize 4096
  </Node>
</Plugin>
''' % server.server_port
    owners = projects(client)
    users = {x['id']: x['name'] for x in
             client.get('identity', '/v3/users')['users']}
    client.login()
    want = {}
    for x in expect.every(
            client, 'volumev3', '/v3/%s/volumes/detail?all_tenants=1' %
            client.project_id, 'volumes'):
        project = x['os-vol-tenant-attr:tenant_id']
        want[x['id']] = {
            'project_id': project, 'user_id': x['user_id'], 'unit': 'GiB',
            'project_name': ascii_of(owners[project]['name']),
            'user_name': users[x['user_id']], 'status': x['status']}
    with Collectd(short(Meter='volume.size', Metadata='all',
                        HostnameFormat='cloud'), environment=environment,
                  rest=rest) as d:
        tap.ok(d.wait_all('prod', ['volumes'], 1, 20), 'meta data', *d.log())
        quiet(d, 'meta data')
        d.stop()        # which makes write_http send all
    server.shutdown()
    found = {v['plugin_instance']: v.get('meta', {}) for v in Sink.seen
             if v['type_instance'] == 'volume.size'}
    tap.same({id_: {k: meta.get(k) for k in want.get(id_, meta)}
              for id_, meta in found.items()}, want,
             "each volume's meta data is what Cinder and Keystone say")


OWN = '''\
  <Listing "own_ports">
    Service "network"
    Path "/v2.0/ports"
    Record "ports[]"
    Paging "links"
    Next "ports_links[]"
    ID "id"
  </Listing>
  <Meter "port.by_status">
    Listing "own_ports"
    Aggregate count
    GroupBy "status"
  </Meter>
  <Meter "port.by_network">
    Listing "own_ports"
    Aggregate count
    GroupBy "network_id"
  </Meter>
  <Listing "own_services">
    Service "identity"
    Path "/services"
    Record "services[]"
    Paging "none"
    ID "id"
  </Listing>
  <Meter "service.enabled">
    Listing "own_services"
    Value "enabled"
  </Meter>
'''


def own_meters(client, environment):
    """listings that the plugin has not"""
    want = expect.Samples()
    ports = expect.every(client, 'network', '/v2.0/ports', 'ports')
    for meter, key in (('port.by_status', 'status'),
                       ('port.by_network', 'network_id')):
        for group, n in collections.Counter(x[key] for x in ports).items():
            want.add(meter, group.lower(), n)
    for x in client.get('identity', '/v3/services')['services']:
        want.add('service.enabled', x['id'], int(x['enabled']))
    with Collectd(OWN, short(Meter=['port.*', 'service.enabled']),
                  environment=environment) as d:
        tap.ok(d.wait_all('prod', ['own_ports', 'own_services'], 1, 20), 'own meters',
               *d.log())
        found = {(m, id_.lower()): n for (m, id_), n in
                 d.cycle('prod')[0].items()}
        tap.same(found, want, "ports and services are the APIs'")
        quiet(d, 'own meters')


def main():
    client = Client('poller', 'service')
    client.login()
    environment = home()
    for part in (three_lines, several_regions, names, filters, meta_data,
                 own_meters):
        part(client, environment)
    tap.done()


if __name__ == '__main__':
    main()
