"""Which requests a service has had, as its own log tells it."""
import collections
import os
import re

from cloud import DIR

UWSGI = r'(?P<host>\S+) "(?P<method>\S+) (?P<uri>\S+)" (?P<status>\d+) ' \
    r'"(?P<agent>[^"]*)"'
# these do not name the client: nobody else may ask them meanwhile
EVENTLET = r'.* (?:eventlet|nova\.osapi_compute)\.wsgi\.server .*? ' \
    r'"(?P<method>\S+) (?P<uri>\S+) HTTP/1\.1" status: (?P<status>\d+)'
HEAT = r'.* eventlet\.wsgi(?:\.server)? .*? "(?P<method>\S+) (?P<uri>\S+) ' \
    r'HTTP/1\.1" (?P<status>\d+)'
SWIFT = r'proxy-server: \S+ \S+ \S+ (?P<method>\S+) (?P<uri>\S+) \S+ ' \
    r'(?P<status>\d+) \S+ (?P<agent>\S+)'
RADOSGW = r'.* beast: .*? "(?P<method>\S+) (?P<uri>\S+) HTTP/1\.1" ' \
    r'(?P<status>\d+) \S+ \S+ "(?P<agent>[^"]*)"'
LOGS = {
    'keystone': ('keystone.access', UWSGI),
    'glance': ('glance.access', UWSGI),
    'neutron': ('neutron.access', UWSGI),
    'octavia': ('octavia.access', UWSGI),
    'placement': ('placement.access', UWSGI),
    'cinder': ('cinder.log', EVENTLET),
    'designate': ('designate.log', EVENTLET),
    'manila': ('manila.log', EVENTLET),
    'nova': ('nova.log', EVENTLET),
    'heat': ('heat.log', HEAT),
    'ironic': ('ironic.access', UWSGI),
    'magnum': ('magnum.access', UWSGI),
    'trove': ('trove.log', HEAT),
    'swift': ('swift.out', SWIFT),
    'radosgw': ('client.rgw.log', RADOSGW),
}
Request = collections.namedtuple('Request', 'host method uri status')


class Access:
    """since(service): what the plugin has asked it since the last mark()"""

    def __init__(self, *services):
        self.services = services or tuple(
            s for s in LOGS if os.path.exists(self.path(s)))
        self.mark()

    def path(self, service):
        return os.path.join(DIR, 'log', LOGS[service][0])

    def mark(self):
        self.at = {s: os.path.getsize(self.path(s)) for s in self.services}

    def since(self, service, host=None):
        """host: as the client calls the service, 127.0.0.1 or localhost"""
        with open(self.path(service), errors='replace') as f:
            f.seek(self.at[service])
            found = [m.groupdict('') for m in
                     (re.match(LOGS[service][1], line) for line in f) if m]
        return [Request(x.get('host', ''), x['method'], x['uri'], x['status'])
                for x in found
                if x.get('agent', 'collectd').startswith('collectd') and
                (host is None or x['host'].startswith(host + ':'))]

    def counts(self):
        return {s: len(self.since(s)) for s in self.services}


def said(requests):
    """for a diagnosis"""
    return ['%s %s -> %s' % (r.method, r.uri, r.status) for r in requests]
