"""The real collectd with the built plugin, and what it writes.

The csv plugin prints every value list it gets, on stderr because that is not
buffered.
"""
import collections
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time

from cloud import AUTH_URL, PASSWORD, RGW_ACCESS, RGW_SECRET
import expect

PLUGIN = os.environ['PLUGIN_SO']
STOCK = '/usr/lib/collectd'

CONFIG = '''\
Hostname "not-the-cloud"
BaseDir "{dir}"
PIDFile "{dir}/pid"
PluginDir "{dir}/plugins"
TypesDB "/usr/share/collectd/types.db"
WriteThreads 1
LoadPlugin logfile
<Plugin logfile>
  LogLevel info
  File "{dir}/log"
  Timestamp true
  PrintSeverity true
</Plugin>
LoadPlugin csv
<Plugin csv>
  DataDir "stderr"
  StoreRates false
</Plugin>
LoadPlugin openstack
<Plugin openstack>
{clouds}</Plugin>
{rest}'''
PUTVAL = re.compile(r'PUTVAL "?([^/]*)/openstack-([^/]*)/([^/]*?)-([^/"]*)"? '
                    r'interval=([0-9.]+) ([0-9.]+):(.*)')
Value = collections.namedtuple('Value',
                               'host id type meter interval time number')


def word(value):
    """as collectd.conf has it"""
    if not isinstance(value, str):
        return str(value)
    return '"%s"' % value.replace('\\', '\\\\').replace('"', '\\"')


def cloud(name, **keys):
    """a <Cloud> block; a list makes a line for each of its elements, a tuple
    one line of several words, and what is None is left out"""
    lines = ['  <Cloud "%s">' % name]
    for key, values in keys.items():
        for v in values if isinstance(values, list) else [values]:
            words = v if isinstance(v, tuple) else (v,)
            if v is not None:
                lines.append('    %s %s' % (key, ' '.join(map(word, words))))
    return '\n'.join(lines + ['  </Cloud>', ''])


def password(user='poller', project='service', **keys):
    """the keys of a <Cloud> block that logs in by name and password"""
    return dict({'AuthURL': AUTH_URL, 'Username': user, 'Password': PASSWORD,
                 'UserDomainName': 'Default', 'ProjectName': project,
                 'ProjectDomainName': 'Default'}, **keys)


# and those without which there are no radosgw meters
RADOSGW = {'RadosGWServiceType': 'object-store-rgw',
           'RadosGWAccessKey': RGW_ACCESS, 'RadosGWSecretKey': RGW_SECRET}


def rows():
    """what src/meters/ has: a tuple for each meter"""
    lines = subprocess.run(
        [os.path.join(os.environ['top_builddir'], 'docs/meters'), 'list'],
        stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    row = collections.namedtuple('Row', lines[0].split('\t'))
    return [row(*line.split('\t')) for line in lines[1:]]


ROWS = rows()
SERVED = ('identity', 'image', 'block-storage', 'network', 'object-store',
          'load-balancer', 'dns', 'shared-file-system', 'compute', 'placement')
# FWaaS is not packaged, the others are not switched on
EXTENSIONS = ('firewall_groups', 'firewall_policies', 'trunks', 'qos_policies')


def listings(absent):
    """of services that do not run here (Aodh ...) or those that do"""
    return list(dict.fromkeys(
        row.listing for row in ROWS if row.of != 'request' and absent ==
        (row.service not in SERVED or row.listing in EXTENSIONS)))


ABSENT, LISTINGS = listings(True), listings(False)


class Collectd:
    def __init__(self, *clouds, environment=None, rest=''):
        """rest: more of collectd.conf; environment: more variables"""
        self.dir = tempfile.mkdtemp(prefix='collectd.',
                                    dir=os.environ['REALCLOUD_DIR'])
        plugins = os.path.join(self.dir, 'plugins')
        os.mkdir(plugins)
        # copies: collectd takes no symbolic links
        shutil.copy(PLUGIN, os.path.join(plugins, 'openstack.so'))
        for so in ('/csv.so', '/logfile.so', '/write_http.so'):
            shutil.copy(STOCK + so, plugins)
        conf = os.path.join(self.dir, 'collectd.conf')
        with open(conf, 'w') as f:
            f.write(CONFIG.format(dir=self.dir, clouds=''.join(clouds),
                                  rest=rest))
        os.chmod(conf, 0o600)
        self.values, self.noise = [], []
        self.process = subprocess.Popen(
            ['/usr/sbin/collectd', '-f', '-C', conf],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, errors='surrogateescape',
            env=dict(os.environ, **(environment or {})))
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stderr:
            m = PUTVAL.match(line)
            if m:
                host, id_, type_, meter, interval, when, number = m.groups()
                if type_ == 'derive':       # which csv writes without a point
                    number = '%.6f' % int(number)
                self.values.append(Value(host, id_, type_, meter,
                                         float(interval), when, number))
            elif 'plugin "logfile" successfully loaded' not in line:
                self.noise.append(line.rstrip())

    def stop(self):
        """how many seconds that took; an exit status that is not 0 is noise"""
        begin = time.monotonic()
        self.process.terminate()
        try:
            status = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = 'none within 30 s'
        if status != 0:
            self.noise.append('exit status %s' % status)
        self.reader.join(5)
        return time.monotonic() - begin

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()

    def log(self, *levels):
        """the plugin's lines: all, or those of these levels"""
        try:
            with open(os.path.join(self.dir, 'log')) as f:
                lines = [line.rstrip('\n') for line in f]
        except FileNotFoundError:
            return []
        # Tests are in a hurry, which is warned of.
        return [line for line in lines if 'openstack' in line and
                'under 10 s' not in line and (
            not levels or any('[%s]' % level in line for level in levels))]

    def walks(self, host, listing):
        """the times at which walks of a listing ended, and if they worked;
        one with an interval of its own has that in its name"""
        name = '%s:%s' % (host, listing)
        return [(v.time, float(v.number) == 1) for v in list(self.values)
                if v.host == host and v.meter == 'up' and
                (v.id == name or v.id.startswith(name + '@'))]

    def wait_walks(self, host, listing, n, seconds, good=True):
        """until n walks have worked (or, good=False, failed)"""
        return self.wait(lambda: len([w for w in self.walks(host, listing)
                                      if w[1] == good]) >= n, seconds)

    def wait_all(self, host, listings, n, seconds):
        """until n walks of each of the listings have worked"""
        end = time.monotonic() + seconds
        return all(self.wait_walks(host, x, n, end - time.monotonic())
                   for x in listings)

    def wait(self, condition, seconds):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end or self.process.poll() is not None:
                return False
            time.sleep(0.1)
        return True

    def about(self, host, when, listing):
        """what a walk says about itself: {name: number}"""
        self.wait(lambda: any(
            v.meter == 'skipped' and v.time == when and
            v.id == '%s:%s' % (host, listing) for v in list(self.values)), 2)
        return {v.meter: float(v.number) for v in list(self.values)
                if v.host == host and v.time == when and
                v.id == '%s:%s' % (host, listing)}

    def cycle(self, host, when=None):
        """(what was written of resources, what was written twice); `when`
        is the time of a walk or a set of them, else everything counts"""
        found, twice = {}, []
        times = {when} if isinstance(when, str) else when
        for v in list(self.values):
            if v.host != host or v.id.startswith(host + ':') or \
                    times is not None and v.time not in times:
                continue
            key = v.meter, expect.cut(v.id)
            if key in found:
                twice.append(key)
            found[key] = v.number
        return found, twice
