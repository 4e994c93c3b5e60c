"""A client of the real cloud, on nothing but Python's standard library.

Whatever fills the cloud, and whatever says what a test has to find, asks the
APIs through this: it shares no code with the plugin.
"""
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

if 'REALCLOUD_PORT' not in os.environ:
    print('1..0 # SKIP no cloud runs: tests/realcloud/run starts one')
    sys.exit(0)
DIR = os.environ['REALCLOUD_DIR']
# a command in front of those that run beside the services
IN_ROOT = (['chroot', os.environ['REALCLOUD_ROOT']]
           if os.environ.get('REALCLOUD_ROOT') else [])
AUTH_URL = 'http://127.0.0.1:%s/v3' % os.environ['REALCLOUD_PORT']
PASSWORD = 'realcloud-secret'
REGION = 'RegionOne'
RGW_ACCESS, RGW_SECRET = 'RGWACCESS', 'rgw-secret'   # for /admin


class Error(Exception):
    pass


def request(method, url, headers=None, data=None):
    """(status, headers, body) of one exchange"""
    r = urllib.request.Request(url, data, headers or {}, method=method)
    try:
        with urllib.request.urlopen(r, timeout=120) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as e:
        return e.code, e.headers, e.read()


class Client:
    """One user in one project, or in the system where project is None."""

    def __init__(self, user='admin', project='admin', domain='Default',
                 password=PASSWORD):
        self.user, self.project, self.domain = user, project, domain
        self.password = password
        self.renew_at = 0

    def login(self):
        if time.time() < self.renew_at:
            return
        scope = {'system': {'all': True}}
        if self.project:
            scope = {'project': {'name': self.project,
                                 'domain': {'name': self.domain}}}
        body = {'auth': {'scope': scope, 'identity': {
            'methods': ['password'], 'password': {'user': {
                'name': self.user, 'password': self.password,
                'domain': {'name': self.domain}}}}}}
        status, headers, answer = request(
            'POST', AUTH_URL + '/auth/tokens',
            {'Content-Type': 'application/json'}, json.dumps(body).encode())
        if status != 201:
            raise Error('login as %s: %d %s' % (self.user, status, answer))
        self.answer = answer
        token = json.loads(answer)['token']
        self.token = headers['X-Subject-Token']
        self.user_id = token['user']['id']
        self.project_id = token.get('project', {}).get('id')
        self.catalog = {
            e['type']: [p['url'] for p in e['endpoints']
                        if p['interface'] == 'public'][0]
            for e in token['catalog'] if e['endpoints']}
        self.renew_at = time.time() + 30

    def endpoint(self, service):
        """scheme, host and port of a service, by its type"""
        url = urllib.parse.urlsplit(self.catalog[service])
        return '%s://%s' % (url.scheme, url.netloc)

    def send(self, method, service, path, body=None, headers=None, data=None):
        """path is absolute on the service's host; body is sent as JSON"""
        self.login()
        headers = dict(headers or {}, **{'X-Auth-Token': self.token})
        headers.setdefault('Accept', 'application/json')
        headers.setdefault('Content-Type', 'application/json')
        if body is not None:
            data = json.dumps(body).encode()
        if not path.startswith('http'):
            path = self.endpoint(service) + path
        return request(method, path, headers, data)

    def call(self, method, service, path, body=None, **kw):
        """what the answer says in JSON; None if it is not JSON"""
        status, _, answer = self.send(method, service, path, body, **kw)
        if status >= 400:
            raise Error('%s %s: %d %s' % (method, path, status, answer[:500]))
        try:
            return json.loads(answer)
        except ValueError:
            return None

    def get(self, service, path, **kw):
        return self.call('GET', service, path, **kw)

    def post(self, service, path, body=None, **kw):
        return self.call('POST', service, path, body, **kw)

    def put(self, service, path, body=None, **kw):
        return self.call('PUT', service, path, body, **kw)
