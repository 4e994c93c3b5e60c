"""Which requests the plugin has sent, as the services' own logs tell it."""
import collections
import os
import re

from cloud import DIR

AGENT = 'collectd'      # how the plugin's User-Agent begins
# services whose front end is uwsgi, which names the client
LINE = re.compile(r'(\S+) "(\S+) (\S+)" (\d+) "([^"]*)"')
Request = collections.namedtuple('Request', 'host method uri status agent')


def path(service):
    return os.path.join(DIR, 'log', service + '.access')


class Access:
    """since(service) is what has come since the last mark()"""

    def __init__(self, *services):
        self.services = services
        self.mark()

    def mark(self):
        self.at = {s: os.path.getsize(path(s)) if os.path.exists(path(s))
                   else 0 for s in self.services}

    def since(self, service, host=None):
        """host: as the client calls the service, 127.0.0.1 or localhost"""
        with open(path(service), errors='replace') as f:
            f.seek(self.at[service])
            found = [Request(*m.groups()) for m in map(LINE.match, f) if m]
        return [r for r in found if r.agent.startswith(AGENT) and
                host in (None, r.host.rsplit(':', 1)[0])]


def said(requests):
    """for a test's name or its diagnosis"""
    return ['%s %s -> %s' % (r.method, r.uri, r.status) for r in requests]
